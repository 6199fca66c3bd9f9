"""Keep numba's compiled kernels as old as their sources, and have them used where they cannot be written.

numba stores machine code beside each module and checks that module's own source only, while a kernel contains the code
of kernels it calls and the constants it uses from *other* modules. So when any module has changed, all stored code is
thrown away; what is needed is compiled again, once.

Beside modules in a folder that cannot be written (an image, an installation for several users) numba does not look at
all. There the stored code is copied to a temporary folder, once a user and machine.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["copy_kernels", "discard_stale_kernels", "make_kernels_usable", "register_kernel", "use_stored_kernels"]

LIBRARY = Path(__file__).resolve().parents[1]
STAMP = "kernels.sha256"

_kernels: list[Any] = []
_stored = False


def register_kernel(kernel: Any) -> None:
    """Remember a dispatcher of numba, so that its machine code is stored once `use_stored_kernels` was called."""
    _kernels.append(kernel)
    if _stored:
        kernel.enable_caching()


def use_stored_kernels() -> None:
    """Read machine code that was stored before, and store what is compiled from now on; programs begin with it.

    Code of other sources is removed first.
    """
    global _stored
    if _stored:
        return
    _stored = True
    discard_stale_kernels(LIBRARY)
    make_kernels_usable(LIBRARY)
    for kernel in _kernels:
        kernel.enable_caching()


def discard_stale_kernels(library: Path) -> bool:
    """Remove stored kernels if the sources are not those they were compiled from; True if that was needed.

    A folder that cannot be written (a read-only image) is left as it is: nothing there can have changed.

    Parameters
    ----------
    library : Path
        Folder of the package.
    """
    digest = _digest(library)
    stamp = library / "__pycache__" / STAMP
    try:
        if stamp.exists() and stamp.read_text() == digest:
            return False
        for stored in [*library.rglob("__pycache__/*.nbi"), *library.rglob("__pycache__/*.nbc")]:
            # other tasks may be at the same; numba copes with stored code that has gone
            stored.unlink(missing_ok=True)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest)
    except OSError:
        return False
    return True


def make_kernels_usable(library: Path) -> None:
    """Let numba find the stored kernels also where the library cannot be written; a folder the user named stays."""
    if "NUMBA_CACHE_DIR" in os.environ or _is_writable(library):
        return
    import numba

    numba.config.CACHE_DIR = str(copy_kernels(library, Path(tempfile.gettempdir())))  # type: ignore[attr-defined]


def copy_kernels(library: Path, parent: Path) -> Path:
    """Copy the stored kernels of a library to where numba looks for them in a cache folder of its own.

    Parameters
    ----------
    library, parent : Path
        The package's folder, and that in which to make the cache folder.

    Returns
    -------
    Path
        The cache folder; one that this user made of the same sources before is used again.
    """
    from numba.core.caching import UserProvidedCacheLocator

    made = parent / f"domainflow-kernels-{os.getuid()}-{_digest(library)[:16]}"
    if made.is_dir() and made.stat().st_uid == os.getuid():
        return made
    copy = Path(tempfile.mkdtemp(dir=parent))
    for stored in [*library.rglob("__pycache__/*.nbi"), *library.rglob("__pycache__/*.nbc")]:
        folder = copy / UserProvidedCacheLocator.get_suitable_cache_subpath(str(stored.parent.parent / "module.py"))
        folder.mkdir(exist_ok=True)
        shutil.copyfile(stored, folder / stored.name)
    try:
        return copy.rename(made)
    except OSError:  # another task was faster, or the name is someone else's: this copy is as good
        return copy


def _digest(library: Path) -> str:
    """A number of all sources of a package."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(library.rglob("*.py")))).hexdigest()


def _is_writable(folder: Path) -> bool:
    """Whether files can be made beside a package's modules."""
    try:
        (folder / "__pycache__").mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=folder / "__pycache__").close()
    except OSError:
        return False
    return True
