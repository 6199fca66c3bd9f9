#!/usr/bin/env python3
"""Compare results with the known domains of the proteins, and write docs/results.md; or compare two runs.

Run with .venv/bin/python from the checkout:

    tools/evaluate.py inputs --shared ../shared --out DIR --structures structure_db.dat
    tools/nextflow run main.nf --input DIR/models.csv --outdir DIR/models --save_intermediates
    tools/nextflow run main.nf --input DIR/models-without-pae.csv --outdir DIR/models-without-pae
    tools/nextflow run main.nf --input DIR/chains.csv --outdir DIR/chains --save_intermediates --leave_out related
    tools/nextflow run main.nf --input DIR/singles.csv --outdir DIR/singles --leave_out related
    tools/evaluate.py runs --first DIR/models --second DIR/models-with-dalilite      # a table for docs/engines.md
    tools/evaluate.py peers --inputs DIR --out DIR/peers.tsv                   # other programs, 5 GB in .cache/peers
    tools/evaluate.py page --models DIR/models --models-without-pae DIR/models-without-pae --chains DIR/chains \\
        --singles DIR/singles --labels DIR/singles.labels.tsv --out docs/results.md --notes docs/results-notes.md \\
        --peers DIR/peers.tsv
"""

import argparse
import json
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tools")]

from benchmarks.bars import print_figures  # noqa: E402
from domainflow.domains.domass.network import read_network  # noqa: E402
from domainflow.templates.store import TemplateStore  # noqa: E402
from evaluation.compare import Results  # noqa: E402
from evaluation.known import known_domains, write_inputs  # noqa: E402
from evaluation.page import BARS, Runs, figures_with_bars, page, read_notes  # noqa: E402
from evaluation.peers import run as peers_run  # noqa: E402
from evaluation.peers.programs import PEERS  # noqa: E402
from evaluation.peers.table import read_answers  # noqa: E402
from evaluation.single_chains import chains_left_whole, write_single_chains  # noqa: E402
from evaluation.two_runs import table_of_runs  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, dest="command")
    inputs = commands.add_parser("inputs", help="write the samplesheets and files of all models and chains")
    inputs.add_argument("--chains", type=int, default=124, help="number of chains")
    inputs.add_argument(
        "--structures", type=Path, help="structure_db.dat (tools/fetch_structures.sh): chains of one domain"
    )
    peers = commands.add_parser("peers", help="install other programs and run them on the same proteins")
    peers.add_argument("--inputs", type=Path, required=True, help="folder that 'inputs' wrote")
    peers.add_argument("--out", type=Path, required=True, help="table of their answers; what it has is not run again")
    peers.add_argument("--chainsaw", type=Path, help="Chainsaw's checkout with its weights, stride compiled in it")
    peers.add_argument("--only", nargs="+", choices=[*PEERS], default=[], help="programs to run; all without it")
    peers.add_argument("--cache", type=Path, default=ROOT / ".cache" / "peers", help="where they are installed")
    results = commands.add_parser("page", help="write the page of results")
    results.add_argument("--models", type=Path, required=True, help="results of the models' run")
    results.add_argument("--chains", type=Path, required=True, help="results of the chains' run")
    results.add_argument("--models-without-pae", type=Path, help="results of the models without their PAE")
    results.add_argument("--singles", type=Path, help="results of the run of chains of one domain")
    results.add_argument("--labels", type=Path, help="known domains of the chains of one domain")
    results.add_argument("--reference", type=Path, default=ROOT / "assets" / "mini-ecod", help="the runs' reference")
    results.add_argument("--network", type=Path, default=ROOT / "assets" / "domass.npz", help="the runs' network")
    results.add_argument("--notes", type=Path, help="remarks on single proteins, lines '- PROTEIN: sentence'")
    results.add_argument("--peers", type=Path, help="table of other programs' answers, for the section on them")
    runs = commands.add_parser("runs", help="print a table that compares two runs of the same proteins")
    runs.add_argument("--first", type=Path, required=True, help="results of a run")
    runs.add_argument("--second", type=Path, required=True, help="results of another run")
    runs.add_argument("--reference", type=Path, default=ROOT / "assets" / "mini-ecod", help="the runs' reference")
    runs.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    for command in (inputs, results):
        command.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
        command.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if args.command == "inputs":
        write_inputs(args.shared, args.out, args.chains)
        if args.structures:
            write_single_chains(args.structures, ROOT / "assets" / "mini-ecod" / "domains.tsv", args.out)
        return 0
    if args.command == "peers":
        return peers_run.command(args.inputs, args.out, args.cache, args.chainsaw, args.only)
    store = TemplateStore.open(args.reference)
    if args.command == "runs":
        both = Results(args.first, store), Results(args.second, store)
        rows = table_of_runs(
            both, {name: known for name, known in known_domains(args.shared).items() if known.source == "ECOD"}
        )
        print(f"| figure | {args.first.name} | {args.second.name} |\n|---|---|---|")
        print("\n".join(f"| {' | '.join(row)} |" for row in rows))
        return 0
    record = json.loads((args.chains / "pipeline_info" / "provenance.json").read_text())
    models, chains = (Results(folder, store) for folder in (args.models, args.chains))
    weights = read_network(args.network)
    known = known_domains(args.shared)
    answers = read_answers(args.peers) if args.peers else []
    without_pae = Results(args.models_without_pae, store) if args.models_without_pae else None
    single = None
    if args.singles:
        single = chains_left_whole(Results(args.singles, store), pd.read_csv(args.labels, sep="\t", dtype=str))
    runs = Runs(models, chains, without_pae, single, answers)
    args.out.write_text(page(runs, known, weights, record, read_notes(args.notes)))
    print("PDB chains")
    print_figures({"": figures_with_bars(chains, known)}, BARS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
