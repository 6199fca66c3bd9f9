"""The longest models AlphaFold DB holds (2,700 residues) pass preparation and parsing in a laptop's memory."""

import json
import resource
import subprocess
import sys

import numpy as np

from domainflow.domains.tables import write_candidates, write_filtered, write_hits, write_left_out, write_mappings
from pipeline.conftest import read_table, write_pdb

LENGTH = 2700
MOST_MEMORY = 4.0  # GB


def run_limited(command, folder, **streams):
    """Run an executable; its peak memory counts into this process's children."""
    subprocess.run([sys.executable, *map(str, command)], cwd=folder, check=True, text=True, **streams)


def test_2700_residues_fit_into_4_gb(root, tmp_path, mini_ecod):
    # real domains in a row, 60 Å apart, PAE small inside a domain
    rows = np.flatnonzero(mini_ecod.lengths > 150)[::40]
    sequence, pieces, domain = "", [], []
    for number, row in enumerate(rows):
        pieces.append(mini_ecod.backbone(row) + np.array([60.0 * (number % 8), 60.0 * (number // 8), 0]))
        sequence += mini_ecod.sequences[row]
        domain += [number] * len(pieces[-1])
        if len(sequence) >= LENGTH:
            break
    assert len(sequence) >= LENGTH
    domain = np.array(domain[:LENGTH])
    write_pdb(tmp_path / "long.pdb", sequence[:LENGTH], np.concatenate(pieces)[:LENGTH])
    rng = np.random.default_rng(1)
    pae = np.where(domain[:, None] == domain[None, :], 3, 25) + rng.integers(0, 5, (LENGTH, LENGTH))
    (tmp_path / "pae.json").write_text(json.dumps([{"predicted_aligned_error": pae.tolist()}]))

    entries = json.dumps([{"id": "long", "structure": "long.pdb", "pae": "pae.json"}])
    run_limited([root / "bin" / "prepare_proteins.py", "--bucket", "b"], tmp_path, input=entries)

    # an alignment of every domain with its template, and one over all of the chain
    blocks, first = [], 0
    for number in np.unique(domain):
        size = int((domain == number).sum())
        pairs = "".join(f"{first + k + 1}\t{k + 1}\n" for k in range(size))
        blocks.append(f">{mini_ecod.uids[rows[number]]}_1\t20.0\t{size}\t{LENGTH}\t{size}\n{pairs}")
        first += size
    (tmp_path / "alignments.txt").write_text("".join(sorted(blocks)))
    make_archive = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from domainflow.structures.archive import write_texts\n"
        "write_texts(Path('b.alignments.zip'), [('long', Path('alignments.txt').read_text())])"
    )
    run_limited(["-c", make_archive, root / "bin"], tmp_path)
    write_hits(tmp_path / "b.hits.tsv", [])
    write_left_out(tmp_path / "b.left_out.tsv", {})
    write_filtered(tmp_path / "b.filtered.tsv", {})
    write_mappings(tmp_path / "b.mappings.tsv", {})
    write_candidates(tmp_path / "b.candidates.tsv", {})
    proteins = ("--proteins", "b.proteins.zip")
    reference = ("--reference", mini_ecod.path)
    names = ("hits", "left_out", "filtered", "mappings", "candidates")
    tables = [word for name in names for word in (f"--{name.replace('_', '-')}", f"b.{name}.tsv")]
    alignments = ("--alignments", "b.alignments.zip")
    run_limited([root / "bin" / "parse_domains.py", *proteins, *tables, *alignments, *reference], tmp_path)
    network = ("--network", root / "assets" / "domass.npz")
    run_limited([root / "bin" / "score_domains.py", "--features", "b.features.tsv", *network], tmp_path)
    scored = ("--parsed", "b.parsed.tsv", "--predictions", "predictions/b.predictions.tsv")
    run_limited([root / "bin" / "assign_domains.py", *proteins, *scored, *reference], tmp_path)

    found = read_table(tmp_path / "b.parsed.tsv")
    assert len(found) >= len(np.unique(domain)) - 2
    parts = [part for row in read_table(tmp_path / "b.domains.tsv") for part in row["parts"].split(",")]
    assert sorted(parts) == sorted(row["domain"] for row in found)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    assert peak < MOST_MEMORY, f"{peak:.2f} GB"
