#!/usr/bin/env python3
"""Fetch the genes of the codon demo to .cache/codons and write their samplesheet.

These are 111 genes of yeast chromosome III (an example of Debian's package codonw) and the chloroplast genome of
Arabidopsis thaliana, NC_000932 (test data of Biopython's source package). Both are checked by SHA-256 and are never
shipped. A second call downloads nothing.
"""

import csv
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "codons"
PACKAGE = "biopython==1.88"
ARCHIVE = "biopython-1.88.tar.gz"
ARCHIVE_CHECKSUM = "9aaa31c0bda4d059f7b2ee00bfdb5cbb73ade3057aa4b737a7cc0187091d071a"
TESTS = ("GenBank", "GFF", "EMBL")
"""Folders of Biopython's tests that are unpacked."""
GENOME = Path("biopython") / "GenBank" / "NC_000932.gb"
YEAST = "yeast_chromosome_3.fna"
YEAST_CHECKSUM = "7364b2f3615edeab739e13e67ad7b6b76f1393f0fd33a0c44cc9c4871e26be7c"
INSTALLED_YEAST = Path("/usr/share/doc/codonw/examples/input.dat")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch_biopython(cache: Path) -> str | None:
    """Unpack Biopython's test data below the cache; return the reason if that fails, else None."""
    done = cache / "biopython"
    if done.is_dir():
        return None
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "biopython"]
        limits = ["--disable-pip-version-check", "--retries", "1", "--timeout", "20", "--dest", scratch]
        subprocess.run([*command, *limits, PACKAGE], capture_output=True, text=True, check=False)
        archive = Path(scratch) / ARCHIVE
        if not archive.is_file():
            return f"pip could not download {PACKAGE}"
        if checksum(archive) != ARCHIVE_CHECKSUM:
            return f"{ARCHIVE} does not have the expected checksum"
        with tarfile.open(archive) as packed:
            begins = tuple(f"biopython-1.88/Tests/{name}/" for name in TESTS)
            packed.extractall(scratch, [member for member in packed if member.name.startswith(begins)], filter="data")
        try:
            (Path(scratch) / "biopython-1.88" / "Tests").rename(done)
        except OSError:  # another program was faster: its files are the same
            if not done.is_dir():
                raise
    return None


def fetch_yeast(cache: Path) -> str | None:
    """Copy the yeast genes to the cache; return the reason if that fails, else None."""
    done = cache / YEAST
    if done.is_file():
        return None
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        source = INSTALLED_YEAST
        if not source.is_file():
            subprocess.run(["apt-get", "download", "codonw"], cwd=scratch, capture_output=True, check=False)
            for package in Path(scratch).glob("codonw_*.deb"):
                subprocess.run(["dpkg-deb", "-x", str(package), scratch], capture_output=True, check=False)
            source = Path(scratch) / INSTALLED_YEAST.relative_to("/")
        if not source.is_file():
            return "Debian's package codonw could not be downloaded"
        if checksum(source) != YEAST_CHECKSUM:
            return f"{INSTALLED_YEAST.name} of Debian's package codonw does not have the expected checksum"
        copy = Path(scratch) / YEAST
        copy.write_bytes(source.read_bytes())
        copy.rename(done)
    return None


def main() -> None:
    reasons = [reason for reason in (fetch_yeast(CACHE), fetch_biopython(CACHE)) if reason]
    rows = [
        ("yeast", CACHE / YEAST, 1, "nucleus", "self"),
        ("chloroplast", CACHE / GENOME, 11, "chloroplast", "ribosomal"),
    ]
    found = [row for row in rows if row[1].is_file()]
    for reason in reasons:
        print(f"The demo runs with {len(found)} of 2 samples: {reason}; try again with a network.")
    if not found:
        sys.exit(1)
    with (CACHE / "samplesheet.csv").open("w", newline="") as stream:
        header = ("sample", "file", "genetic_code", "group", "reference")
        csv.writer(stream, lineterminator="\n").writerows([header, *found])


if __name__ == "__main__":
    main()
