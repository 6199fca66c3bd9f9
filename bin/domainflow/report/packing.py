"""Pack data for the page: compact JSON, deflated."""

import json
import zlib

__all__ = ["pack", "unpack"]


def pack(value: object) -> bytes:
    """Return a value as deflated JSON; equal values give equal bytes.

    Raises
    ------
    ValueError
        If a number is NaN or infinite: a browser's JSON has neither.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return zlib.compress(text.encode(errors="replace"), 9)


def unpack(packed: bytes) -> object:
    """Return the value that `pack` was given."""
    return json.loads(zlib.decompress(packed))
