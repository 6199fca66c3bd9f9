"""Write DPAM's text file of features in the layout of v2 (DPAM step 15).

The file is tab separated, with numbers in Python's shortest form.
"""

from collections.abc import Iterable, Sequence

from domainflow.domains.dpam_files.steps_1_to_13 import format_table
from domainflow.domains.rows import DomassRow

__all__ = ["format_features"]

NONE = "na"

_FEATURE_HEADER = (
    "domID", "domRange", "tgroup", "ecodid", "domLen", "Helix_num", "Strand_num", "HHprob", "HHcov", "HHrank",
    "Dzscore", "Dqscore", "Dztile", "Dqtile", "Drank", "Cdiff", "Ccov", "HHname", "Dname", "Drot1", "Drot2", "Drot3",
    "Dtrans",
)  # fmt: skip


def format_features(rows: Sequence[DomassRow]) -> str:
    """Format step 15: 23 columns with a header line.

    Values of a missing hit are written as whole numbers, as in v2: two hits without a common residue give ``-1 0.0``.
    """
    lines: list[tuple[object, ...]] = [_FEATURE_HEADER]
    for row in rows:
        hh = _values(row[7:10], row.hh_name == NONE)
        dali = _values(row[10:15], row.dali_name == NONE)
        difference = _values(row[15:16], row.consensus_difference < 0)
        coverage = _values(row[16:17], NONE in (row.hh_name, row.dali_name))
        lines.append((*row[:7], *hh, *dali, *difference, *coverage, *row[17:23]))
    return format_table(lines)


def _values(values: Iterable[object], missing: bool) -> list[object]:
    """Return numbers as they are written; whole numbers of a missing hit have no decimal point."""
    numbers = [float(str(value)) for value in values]
    return [int(number) if missing and number.is_integer() else number for number in numbers]
