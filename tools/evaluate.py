#!/usr/bin/env python3
"""Compare results with what is known of the proteins, and write docs/results.md.

Run with .venv/bin/python from the checkout:

tools/evaluate.py inputs --shared ../shared --out DIR     samplesheet and files of all models and the first 40 chains
tools/nextflow run main.nf --input DIR/samplesheet.csv --outdir DIR/results
tools/evaluate.py page --results DIR/results --out docs/results.md --worst-cases docs/results-notes.md
"""

import argparse
import csv
import gzip
import json
import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.agreement import best_partners  # noqa: E402
from domainflow.io.store import TemplateStore  # noqa: E402
from domainflow.ranges import parse_range  # noqa: E402

GOOD_JACCARD = 0.8


class Known(NamedTuple):
    """Known domains of a protein: ranges and T-groups side by side."""

    source: str
    ranges: list[str]
    t_groups: list[str]


class Comparison(NamedTuple):
    """One protein: known against found."""

    protein: str
    known: Known
    found: list[str]
    found_groups: list[str]
    jaccards: list[float]
    partners: list[int | None]
    right_groups: list[bool]


def write_inputs(args: argparse.Namespace) -> None:
    """Files of the evaluation: models as they lie, chains out of their archive."""
    data = args.shared / "data"
    args.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for folder in sorted((data / "models").iterdir()):
        (structure,) = folder.glob("model.*")
        (pae,) = folder.glob("pae.*")
        rows.append((folder.name, structure.resolve(), pae.resolve()))
    chains = pd.read_csv(data / "chains" / "chains.tsv.gz", sep="\t")["chain"].head(args.chains)
    with tarfile.open(data / "chains" / "structures.tar.gz") as archive:
        for chain in chains:
            path = args.out / f"{chain}.pdb"
            path.write_bytes(archive.extractfile(f"{chain}.pdb").read())
            rows.append((chain, path.resolve(), ""))
    with (args.out / "samplesheet.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("id", "structure", "pae"), *rows])


def known_domains(shared: Path) -> dict[str, Known]:
    """Published DPAM answers of the models (v2 where there is one, else v1), and ECOD's boundaries of the chains."""
    data = shared / "data"
    known = {}
    with gzip.open(data / "labels" / "dpam1_model_organisms.tsv.gz", "rt") as stream:
        organisms = pd.read_csv(stream, sep="\t", dtype=str)
    for accession, table in organisms.groupby("uniprot"):
        known[str(accession)] = Known("DPAM v1", table["range"].tolist(), ["unknown"] * len(table))
    with gzip.open(data / "labels" / "dpam2_human.tsv.gz", "rt") as stream:
        human = pd.read_csv(stream, sep="\t", dtype=str)
    for accession, table in human.groupby("uniprot"):
        known[str(accession)] = Known("DPAM v2", table["range"].tolist(), table["ecod_t"].tolist())
    for row in pd.read_csv(data / "chains" / "chains.tsv.gz", sep="\t", dtype=str).itertuples():
        ranges = [text.replace("_", ",") for text in row.chopping_1based.split(",")]
        known[row.chain] = Known("ECOD", ranges, row.ecod_t.split(","))
    return known


def compare(protein: str, known: Known, domains: pd.DataFrame) -> Comparison:
    """Best partners of the known domains and whether their T-groups agree."""
    found = domains["range"].tolist()
    groups = domains["t_group"].tolist()
    partners = best_partners([parse_range(r) for r in known.ranges], [parse_range(r) for r in found])
    right = [p.place is not None and groups[p.place] == t for p, t in zip(partners, known.t_groups, strict=True)]
    return Comparison(
        protein, known, found, groups, [p.jaccard for p in partners], [p.place for p in partners], right
    )


def table_row(c: Comparison) -> str:
    """One protein as a row of the page's table."""
    known = "; ".join(
        r if t == "unknown" else f"{r} ({t})" for r, t in zip(c.known.ranges, c.known.t_groups, strict=True)
    )
    found = "; ".join(f"{r} ({t})" for r, t in zip(c.found, c.found_groups, strict=True)) or "none"
    right = "–" if "unknown" in c.known.t_groups else f"{sum(c.right_groups)}/{len(c.right_groups)}"
    return f"| {c.protein} | {known} | {found} | {np.mean(c.jaccards):.2f} | {right} |"


def totals(name: str, comparisons: list[Comparison], t_groups: set[str] | None = None) -> str:
    """One row of the summary table: all known domains, or those whose T-group is among `t_groups`."""
    domains = [
        (jaccard, right)
        for c in comparisons
        for t_group, jaccard, right in zip(c.known.t_groups, c.jaccards, c.right_groups, strict=True)
        if t_groups is None or t_group in t_groups
    ]
    jaccards, right = (np.array(column) for column in zip(*domains, strict=True))
    right_share = f"{right.mean():.1%}" if "unknown" not in comparisons[0].known.t_groups else "–"
    same = sum(len(c.found) == len(c.known.ranges) for c in comparisons)
    found = sum(len(c.found) for c in comparisons)
    counted = f"{found} | {same}/{len(comparisons)}" if t_groups is None else "– | –"
    return (
        f"| {name} | {len(comparisons)} | {len(jaccards)} | {counted} | {jaccards.mean():.3f} | "
        f"{(jaccards >= GOOD_JACCARD).mean():.1%} | {right_share} |"
    )


def write_page(args: argparse.Namespace) -> None:
    """The page of results."""
    domains = pd.read_csv(args.results / "domains.tsv", sep="\t", dtype=str, keep_default_na=False)
    ledger = pd.read_csv(args.results / "ledger.tsv", sep="\t", dtype=str, keep_default_na=False)
    record = json.loads((args.results / "pipeline_info" / "provenance.json").read_text())
    known = known_domains(args.shared)
    comparisons = [
        compare(protein, known[protein], domains[domains["protein"] == protein])
        for protein in ledger["protein"]
        if protein in known
    ]
    models = [c for c in comparisons if c.known.source == "DPAM v2"]
    models_v1 = [c for c in comparisons if c.known.source == "DPAM v1"]
    chains = [c for c in comparisons if c.known.source == "ECOD"]
    unlabelled = [protein for protein in ledger["protein"] if protein not in known]
    store = TemplateStore.open(ROOT / "assets" / record["reference"]["file"])
    t_groups = {store.t_group(row) for row in range(len(store))}
    entries = {store.pdb(row).upper() for row in range(len(store))}
    own = sorted(c.protein for c in chains if c.protein.partition("_")[0] in entries)
    header = "| protein | known (T-group) | found (T-group of the best template) | mean Jaccard | T-group right |"
    lines = [
        "# Results on proteins with known domains",
        "",
        "Made by `tools/evaluate.py` from one run of `main.nf` with the embedded reference; its first lines say how to "
        "repeat it.",
        "",
        f"Parameters {record['parameters']['parameters']}, search engine {record['parameters']['search_engine']}, "
        f"alignment engine {record['parameters']['alignment_engine']} (min_block {record['parameters']['min_block']}), "
        f"domainflow {record['versions']['domainflow']}, reference {record['reference']['file']} "
        f"(sha256 {record['reference']['sha256'][:12]}…). Without HH-suite evidence and without DOMASS: a domain's "
        "T-group is that of the template it resembles most.",
        "",
        "Jaccard: residues shared by a known domain and its best found partner, over residues in either. Chains are "
        "compared with ECOD's boundaries and run without PAE, which is off the published method. "
        f"{len(own)} of the chains are of a PDB entry that a template is from{': ' if own else ''}{', '.join(own)}. "
        "mini-ECOD has one to some templates of 1,265 T-groups; a domain of any other T-group cannot be found as such, "
        "and without PAE and HH-suite it is seldom found at all: hence the second row of each pair.",
        "",
        "| set | proteins | known domains | found | same number | mean Jaccard | Jaccard ≥ 0.8 | T-group right |",
        "|---|---|---|---|---|---|---|---|",
        totals("models, published DPAM v2 answers", models),
        totals("… domains whose T-group has a template", models, t_groups),
        totals("models without one, published DPAM v1 answers", models_v1),
        totals("PDB chains, ECOD boundaries", chains),
        totals("… domains whose T-group has a template", chains, t_groups),
        "",
        "## Worst cases",
        "",
        args.worst_cases.read_text().strip() if args.worst_cases else "",
        "",
        "## Models against the published DPAM v2 answers",
        "",
        header,
        "|---|---|---|---|---|",
        *map(table_row, models),
        "",
        "## Models with a published v1 answer only (run with v2 parameters here)",
        "",
        header,
        "|---|---|---|---|---|",
        *map(table_row, models_v1),
        "",
        "## Models without a published answer",
        "",
        "| protein | found (T-group of the best template) | ledger |",
        "|---|---|---|",
    ]
    for protein in unlabelled:
        rows = domains[domains["protein"] == protein]
        found = "; ".join(f"{r} ({t})" for r, t in zip(rows["range"], rows["t_group"], strict=True)) or "none"
        entry = ledger[ledger["protein"] == protein].iloc[0]
        lines.append(f"| {protein} | {found} | {entry['status']} |")
    lines += ["", "## PDB chains against ECOD's boundaries", "", header, "|---|---|---|---|---|"]
    lines += map(table_row, chains)
    args.out.write_text("\n".join(lines) + "\n")
    worst = sorted(comparisons, key=lambda c: float(np.mean(c.jaccards)))[:6]
    print(totals("models", models), totals("chains", chains), totals("with template", chains, t_groups), sep="\n")
    print(*map(table_row, worst), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    inputs = commands.add_parser("inputs", help=write_inputs.__doc__)
    inputs.add_argument("--chains", type=int, default=40, help="how many chains")
    inputs.set_defaults(run=write_inputs)
    page = commands.add_parser("page", help=write_page.__doc__)
    page.add_argument("--results", type=Path, required=True, help="results folder of the run")
    page.add_argument("--worst-cases", type=Path, help="text on the worst cases to put into the page")
    page.set_defaults(run=write_page)
    for command in (inputs, page):
        command.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
        command.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
