"""The tables for the user: one row per domain with its ECOD assignment, and DPAM v2's own summary of the same."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.assign_protein import AssignedProtein
from domainflow.domains.assignment.final_domains import FinalDomain
from domainflow.domains.rows import Residues
from domainflow.run.ledger import NOTHING, LedgerRow
from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import format_range
from domainflow.templates.store import TemplateStore

__all__ = [
    "SETTINGS", "DomainRow", "assigned_row", "counts", "domain_rows", "format_rows", "pae_status", "parse_row",
    "read_rows", "summary", "summary_lines", "unanswered",
]  # fmt: skip

NONE = "na"
STATUSES = ("ok", "no_domain", "rejected", "failed")
SETTINGS = ("pae", "parameters", "search_engine", "alignment_engine", "network")
"""Columns that say how the run was made."""
MOST_LISTED = 20
"""Largest number of proteins without a result that the summary names."""
SUMMARY_COLUMNS = {
    "Protein": "protein",
    "Domain": "domain",
    "Range": "dpam_range",
    "ECOD_num": "template",
    "ECOD_key": "template_id",
    "T-group": "t_group",
    "DPAM_prob": "probability",
    "HH_prob": "hh_probability",
    "DALI_zscore": "dali_z",
    "Hit_cov": "template_coverage",
    "Tgroup_cov": "t_group_coverage",
    "Judge": "label",
    "Hcount": "helices",
    "Scount": "strands",
}
"""Columns of DPAM v2's summary table, each with its field of `DomainRow`."""


class DomainRow(NamedTuple):
    """One domain; the fields are the columns of ``domains.tsv``."""

    protein: str
    domain: str
    range: str
    length: str
    parts: str
    label: str
    t_group: str
    t_group_name: str
    template: str
    template_id: str
    probability: str
    assignment: str
    hh_probability: str
    dali_z: str
    template_coverage: str
    t_group_coverage: str
    clarity: str
    helices: str
    strands: str
    pae: str
    parameters: str
    search_engine: str
    alignment_engine: str
    network: str
    author_range: str
    chain: str
    fragments: str
    dpam_range: str
    evidence: str
    plddt: str


def domain_rows(
    protein: str,
    domains: Sequence[FinalDomain],
    store: TemplateStore,
    settings: Mapping[str, str],
    author: AuthorNumbers | None = None,
    ends: Sequence[Residues] | None = None,
    evidence: Sequence[str] = (),
    plddt: NDArray[np.float64] | None = None,
) -> list[DomainRow]:
    """Return the rows of one protein.

    Parameters
    ----------
    protein : str
    domains : sequence of FinalDomain
    store : TemplateStore
    settings : mapping
        Values of the columns from ``pae`` to ``network``.
    author : AuthorNumbers, optional
        Chain and residue numbers of the user's file; without them ``author_range`` is ``range``.
    ends : sequence of ndarray, optional
        1-based residues of each domain with its ends moved; without them ``range`` is ``dpam_range``.
    evidence : sequence of str, optional
        What each domain rests on.
    plddt : ndarray, shape=(L,), optional
        Predicted confidence of each residue.
    """
    rows = []
    residues_of = [domain.residues for domain in domains] if ends is None else ends
    for domain, members, rests in zip(domains, residues_of, evidence or [NONE] * len(domains), strict=True):
        name = NONE if domain.uid is None else store.t_group_name(store.row(domain.uid))
        found = (
            domain.label, domain.t_group, name, domain.uid, domain.template_id, domain.probability, domain.assignment,
            domain.hh_probability, domain.dali_z, domain.template_coverage, domain.t_group_coverage, domain.clarity,
            domain.helices, domain.strands,
        )  # fmt: skip
        start = (protein, domain.name, format_range(members), str(len(members)), domain.parts)
        residues = members.tolist()
        own = (
            (author.range_of(residues), author.chain or NONE, author.fragments_of(residues))
            if author
            else (format_range(residues), NONE, NONE)
        )
        confidence = NONE if plddt is None else f"{plddt[members - 1].mean():.1f}"
        end = (*(settings[name] for name in SETTINGS), *own, format_range(domain.residues), rests, confidence)
        rows.append(DomainRow(*start, *(NONE if value is None else str(value) for value in found), *end))
    return rows


def pae_status(protein: Protein) -> str:
    """Return ``present`` if a protein has PAE, else ``absent``."""
    return "absent" if any(note.startswith("pae=absent") for note in protein.notes) else "present"


def assigned_row(protein: Protein, assigned: AssignedProtein) -> LedgerRow:
    """Return the ledger row of a protein that passed all steps."""
    status, reason = "ok" if assigned.domains else "no_domain", "; ".join(assigned.notes) or NOTHING
    return LedgerRow(protein.id, status, "ASSIGN_DOMAINS", reason, str(len(protein)), str(len(assigned.domains)))


def format_rows(rows: Sequence[DomainRow]) -> str:
    """Format rows as a tab-separated table with a header."""
    return "".join("\t".join(row) + "\n" for row in (DomainRow._fields, *rows))


def parse_row(line: str) -> DomainRow:
    """Parse a line of a table that `format_rows` wrote."""
    return DomainRow(*line.rstrip("\n").split("\t"))


def read_rows(path: Path) -> Iterator[DomainRow]:
    """Yield the rows of a file that `format_rows` wrote, one after another."""
    with path.open(newline="\n") as lines:
        next(lines, None)
        for line in lines:
            yield parse_row(line)


def summary_lines(rows: Iterable[DomainRow]) -> Iterator[str]:
    """Yield the lines of the summary table that DPAM v2 writes of a dataset, the header first."""
    yield "\t".join(SUMMARY_COLUMNS) + "\n"
    for row in rows:
        yield "\t".join(getattr(row, field) for field in SUMMARY_COLUMNS.values()) + "\n"


def summary(ledger: Sequence[LedgerRow], labels: Counter[str]) -> str:
    """Return the last lines of a run: numbers of proteins by status, and the reason of each without a result.

    Parameters
    ----------
    ledger : sequence of LedgerRow
    labels : Counter
        Number of domains with each label.
    """
    kinds = ", ".join(f"{number} {label}" for label, number in labels.most_common())
    found = f"{labels.total()} domains" + (f": {kinds}" if kinds else "")
    return "\n".join([counts(ledger), found, *unanswered(ledger)]) + "\n"


def counts(ledger: Sequence[LedgerRow]) -> str:
    """Return the numbers of proteins by status, in one line."""
    count = Counter(row.status for row in ledger)
    return f"{len(ledger)} proteins: " + ", ".join(f"{count[status]} {status}" for status in STATUSES)


def unanswered(ledger: Sequence[LedgerRow]) -> list[str]:
    """Return a line with the reason of each protein without a result, for the first `MOST_LISTED` of them."""
    without = [row for row in ledger if row.status in ("rejected", "failed")]
    lines = [f"{row.status}: {row.protein} at {row.step}: {row.reason}" for row in without[:MOST_LISTED]]
    if len(without) > MOST_LISTED:
        lines.append(f"… and {len(without) - MOST_LISTED} more in ledger.tsv")
    return lines
