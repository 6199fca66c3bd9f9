"""Virtual environments of other programs: one a file of `requirements/`, with pinned versions, under `.cache/peers`."""

import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["environment", "pinned_version"]

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
STAMP = "installed.txt"
"""In an environment: the requirements that it was made of, written last."""


def environment(name: str, cache: Path) -> Path:
    """Return the Python of an environment; make it if it is not there, or has other versions.

    All packages are pinned and nothing else is installed (``--no-deps``).

    Raises
    ------
    RuntimeError
        If pip fails; the message is its last line.
    """
    wanted = (REQUIREMENTS / f"{name}.txt").read_text()
    folder = cache / name
    python, stamp = folder / "bin" / "python", folder / STAMP
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(REQUIREMENTS / f"{name}.txt")]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["pip failed without a word"])[-1])
    stamp.write_text(wanted)
    return python


def pinned_version(name: str, package: str) -> str:
    """Return the version of a package that an environment's requirements pin."""
    for line in (REQUIREMENTS / f"{name}.txt").read_text().splitlines():
        if line.lower().startswith(f"{package.lower()}=="):
            return line.partition("==")[2].partition(";")[0].strip()
    raise ValueError(f"requirements/{name}.txt does not pin {package}")
