"""Write members into the parts of an archive, many open at a time but few files."""

import tarfile
from pathlib import Path
from typing import Self

__all__ = ["PartWriter", "part_name", "tar_member", "utf8_name"]

MOST_WAITING = 64 * 1024**2
"""Bytes that wait in memory to be written."""
_BLOCK = tarfile.BLOCKSIZE


class PartWriter:
    """Parts in a folder, each a tar file that members are added to.

    Members wait in memory until there are `MOST_WAITING` bytes, so that each part is opened seldom.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[int, list[bytes]] = {}
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()

    def add(self, part: int, name: str, content: bytes, header: bytes) -> None:
        """Add a member to a part; `header` is its own in a tar file, or empty."""
        waiting = self._waiting.setdefault(part, [])
        if header:
            waiting += (header, content, bytes(-len(content) % _BLOCK))
        else:
            waiting.append(tar_member(name, content))
        self._size += len(content) + _BLOCK
        if self._size > MOST_WAITING:
            self._flush()

    def _flush(self) -> None:
        for part, pieces in self._waiting.items():
            with (self._folder / part_name(part)).open("ab") as stream:
                stream.write(b"".join(pieces))
        self._waiting.clear()
        self._size = 0


def part_name(number: int) -> str:
    """Return the name of a part's file."""
    return f"part-{number:04d}.tar"


def tar_member(name: str, content: bytes) -> bytes:
    """Return a member of a tar file, with nothing in its header but name and size."""
    header = tarfile.TarInfo(utf8_name(name))
    header.size = len(content)
    return header.tobuf(tarfile.PAX_FORMAT) + content + bytes(-len(content) % _BLOCK)


def utf8_name(name: str) -> str:
    """Return the name of a member as text that can be written: bytes that are no UTF-8 are replaced."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
