#!/usr/bin/env python3
"""Compile the numerical kernels once, before a run: groups side by side, each in programs of its own.

numba compiles one function at a time in a process, and what it compiles depends on the types of a function's arguments.
So the executables themselves work on one small protein, with PAE and without: search, alignment and parsing at the same
time. None of them waits for another's results: candidates and alignments are made up here. Each writes to a folder of
its own, since another reads the files that are made up. Codons are counted in one made-up gene. numba stores the
machine code beside the library.
"""

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.domains import tables  # noqa: E402
from domainflow.domains.candidates.select_candidates import Candidates  # noqa: E402
from domainflow.structures.archive import write_texts  # noqa: E402
from domainflow.templates.store import TemplateStore  # noqa: E402

REFERENCE = ROOT / "assets" / "mini-ecod" / "templates.arrow"
STRUCTURE = ROOT / "assets" / "demo" / "1CFB_A.pdb.gz"
LENGTH = 205
T_GROUP = "11.1.1"
"""T-group of both domains of the structure."""
TEMPLATES = 8
PROTEINS = ("with_pae", "without_pae")
ALIGNED = 60
"""Residues of the alignments that are made up."""


def run(folder: Path, program: str, *arguments: str, given: str = "") -> None:
    """Run one of the executables in a folder; an error ends this program."""
    command = [sys.executable, str(ROOT / "bin" / program), *arguments]
    if subprocess.run(command, cwd=folder, input=given, text=True, check=False).returncode != 0:
        raise SystemExit(f"bin/{program} failed (see its message above); run `make unit` to find the error")


def write_inputs(folder: Path) -> None:
    """Write a small template store, and candidates and alignments of the proteins with its templates."""
    store = TemplateStore.open(REFERENCE)
    rows = [row for row in range(len(store)) if store.t_group(row) == T_GROUP][:TEMPLATES]
    store.subset(rows, folder / "store.arrow")
    uids = [store.uids[row] for row in rows]
    tables.write_selected(folder / "made", {protein: Candidates([], [], uids) for protein in PROTEINS})
    tables.write_hits(folder / "made.hits.tsv", [])
    tables.write_left_out(folder / "made.left_out.tsv", {})
    pairs = "".join(f"{number}\t{number}\n" for number in range(1, ALIGNED + 1))
    headers = (f">{store.uids[row]}_1\t20.0\t{ALIGNED}\t{LENGTH}\t{store.lengths[row]}\n" for row in rows)
    blocks = "".join(header + pairs for header in headers)
    write_texts(folder / "made.alignments.zip", [(protein, blocks) for protein in PROTEINS])
    (folder / "pae.json").write_text(json.dumps({"pae": [[1.5] * LENGTH] * LENGTH}))


def search(folder: Path) -> None:
    """Compile the structure search."""
    run(folder, "search_templates.py", "--in-dir", ".", "--reference", "store.arrow", "--out-dir", "searched")


def align(folder: Path) -> None:
    """Compile the structure aligner and folding units: most of the time goes here."""
    bucket = ("--proteins", "made.proteins.zip", "--candidates", "made.candidates.tsv")
    (folder / "aligned").mkdir()
    run(folder, "align_templates.py", *bucket, "--reference", "store.arrow", "--out-dir", "aligned")


def parse(folder: Path) -> None:
    """Compile the parsing into domains."""
    names = ("hits", "left_out", "filtered", "mappings", "candidates")
    made = [word for name in names for word in (f"--{name.replace('_', '-')}", f"made.{name}.tsv")]
    bucket = ("--proteins", "made.proteins.zip", "--alignments", "made.alignments.zip")
    run(folder, "parse_domains.py", *bucket, *made, "--reference", "store.arrow")
    if not (folder / "made.parsed.tsv").read_text().splitlines()[1:]:
        raise SystemExit("no domain was found in 1CFB_A; run `make unit` to find the error")


def codons(folder: Path) -> None:
    """Compile the counting of codons and the indices of genes."""
    own = folder / "codons"
    own.mkdir()
    (own / "genes.fa").write_text(">made\nATGGCTTAA\n")
    file = {"name": "genes.fa", "path": "genes.fa", "genome": None, "genetic_code": 1, "reason": None}
    run(own, "prepare_genes.py", given=json.dumps({"sample": "made", "files": [file], "settings": {}}))
    run(own, "count_codons.py", "--batch", "made.batch-000000.genes.arrow", given=json.dumps({"settings": {}}))
    names = {"sample": "made", "group": "", "mode": "cds"}
    run(own, "merge_counts.py", "--in-dir", ".", "--planned", "made.batches.json", given=json.dumps(names))
    job = json.dumps({"reference": "self", "settings": {}})
    run(own, "compute_indices.py", "--in-dir", ".", "--merged", "made.merged.json", given=job)


def main() -> None:
    begin = time.monotonic()
    paes = {"with_pae": "pae.json", "without_pae": None}
    entries = [{"id": name, "structure": str(STRUCTURE), "pae": pae} for name, pae in paes.items()]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_inputs(folder)
        run(folder, "prepare_proteins.py", "--bucket", "made", given=json.dumps(entries))
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(work, folder) for work in (align, search, parse, codons)]:
                done.result()
    print(f"All kernels are compiled ({time.monotonic() - begin:.0f} s).")


if __name__ == "__main__":
    main()
