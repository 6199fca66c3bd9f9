"""Keep numba's compiled kernels as old as their sources, and have them used where they cannot be written.

numba stores machine code beside each module and checks the source of that module only. But a kernel contains the code
of the kernels that it calls, and the constants that it uses, from other modules. So if any of these modules has
changed, all stored code is removed. What is needed is compiled again, once. Other modules may change freely.

If a module's folder cannot be written (an installation for several users), numba does not look beside the module. The
stored code is then copied to a temporary folder, once per user and machine. An image of a container brings stored code
in a folder of its own, named by `DOMAINFLOW_KERNELS`. Code of the same sources there is copied likewise.
"""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

__all__ = [
    "copy_kernels",
    "discard_stale_kernels",
    "kernel_sources",
    "make_kernels_usable",
    "register_kernel",
    "use_stored_kernels",
]

LIBRARY = Path(__file__).resolve().parents[1]
STAMP = "kernels.sha256"
IMAGE_KERNELS = "DOMAINFLOW_KERNELS"
"""Environment variable with the folder of an image's stored kernels, laid out as the library is."""
_IMPORT = re.compile(r"^(?:from ([\w.]+) import (\([^)]*\)|[^\n(]+)|import ([\w.]+))", re.MULTILINE)

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
    """Let numba find the kernels of an image, or those of a library that cannot be written.

    A folder that the user named in `NUMBA_CACHE_DIR` stays.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    stored = _image_kernels(library) or (None if _is_writable(library) else library)
    if stored is None:
        return
    import numba

    copy = copy_kernels(library, stored, Path(tempfile.gettempdir()))
    numba.config.CACHE_DIR = str(copy)  # type: ignore[attr-defined]


def copy_kernels(library: Path, stored: Path, parent: Path) -> Path:
    """Copy the stored kernels of a library to where numba looks for them in a cache folder of its own.

    Parameters
    ----------
    library, stored, parent : Path
        The package's folder, that of its stored kernels (the same, or an image's), and that in which to make the cache
        folder.

    Returns
    -------
    Path
        The cache folder; one that this user made of the same kernels before is used again.
    """
    from numba.core.caching import UserProvidedCacheLocator

    origin = hashlib.sha256(f"{library}\0{stored}\0{_digest(library)}".encode()).hexdigest()
    made = parent / f"domainflow-kernels-{os.getuid()}-{origin[:16]}"
    if made.is_dir() and made.stat().st_uid == os.getuid():
        return made
    copy = Path(tempfile.mkdtemp(dir=parent))
    for path in [*stored.rglob("__pycache__/*.nbi"), *stored.rglob("__pycache__/*.nbc")]:
        module = library / path.parent.parent.relative_to(stored) / "module.py"
        folder = copy / UserProvidedCacheLocator.get_suitable_cache_subpath(str(module))
        folder.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / path.name)
    try:
        return copy.rename(made)
    except OSError:  # another task was faster, or the name is someone else's: this copy is as good
        return copy


def kernel_sources(library: Path) -> list[Path]:
    """Return the modules that kernels can depend on, sorted.

    These are the modules that import numba or `domainflow.kernels.compile`, and all modules of the library that these
    import, directly or not.

    Parameters
    ----------
    library : Path
        Folder of the package.
    """
    paths = {}
    for path in library.rglob("*.py"):
        parts = (library.name, *path.relative_to(library).with_suffix("").parts)
        paths[".".join(parts).removesuffix(".__init__")] = path
    imports = {name: _imported(path.read_text()) for name, path in paths.items()}
    found = {name for name, names in imports.items() if names & {"numba", f"{library.name}.kernels.compile"}}
    new = found
    while new:
        new = {used for name in new for used in imports[name] & paths.keys()} - found
        found = found | new
    return sorted(paths[name] for name in found)


def _imported(text: str) -> set[str]:
    """Return the dotted names that a module imports; whatever it imports from a package may be a module."""
    names = set()
    for source, members, plain in _IMPORT.findall(text):
        names |= {plain} if plain else {source, *(f"{source}.{member}" for member in re.findall(r"\w+", members))}
    return names


def _digest(library: Path) -> str:
    """Return a checksum of the modules that kernels can depend on."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in kernel_sources(library))).hexdigest()


def _image_kernels(library: Path) -> Path | None:
    """Return the folder of an image's kernels if they were compiled from the sources of this library."""
    named = os.environ.get(IMAGE_KERNELS)
    stamp = Path(named or "", "__pycache__", STAMP)
    return Path(named) if named and stamp.is_file() and stamp.read_text() == _digest(library) else None


def _is_writable(folder: Path) -> bool:
    """Return whether files can be made beside a package's modules."""
    try:
        (folder / "__pycache__").mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=folder / "__pycache__").close()
    except OSError:
        return False
    return True
