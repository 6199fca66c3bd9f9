"""Read plain members of a tar stream, as proteomes are made of, faster than Python's `tarfile` does.

`tarfile` spends most of its time on the headers of small members. Here a header is read if it says no more than the
short name and the size of a file. The first that says more ends the quick reading: `tarfile` takes over from there.
"""

import tarfile
from collections.abc import Iterator
from typing import IO, NamedTuple

__all__ = ["PlainMember", "Rejoined", "plain_members"]

_BLOCK = tarfile.BLOCKSIZE
_SIZE, _CHECKSUM = slice(124, 136), slice(148, 156)
_DIGITS = b"01234567 \0"
_BLANK_CHECKSUM = 8 * 32
"""Sum of the eight blanks that stand for the checksum while it is computed."""


class PlainMember(NamedTuple):
    """Name, size and header of a member."""

    name: str
    size: int
    header: bytes


class Rejoined:
    """A stream of some bytes followed by the rest of another stream."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size` of them."""
        if not self._start:
            return self._rest.read(size)
        first, self._start = (self._start[:size], self._start[size:]) if size >= 0 else (self._start, b"")
        return first


def plain_members(stream: IO[bytes]) -> Iterator[PlainMember | Rejoined]:
    """Yield plain members; the caller reads the content of each, `size` bytes, before the next.

    Last comes the stream from the first header that is not plain, for `tarfile`.
    """
    while True:
        header = stream.read(_BLOCK)
        member = _plain(header)
        if member is None:
            yield Rejoined(header, stream)
            return
        yield member
        stream.read(-member.size % _BLOCK)


def _plain(header: bytes) -> PlainMember | None:
    """Return the member of a header, or None if `tarfile` must read it."""
    name = header[:100].rstrip(b"\0")
    if (
        len(header) != _BLOCK
        or header[156] not in b"0\0"
        or header[257:262] != b"ustar"
        or header[345]  # a prefix to the name
        or not name.isascii()
        or b"\0" in name
        or not name
        or name.endswith(b"/")
    ):
        return None
    size, checksum = header[_SIZE], header[_CHECKSUM]
    if size.strip(_DIGITS) or checksum.strip(_DIGITS):
        return None
    try:
        if sum(header) - sum(checksum) + _BLANK_CHECKSUM != int(checksum.strip(b" \0"), 8):
            return None
        return PlainMember(name.decode("ascii"), int(size.strip(b" \0"), 8), header)
    except ValueError:
        return None
