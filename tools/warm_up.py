#!/usr/bin/env python3
"""Compile the numerical kernels once, so that no task of a run has to compile: run every step on one small protein.

The steps' own executables run twice, with PAE and without, against the templates of one T-group. The compiler numba
compiles for the types of the arguments, which are then the same as in a run. Its cache is beside the library.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.templates.store import TemplateStore  # noqa: E402

REFERENCE = ROOT / "assets" / "mini-ecod" / "templates.arrow"
STRUCTURE = ROOT / "assets" / "demo" / "1CFB_A.pdb.gz"
LENGTH = 205
T_GROUP = "11.1.1"
"""T-group of both domains of the structure."""
TEMPLATES = 8


def run(folder: Path, program: str, *arguments: str, given: str = "") -> None:
    """Run one of the executables in a folder; exit if it fails."""
    command = [sys.executable, str(ROOT / "bin" / program), *arguments]
    if subprocess.run(command, cwd=folder, input=given, text=True, check=False).returncode != 0:
        sys.exit(f"bin/{program} failed on 1CFB_A (see its message above); run `make unit` to find the error")


def main() -> None:
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        store = TemplateStore.open(REFERENCE)
        rows = [row for row in range(len(store)) if store.t_group(row) == T_GROUP]
        store.subset(rows[:TEMPLATES], folder / "store.arrow")
        (folder / "pae.json").write_text(json.dumps({"pae": [[1.5] * LENGTH] * LENGTH}))
        proteins = [
            {"id": "with_pae", "structure": str(STRUCTURE), "pae": "pae.json"},
            {"id": "without_pae", "structure": str(STRUCTURE), "pae": None},
        ]
        reference = ("--reference", "store.arrow")
        bucket = ("--proteins", "b.proteins.zip")
        hits = ("--hits", "b.hits.tsv", "--left-out", "b.left_out.tsv")
        candidates = ("--candidates", "b.candidates.tsv")
        selected = ("--filtered", "b.filtered.tsv", "--mappings", "b.mappings.tsv", *candidates)
        aligned = ("--alignments", "b.alignments.zip")
        run(folder, "prepare_proteins.py", "--bucket", "b", given=json.dumps(proteins))
        run(folder, "search_templates.py", "--in-dir", ".", *reference, "--out-dir", ".")
        run(folder, "select_candidates.py", *bucket, *hits, *reference)
        run(folder, "align_templates.py", *bucket, *candidates, *reference)
        run(folder, "derive_statistics.py", *reference, "--out", "statistics.arrow")
        run(folder, "parse_domains.py", *bucket, *hits, *selected, *aligned, *reference)
        domains = (folder / "b.parsed.tsv").read_text().splitlines()[1:]
    if not domains:
        sys.exit("no domain was found in 1CFB_A; run `make unit` to find the error")
    print(f"All kernels are compiled ({time.monotonic() - begin:.0f} s).")


if __name__ == "__main__":
    main()
