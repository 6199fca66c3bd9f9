"""Write DPAM's own text files of one protein in the layouts of v2 (DPAM steps 16 to 24).

Files are tab separated without empty fields, and numbers are in Python's shortest form. Only step 16 has a header. The
file of step 15 is in `domainflow.domains.dpam_files.step_15`, the summary of all proteins in
`domainflow.domains.results`.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from domainflow.domains.assignment.confident_hits import ConfidentHit
from domainflow.domains.assignment.final_domains import AssignedDomain, FinalDomain
from domainflow.domains.assignment.merge_domains import DomainPair, JudgedPair, MergedDomain
from domainflow.domains.assignment.template_residues import MappedHit
from domainflow.domains.dpam_files.steps_1_to_13 import format_table
from domainflow.domains.rounding import probability_text
from domainflow.domains.rows import Prediction, Residues
from domainflow.structures.ranges import format_range

__all__ = [
    "domain_models",
    "format_assignments",
    "format_confident_hits",
    "format_final_domains",
    "format_judged_pairs",
    "format_mapped_hits",
    "format_merged_domains",
    "format_pair_support",
    "format_pairs",
    "format_predictions",
]

NONE = "na"

_PREDICTION_HEADER = (
    "Domain", "Range", "Tgroup", "ECOD_ref", "DPAM_prob", "HH_prob", "HH_cov", "HH_rank", "DALI_zscore", "DALI_qscore",
    "DALI_ztile", "DALI_qtile", "DALI_rank", "Consensus_diff", "Consensus_cov", "HH_hit", "DALI_hit", "DALI_rot1",
    "DALI_rot2", "DALI_rot3", "DALI_trans",
)  # fmt: skip


def format_predictions(predictions: Sequence[Prediction]) -> str:
    """Step 16: 21 columns with a header line."""
    lines: list[tuple[object, ...]] = [_PREDICTION_HEADER]
    lines.extend(
        (*row[:4], probability_text(probability), *(float(value) for value in row[7:17]), *row[17:23])
        for row, probability in predictions
    )
    return format_table(lines)


def format_confident_hits(hits: Sequence[ConfidentHit]) -> str:
    """Step 17: ``domain range tgroup UID prob label``."""
    return format_table((*row[:4], probability, clarity) for (row, probability), clarity in hits)


def format_mapped_hits(hits: Sequence[MappedHit]) -> str:
    """Step 18: ``domain range UID tgroup prob label HHrange DALIrange``."""
    return format_table((*hit[:6], format_range(hit.hh_template), format_range(hit.dali_template)) for hit in hits)


def format_pair_support(pairs: Sequence[DomainPair]) -> str:
    """Step 19, all pairs with support: ``d1,d2`` and UIDs."""
    return format_table((f"{pair.first},{pair.second}", ",".join(pair.uids)) for pair in pairs)


def format_pairs(pairs: Sequence[DomainPair], domains: Mapping[str, Residues]) -> str:
    """Step 19, accepted pairs: ``d1 range1 d2 range2``."""
    return format_table(
        (first, format_range(domains[first]), second, format_range(domains[second]))
        for first, second, _, accepted in pairs
        if accepted
    )


def domain_models(pdb: str, pairs: Sequence[DomainPair], domains: Mapping[str, Residues]) -> dict[str, str]:
    """Step 20: ATOM lines of every domain that is in an accepted pair, by kind of file ``domain_model/<domain>``."""
    named = {name for pair in pairs if pair.accepted for name in (pair.first, pair.second)}
    if not named:
        return {}
    lines = [line for line in pdb.splitlines(keepends=True) if line.startswith("ATOM")]
    number = np.array([int(line[22:26]) for line in lines], np.int64)
    return {
        f"domain_model/{name}": "".join(lines[place] for place in np.flatnonzero(np.isin(number, residues)))
        for name, residues in domains.items()
        if name in named
    }


def format_judged_pairs(protein: str, judged: Sequence[JudgedPair], domains: Mapping[str, Residues]) -> str:
    """Step 21: ``protein d1 d2 judge range1 range2``."""
    return format_table(
        (protein, *pair, format_range(domains[pair.first]), format_range(domains[pair.second])) for pair in judged
    )


def format_merged_domains(protein: str, merged: Sequence[MergedDomain]) -> str:
    """Step 22: ``protein d1,d2,… range``."""
    return format_table((protein, ",".join(group.parts), format_range(group.residues)) for group in merged)


def format_assignments(domains: Sequence[AssignedDomain]) -> str:
    """Step 23: ``class domain range UID tgroup prob HHprob z r1 r2 label``, z divided by 10."""
    return format_table(
        (row.assignment, ",".join(row.parts), format_range(row.residues), *_known(row[3:-1])) for row in domains
    )


def format_final_domains(domains: Sequence[FinalDomain]) -> str:
    """Step 24: 13 columns, those of the summary without the protein."""
    return format_table(_final_columns(row) for row in domains)


def _final_columns(row: FinalDomain) -> tuple[object, ...]:
    return (
        row.name, row.range,
        *_known(
            (
                row.uid, row.template_id, row.t_group, row.probability, row.hh_probability, row.dali_z,
                row.template_coverage, row.t_group_coverage,
            )
        ),
        row.label, row.helices, row.strands,
    )  # fmt: skip


def _known(values: Iterable[object]) -> list[object]:
    return [NONE if value is None else value for value in values]
