"""Many entries in one file, the format of HH-suite's databases: a data file and an index to it.

``NAME.ffdata`` holds the entries one after the other, each ended by a zero byte. ``NAME.ffindex`` has one line per
entry, ``name<TAB>offset<TAB>length`` (the length includes the zero byte). Lines ascend by name, since programs search
the index by bisection.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

__all__ = ["FfindexWriter", "read_ffindex"]

_END = b"\0"


class FfindexWriter:
    """Write `path` + ``.ffdata`` and `path` + ``.ffindex``, one entry at a time.

    The suffix is appended to `path`, so that a dot in its name is kept.
    """

    def __init__(self, path: Path) -> None:
        self._data = _with_suffix(path, ".ffdata").open("wb")
        self._index = _with_suffix(path, ".ffindex").open("wb")
        self._offset = 0
        self._last = b""

    def add(self, name: str, content: bytes) -> None:
        """Write an entry.

        Raises
        ------
        ValueError
            If names do not ascend, a name is empty or contains white space, or the content contains a zero byte.
        """
        key = name.encode()
        if key <= self._last or key.split() != [key] or _END in content:
            raise ValueError(f"{name!r} cannot be the next entry: its name is out of order, or a zero byte is in it")
        length = len(content) + len(_END)
        self._data.write(content + _END)
        self._index.write(b"%s\t%d\t%d\n" % (key, self._offset, length))
        self._offset += length
        self._last = key

    def __enter__(self) -> "FfindexWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._data.close()
        self._index.close()


def read_ffindex(path: Path) -> Iterator[tuple[str, bytes]]:
    """(Name, content) of every entry, in the order of the index."""
    with _with_suffix(path, ".ffdata").open("rb") as data:
        for line in _with_suffix(path, ".ffindex").read_text().splitlines():
            name, offset, length = line.split("\t")
            data.seek(int(offset))
            yield name, data.read(int(length)).removesuffix(_END)


def _with_suffix(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
