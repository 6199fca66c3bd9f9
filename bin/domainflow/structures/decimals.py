"""Cut decimal numbers as text, and move coordinates so that they fit the columns of the PDB format.

DPAM cuts numbers and does not round them. Moves are by whole Å, so that every decimal stays as it is in the file.
"""

import re
from collections.abc import Sequence

import numpy as np

from domainflow.run.errors import InputError
from domainflow.structures.messages import shown

__all__ = ["LARGEST_COORDINATE", "coordinate", "cut", "moved_to_origin"]

LARGEST_COORDINATE = 999.999
"""Å; the PDB format has eight columns for a coordinate, sign included."""
FARTHEST = 1e12
"""Å; a coordinate beyond is a mistake."""
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_SCALE = 1000
"""Units an Å has with three decimals."""

Triple = tuple[str, str, str]


def coordinate(text: str, where: str) -> str:
    """Return a coordinate with three decimals.

    Raises
    ------
    InputError
        If it is not a finite number. `where` begins the message.
    """
    number = cut(text, 3)
    if not number or abs(float(number)) > FARTHEST:
        found = f"has the coordinate '{shown(text)}', which is not a finite number" if text else "lacks a coordinate"
        raise InputError(f"{where} {found}; repair the model")
    return number


def moved_to_origin(coordinates: Sequence[Triple], name: str, notes: list[str]) -> list[Triple]:
    """Return coordinates that fit the columns of the PDB format, moved by whole Å where they do not fit as they are.

    Raises
    ------
    InputError
        If the model is too large for the format.
    """
    values = np.array(coordinates, np.float64).reshape(-1, 3)
    if np.abs(values).max(initial=0) <= LARGEST_COORDINATE:
        return list(coordinates)
    if np.ptp(values, axis=0).max() > 2 * LARGEST_COORDINATE - 1:
        size = np.ptp(values, axis=0).max()
        raise InputError(
            f"the model in {name} is {size:.0f} Å wide; give one of at most {2 * LARGEST_COORDINATE:.0f} Å"
        )
    shift = -np.round((values.max(axis=0) + values.min(axis=0)) / 2)
    shift[np.abs(values).max(axis=0) <= LARGEST_COORDINATE] = 0
    thousandths = np.rint(values * _SCALE).astype(np.int64) + (shift * _SCALE).astype(np.int64)
    notes.append("moved by " + ", ".join(f"{side:.0f}" for side in shift) + " Å to fit the PDB format")
    return [(_decimal(x), _decimal(y), _decimal(z)) for x, y, z in thousandths.tolist()]


def cut(text: str, decimals: int) -> str:
    """Return a decimal number with exactly so many decimals, cut and not rounded; empty if it is not finite."""
    # mmCIF may add a standard uncertainty, as in 12.345(6).
    plain = text.partition("(")[0]
    match = _NUMBER.fullmatch(plain)
    if match and (match[2] or match[3]):
        fraction = (match[3] or "")[:decimals].ljust(decimals, "0")
        return f"{match[1].replace('+', '')}{match[2].lstrip('0') or '0'}.{fraction}"
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]{1,3}", plain):
        try:
            value = float(plain)
        except ValueError:
            return ""
        return f"{value:.{decimals}f}" if abs(value) < 1e15 else ""
    return ""


def _decimal(thousandths: int) -> str:
    whole, rest = divmod(abs(thousandths), _SCALE)
    return f"{'-' if thousandths < 0 else ''}{whole}.{rest:03d}"
