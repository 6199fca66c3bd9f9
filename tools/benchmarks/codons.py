"""Measure codon counting: CPU beside codonW and codon-bias, memory with the number of genes, cost by stage.

Genes are the 111 of yeast chromosome III from Debian's package codonw, as often as needed, and made-up ones. CPU is
that of the executables on many genes, less that on one gene: start-up is not counted, for other programs neither.
"""

import argparse
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from benchmarks.bars import Bar, print_figures
from domainflow.codons.genetic_codes import CODONS

ROOT = Path(__file__).resolve().parents[2]
YEAST_GENES = 111
COPIES = 1000
"""Copies of the yeast genes for the comparison with codonW."""
COPIES_OF_SLOW = 20
"""Copies for the comparison with codon-bias."""
FEW, MANY = 100_000, 1_000_000
"""Genes for the comparison of memory."""
SEED_RECORDS, SEED_LENGTH = 32_240, 4373
"""Records, and their mean length in bases, of the made-up set of the specification."""

BARS = (
    Bar("CPU / codonW", most=1 / 4),
    Bar("ENC: largest difference to codonW", most=0.00501),
    Bar("CAI: largest difference to codonW", most=0.000501),
    Bar("CPU / codon-bias", most=1 / 20),
    Bar("ENC, CAI: largest difference to codon-bias", most=1e-9),
    Bar("memory of a batch: 1,000,000 / 100,000 genes", 0.95, 1.05),
    Bar("memory of PREPARE_GENES: the same", most=1.05),
    Bar("made-up set: batches", 7, 7),
    Bar("made-up set: codons seen", 64, 64),
    Bar("made-up set: counts that differ", 0, 0),
    Bar("made-up set: largest memory of a task, MiB", most=1024),
)
CODON_BIAS = """
import json, sys, time
import numpy as np
from codonbias.scores import CodonAdaptationIndex, EffectiveNumberOfCodons
genes = []
for line in open(sys.argv[1]):
    genes.append("") if line[0] == ">" else genes.__setitem__(-1, genes[-1] + line.strip())
one = time.process_time()
enc = EffectiveNumberOfCodons(robust=False, pseudocount=0, mean="unweighted").get_score(genes)
cai = CodonAdaptationIndex(ref_seq=genes, pseudocount=0).get_score(genes)
print(json.dumps([time.process_time() - one, list(map(float, enc)), list(map(float, cai))]))
"""
"""Program for codon-bias's Python: its conventions are set to Wright's ENC, and to CAI with Met and Trp."""


class Cost(NamedTuple):
    """CPU seconds, and the largest memory in MiB, of a program."""

    cpu: float
    memory: float


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the benchmark to a command line."""
    parser = commands.add_parser("codons", help=__doc__.splitlines()[0])
    parser.add_argument("--codon-bias", type=Path, help="Python that has codon-bias==0.5.0")
    parser.add_argument("--skip-memory", action="store_true", help="leave out the million genes")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the benchmark; return 1 if a bar is missed."""
    from fetch_codon_demo import CACHE, YEAST, fetch_yeast

    reason = fetch_yeast(CACHE)
    if reason:
        print(f"The benchmark needs the yeast genes: {reason}.", file=sys.stderr)
        return 1
    genes = list(yeast_genes(CACHE / YEAST))
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        one = write_genes(folder / "one" / "g.fa", genes[:1], 1)
        pipeline(one)  # compiles what is not compiled yet
        start_up = pipeline(one)
        figures |= beside_codonw(folder, genes, start_up)
        if args.codon_bias:
            figures |= beside_codon_bias(folder, genes, start_up, args.codon_bias)
        figures |= made_up_set(folder)
        if not args.skip_memory:
            figures |= memory(folder, genes)
    missed = print_figures({"now": figures}, [bar for bar in BARS if bar.figure in figures], digits=6)
    print(json.dumps(figures))
    return 1 if missed else 0


def yeast_genes(path: Path) -> Iterator[str]:
    """Yield the sequences of the yeast genes."""
    for record in path.read_text().split(">")[1:]:
        yield "".join(record.split("\n", 1)[1].split())


def write_genes(path: Path, genes: Sequence[str], copies: int) -> Path:
    """Write genes several times over, under ids of their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        for copy in range(copies):
            stream.writelines(f">g{copy}_{number}\n{gene}\n" for number, gene in enumerate(genes))
    return path


def measured(command: Sequence[str], folder: Path, given: str = "") -> Cost:
    """Run a program to its end and return its cost."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given.encode())
        stdin.seek(0)
        process = subprocess.Popen(command, cwd=folder, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {said.decode()[-500:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def pipeline(path: Path, exclude: str = "M,W", zero: str = "0.5") -> dict[str, list[Cost]]:
    """Run the executables on one file, CAI's reference being all of its genes; return the costs by step."""
    folder = path.parent

    def step(name: str, *arguments: str, **job: object) -> Cost:
        return measured([sys.executable, str(ROOT / "bin" / f"{name}.py"), *arguments], folder, json.dumps(job))

    file = {"name": path.name, "path": path.name, "genome": None, "genetic_code": 1, "reason": None}
    costs = {"PREPARE_GENES": [step("prepare_genes", sample="s", files=[file], settings={})]}
    batches = sorted(batch.name for batch in folder.glob("*.genes.arrow"))
    costs["COUNT_CODONS"] = [step("count_codons", "--batch", batch, settings={}) for batch in batches]
    merge = step("merge_counts", "--in-dir", ".", "--planned", "s.batches.json", sample="s", group="", mode="cds")
    costs["MERGE_COUNTS"] = [merge]
    settings = {"cai_exclude": exclude, "cai_zero": float(zero)}
    compute = step("compute_indices", "--in-dir", ".", "--merged", "s.merged.json", reference="self", settings=settings)
    costs["COMPUTE_INDICES"] = [compute]
    return costs


def above_start_up(costs: dict[str, list[Cost]], start_up: dict[str, list[Cost]]) -> dict[str, float]:
    """Return CPU seconds by step, without those of starting each program."""
    return {
        name: max(0.0, sum(cost.cpu for cost in found) - len(found) * start_up[name][0].cpu)
        for name, found in costs.items()
    }


def beside_codonw(folder: Path, genes: Sequence[str], start_up: dict[str, list[Cost]]) -> dict[str, float]:
    """Return figures of 111,000 genes with five indices, beside codonW's."""
    path = write_genes(folder / "codonw" / "g.fa", genes, COPIES)
    stages = above_start_up(pipeline(path), start_up)
    figures = {f"CPU s of {name}": value for name, value in stages.items()}
    figures["CPU s of 111,000 genes"] = sum(stages.values())
    try:
        w = reference_weights(path.parent)
        order = [CODONS.index(one + two + three) for one in "TCAG" for three in "TCAG" for two in "TCAG"]
        (path.parent / "w").write_text("".join(f"{w[codon]:.9f}\n" for codon in order))
        options = ["-nomenu", "-silent", "-nowarn", "-enc", "-gc3s", "-cai", "-cai_file", "w", "-L_aa", "-L_sym"]
        small = write_genes(path.parent / "one.fa", genes[:1], 1)
        nothing = measured(["codonw", small.name, "o1", "b1", *options], path.parent)
        theirs = measured(["codonw", path.name, "out", "bulk", *options], path.parent).cpu - nothing.cpu
    except FileNotFoundError:
        print("codonw is not installed (Debian's package codonw): no comparison.")
        return figures
    figures |= {"CPU s of codonW": theirs, "CPU / codonW": sum(stages.values()) / theirs}
    ours = pq.read_table(path.parent / "s.genes.parquet", columns=["enc", "cai"])
    with (path.parent / "out").open() as stream:
        rows = [[cell.strip() for cell in row] for row in csv.reader(stream, delimiter="\t")]
    for name, column, mine in (("ENC", "Nc", "enc"), ("CAI", "CAI", "cai")):
        values = np.array([float(row[rows[0].index(column)]) for row in rows[1:]])
        figures[f"{name}: largest difference to codonW"] = float(np.abs(values - ours[mine].to_numpy()).max())
    return figures


def reference_weights(folder: Path) -> np.ndarray:
    """Relative adaptiveness of the run's own genes; 1 for stops."""
    from domainflow.codons.families import families_of
    from domainflow.codons.genetic_codes import genetic_code
    from domainflow.codons.merge_counts import Merged
    from domainflow.codons.reference_set import Reference, adaptiveness
    from domainflow.codons.settings import IndexSettings

    merged = Merged.from_json(json.loads((folder / "s.merged.json").read_text()))
    reference = Reference("self", merged.totals.counts.astype(float))
    w = adaptiveness(reference, families_of(genetic_code(1), "aa"), IndexSettings()).w
    return np.nan_to_num(w, nan=1)


def beside_codon_bias(
    folder: Path, genes: Sequence[str], start_up: dict[str, list[Cost]], python: Path
) -> dict[str, float]:
    """Return figures of ENC and CAI beside codon-bias's."""
    path = write_genes(folder / "bias" / "g.fa", genes, COPIES_OF_SLOW)
    done = subprocess.run([python, "-c", CODON_BIAS, path], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"codon-bias failed: {done.stderr[-500:]}")
    seconds, enc, cai = json.loads(done.stdout.splitlines()[-1])
    pipeline(path, exclude="none", zero="0")
    ours = pq.read_table(path.parent / "s.genes.parquet", columns=["enc", "cai"])
    # ours takes less than the clock's resolution on so few genes: a larger set gives the time of one gene
    large = above_start_up(
        pipeline(write_genes(folder / "bias_large" / "g.fa", genes, COPIES), exclude="none"), start_up
    )
    mine = (large["COUNT_CODONS"] + large["COMPUTE_INDICES"]) * COPIES_OF_SLOW / COPIES
    differences = [
        np.abs(np.array(theirs) - ours[name].to_numpy()).max() for theirs, name in ((enc, "enc"), (cai, "cai"))
    ]
    return {
        "CPU s of codon-bias, 2,220 genes": seconds,
        "CPU / codon-bias": mine / seconds,
        "ENC, CAI: largest difference to codon-bias": float(max(differences)),
    }


def made_up_set(folder: Path) -> dict[str, float]:
    """Return figures of the specification's set, whose counts are known; packed with gzip, too."""
    rng = np.random.default_rng(27)
    path = folder / "made" / "g.fa"
    path.parent.mkdir()
    lengths = rng.integers(1, 2 * SEED_LENGTH, SEED_RECORDS)
    known = np.zeros(64, np.int64)
    letters, weights = np.frombuffer(b"TCAG", np.uint8), np.array([16, 4, 1])
    with path.open("wb") as stream:
        for number, length in enumerate(lengths.tolist()):
            bases = rng.integers(0, 4, length)
            known += np.bincount(bases[: length // 3 * 3].reshape(-1, 3) @ weights, minlength=64)
            stream.write(b">r%d\n%s\n" % (number, letters[bases].tobytes()))
    costs = pipeline(path)
    merged = json.loads((path.parent / "s.merged.json").read_text())
    counts = np.array(merged["totals"]["by_code"]["1"])
    packed = folder / "packed" / "g.fa.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(path.read_bytes(), 6))
    file = {"name": packed.name, "path": packed.name, "genome": None, "genetic_code": 1, "reason": None}
    job = json.dumps({"sample": "s", "files": [file], "settings": {}})
    zipped = measured([sys.executable, str(ROOT / "bin" / "prepare_genes.py")], packed.parent, job)
    return {
        "made-up set: codons": float(counts.sum()),
        "made-up set: batches": len(costs["COUNT_CODONS"]),
        "made-up set: codons seen": float((counts > 0).sum()),
        "made-up set: counts that differ": float((counts != known).sum()),
        "made-up set: largest memory of a task, MiB": max(cost.memory for found in costs.values() for cost in found),
        "made-up set: CPU s of PREPARE_GENES": costs["PREPARE_GENES"][0].cpu,
        "made-up set: the same, packed with gzip": zipped.cpu,
        "made-up set: CPU s of COUNT_CODONS": sum(cost.cpu for cost in costs["COUNT_CODONS"]),
        "made-up set: CPU s of COMPUTE_INDICES": costs["COMPUTE_INDICES"][0].cpu,
    }


def memory(folder: Path, genes: Sequence[str]) -> dict[str, float]:
    """Return how the memory of tasks grows with ten times the genes."""
    peaks = {}
    for number in (FEW, MANY):
        path = write_genes(folder / f"memory{number}" / "g.fa", genes, -(-number // YEAST_GENES))
        peaks[number] = {name: max(cost.memory for cost in found) for name, found in pipeline(path).items()}
        for made in path.parent.iterdir():
            made.unlink()
    few, many = peaks[FEW], peaks[MANY]
    return {
        "memory of a batch, MiB (1,000,000 genes)": many["COUNT_CODONS"],
        "memory of a batch: 1,000,000 / 100,000 genes": many["COUNT_CODONS"] / few["COUNT_CODONS"],
        "memory of PREPARE_GENES: the same": many["PREPARE_GENES"] / few["PREPARE_GENES"],
        "memory of COMPUTE_INDICES: the same": many["COMPUTE_INDICES"] / few["COMPUTE_INDICES"],
    }
