"""DPAM's text file of step 15, in the layout of v2: tab separated, numbers in Python's shortest form."""

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
    """Step 15: 23 columns with a header line.

    What stands for a missing hit is written as whole numbers, as v2 does.
    """
    lines: list[tuple[object, ...]] = [_FEATURE_HEADER]
    for row in rows:
        hh = _values(row[7:10], row.hh_name == NONE)
        dali = _values(row[10:15], row.dali_name == NONE)
        agreement = _values(row[15:17], NONE in (row.hh_name, row.dali_name) or row.consensus_difference < 0)
        lines.append((*row[:7], *hh, *dali, *agreement, *row[17:23]))
    return format_table(lines)


def _values(values: Iterable[object], missing: bool) -> list[object]:
    """Numbers as they are written, those of a missing side without a decimal point if they are whole."""
    numbers = [float(str(value)) for value in values]
    return [int(number) if missing and number.is_integer() else number for number in numbers]
