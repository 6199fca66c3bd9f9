"""Read the score by which a program ranks its models: AlphaFold 3, Protenix, Boltz (JSON), Chai (NumPy archive)."""

import io
import math
import re
import zipfile

__all__ = ["score_of_json", "score_of_npz"]

LARGEST_SCORE = 4096
"""Bytes of the array of a score."""
_SCORE = re.compile(rb'"(?:ranking_score|confidence_score|aggregate_score)"\s*:\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)')
_CHAI = "aggregate_score.npy"


def score_of_json(head: bytes) -> float | None:
    """Return the score in the beginning of a JSON file, or None."""
    match = _SCORE.search(head)
    score = float(match[1]) if match else math.nan
    return score if math.isfinite(score) else None


def score_of_npz(content: bytes) -> float | None:
    """Return the score in a NumPy archive, or None."""
    import numpy as np  # only for the few archives that hold one

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if _CHAI not in archive.namelist():
                return None
            with archive.open(_CHAI) as member:
                array = io.BytesIO(member.read(LARGEST_SCORE))
        score = float(np.load(array, allow_pickle=False).ravel()[0])
    except Exception:
        # A damaged archive raises many kinds of exception. It then ranks no model.
        return None
    return score if math.isfinite(score) else None
