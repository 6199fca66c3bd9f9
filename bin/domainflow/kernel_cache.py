"""Keep numba's compiled kernels as old as their sources.

numba stores machine code beside each module and checks that module's own date only, while a kernel contains the code of
kernels it calls and the constants it uses from *other* modules. So when any module has changed, all stored code is
thrown away; what is needed is compiled again, once.
"""

import hashlib
from pathlib import Path

__all__ = ["discard_stale_kernels"]

STAMP = "kernels.sha256"


def discard_stale_kernels(library: Path) -> bool:
    """Remove stored kernels if the sources are not those they were compiled from; True if that was needed.

    A folder that cannot be written (a read-only image) is left as it is: nothing there can have changed.

    Parameters
    ----------
    library : Path
        Folder of the package.
    """
    sources = sorted(library.rglob("*.py"))
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
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
