"""A folder as slow as network storage, to measure what a program's file operations cost there.

``slow_folder.c`` says what is counted and delayed. It needs Linux with ``/dev/fuse``, gcc and libfuse3.
"""

import shutil
import struct
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

__all__ = ["SlowFolder", "slow_folder", "why_no_slow_folder"]

SOURCE = Path(__file__).with_suffix(".c")
KEPT_SECONDS = 3.0
"""Time for which a client of NFS keeps a file's attributes, at least, where nothing else is set (nfs(5), acregmin)."""
RECORD = "24sQ"
"""A kind of call and its number, as ``slow_folder.c`` writes them."""
MOST_SECONDS = 20.0
"""Time to wait for the mount, and for its end, in seconds."""
PAUSE = 0.02


class SlowFolder:
    """A slow folder while it is mounted.

    Attributes
    ----------
    folder : Path
        Behaves as usual, but each call that would be sent to a server is delayed.
    source : Path
        The same files without delay; do not change them while the slow folder is used.
    """

    def __init__(self, folder: Path, source: Path, counts: Path) -> None:
        self.folder = folder
        self.source = source
        self._counts = counts

    def counts(self) -> Counter[str]:
        """Return the number of delayed calls by kind, since the folder was mounted."""
        records = struct.iter_unpack(RECORD, self._counts.read_bytes())
        return Counter({name.rstrip(b"\0").decode(): number for name, number in records if number})


@cache
def why_no_slow_folder() -> str | None:
    """Return what a slow folder lacks on this machine; None if one could be mounted."""
    if not Path("/dev/fuse").exists():
        return "needs /dev/fuse"
    if lacking := [name for name in ("gcc", "pkg-config", "fusermount3") if shutil.which(name) is None]:
        return f"needs {' and '.join(lacking)}"
    if subprocess.run(["pkg-config", "--exists", "fuse3"]).returncode:
        return "needs libfuse3 (Debian: libfuse3-dev)"
    try:
        with slow_folder(0):
            return None
    except RuntimeError as error:
        return f"needs the right to mount ({error})"


@contextmanager
def slow_folder(delay: float, source: Path | None = None, kept: float = KEPT_SECONDS) -> Iterator[SlowFolder]:
    """Mount a slow folder for the time of a ``with`` block.

    Parameters
    ----------
    delay : float
        Time that each call takes longer, in ms. With 0 calls are only counted.
    source : Path, optional
        Folder to show; by default a new one, removed at the end.
    kept : float
        Time for which names and attributes are kept, in s.

    Raises
    ------
    RuntimeError
        If it cannot be mounted (`why_no_slow_folder` names the usual reasons), or is still used at the end.
    """
    with tempfile.TemporaryDirectory(prefix="slow-") as name:
        work = Path(name)  # nobody else can enter it
        source = source or work / "source"
        for folder in (source, work / "mounted"):
            folder.mkdir(exist_ok=True)
        slow = SlowFolder(work / "mounted", source, work / "counts")
        with open(work / "errors", "w+") as errors:
            command = [_compiled(work), source, slow.folder, str(delay), str(kept), work / "counts"]
            process = subprocess.Popen(command, stdout=errors, stderr=errors)
            try:
                mounted = _becomes(lambda: process.poll() is not None or slow.folder.is_mount())
                if not mounted or process.returncode is not None:
                    raise RuntimeError(f"no slow folder was mounted: {Path(errors.name).read_text().strip()}")
                yield slow
            finally:
                _unmount(slow.folder, process)


def _compiled(folder: Path) -> Path:
    """Compile the program into a folder and return its path."""
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "fuse3"], capture_output=True, text=True, check=True)
    program = folder / "slow_folder"
    subprocess.run(["gcc", "-O2", "-o", program, SOURCE, *flags.stdout.split()], check=True)
    return program


def _unmount(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """End the mount; a folder that stays in use is detached, so that what it is made from can be removed."""

    def unmounted() -> bool:
        return process.poll() is not None or not subprocess.run(["fusermount3", "-q", "-u", folder]).returncode

    done = _becomes(unmounted)
    if not done:
        subprocess.run(["fusermount3", "-u", "-z", folder])
        process.kill()
    process.wait()
    if not done:
        raise RuntimeError(f"the slow folder {folder} was still used at its end; end the programs that work in it")


def _becomes(true: Callable[[], bool]) -> bool:
    latest = time.monotonic() + MOST_SECONDS
    while not true():
        if time.monotonic() > latest:
            return False
        time.sleep(PAUSE)
    return True
