"""The tables a user reads: one row a domain with the template it resembles most.

A domain's template is the one whose alignment has the largest z times share of the domain it covers: an alignment of
the whole chain has a larger z than one of the domain, but a domain is best named by what fits all of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from domainflow.hits import Residues, StructureHit
from domainflow.io.store import TemplateStore
from domainflow.ledger import LedgerRow
from domainflow.ranges import format_range

__all__ = ["DomainRow", "best_template", "domain_rows", "format_rows", "parse_rows", "summary"]

NONE = "na"
STATUSES = ("ok", "no_domain", "rejected", "failed")
MOST_LISTED = 20
"""Proteins without an answer that the summary names."""


class DomainRow(NamedTuple):
    """One domain; the fields are the columns of ``domains.tsv``."""

    protein: str
    domain: str
    range: str
    length: str
    template: str
    template_id: str
    t_group: str
    t_group_name: str
    dali_z: str
    coverage: str
    pae: str
    parameters: str
    search_engine: str
    alignment_engine: str


def best_template(domain: Residues, hits: Sequence[StructureHit]) -> tuple[StructureHit, float] | None:
    """The hit that resembles a domain most and the share of the domain it covers; None without any hit on it.

    Parameters
    ----------
    domain : ndarray
        1-based residues.
    hits : sequence of StructureHit
        Ordered; the first of equals is taken.
    """
    best = None
    largest = 0.0
    for hit in hits:
        coverage = np.count_nonzero(np.isin(hit.query, domain)) / len(domain)
        if hit.z * coverage > largest:
            largest = hit.z * coverage
            best = (hit, coverage)
    return best


def domain_rows(
    protein: str,
    domains: Sequence[Residues],
    hits: Sequence[StructureHit],
    store: TemplateStore,
    settings: Mapping[str, str],
) -> list[DomainRow]:
    """Rows of one protein.

    Parameters
    ----------
    protein : str
    domains : sequence of ndarray
        1-based residues.
    hits : sequence of StructureHit
    store : TemplateStore
    settings : mapping
        Values of the columns ``pae``, ``parameters``, ``search_engine`` and ``alignment_engine``.
    """
    rows = []
    for number, domain in enumerate(domains, start=1):
        best = best_template(domain, hits)
        if best is None:
            template = (NONE,) * 6
        else:
            hit, coverage = best
            row = store.row(hit.uid)
            template = (
                hit.uid, hit.ecod_id, store.t_group(row), store.t_group_name(row), f"{hit.z:.1f}", f"{coverage:.2f}",
            )  # fmt: skip
        start = (protein, f"D{number}", format_range(domain), str(len(domain)))
        end = tuple(settings[name] for name in DomainRow._fields[-4:])
        rows.append(DomainRow(*start, *template, *end))
    return rows


def format_rows(rows: Sequence[DomainRow]) -> str:
    """Tab-separated table with a header."""
    return "".join("\t".join(row) + "\n" for row in (DomainRow._fields, *rows))


def parse_rows(text: str) -> list[DomainRow]:
    """Rows of such a table."""
    return [DomainRow(*line.split("\t")) for line in text.splitlines()[1:]]


def summary(ledger: Sequence[LedgerRow]) -> str:
    """The lines a run ends with: how many proteins ended how, and the sentence of each that has no answer."""
    count = Counter(row.status for row in ledger)
    domains = sum(int(row.domains) for row in ledger if row.domains.isdigit())
    without = [row for row in ledger if row.status in ("rejected", "failed")]
    lines = [f"{len(ledger)} proteins: " + ", ".join(f"{count[status]} {status}" for status in STATUSES)]
    lines.append(f"{domains} domains")
    lines += [f"{row.status}: {row.protein} at {row.step}: {row.reason}" for row in without[:MOST_LISTED]]
    if len(without) > MOST_LISTED:
        lines.append(f"… and {len(without) - MOST_LISTED} more in ledger.tsv")
    return "\n".join(lines) + "\n"
