#!/usr/bin/env python3
"""Align a bucket's proteins with their candidate templates, again and again (DPAM step 7).

Written: BUCKET.alignments.zip (one text of DPAM's alignment blocks a protein) and BUCKET.align.ledger.tsv.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from domainflow.alignment import heavy_atom_chain
from domainflow.batch import attempt, passed
from domainflow.engines.alignment import ALIGNMENT_ENGINES
from domainflow.errors import exit_code
from domainflow.io.archive import read_proteins, write_texts
from domainflow.io.dpam_files import format_alignments
from domainflow.io.store import TemplateStore
from domainflow.io.tables import read_candidates
from domainflow.iterative_alignment import align_repeatedly
from domainflow.ledger import LedgerRow, write_ledger
from domainflow.parameters import PARAMETER_SETS, parameter_set
from domainflow.protein import Protein

STEP = "DALI_ALIGN"


def alignments(args: argparse.Namespace, rows: list[LedgerRow]) -> Iterator[tuple[str, str]]:
    """(Protein, text of its alignments), in the archive's order."""
    store = TemplateStore.open(args.reference)
    candidates = read_candidates(args.candidates)
    engine, parameters = ALIGNMENT_ENGINES[args.engine], parameter_set(args.parameters)
    for protein in read_proteins(args.proteins, with_pae=False):
        uids = candidates.get(protein.id, [])

        def align(protein: Protein = protein, uids: list[str] = uids) -> str:
            query = heavy_atom_chain(protein)
            found = align_repeatedly(query, store, uids, engine, parameters, args.threads, args.min_block)
            return format_alignments(found)

        text = attempt(protein.id, STEP, align, rows)
        if text is not None:
            rows += passed([protein.id], STEP)
            yield protein.id, text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--candidates", type=Path, required=True, help="BUCKET.candidates.tsv")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--engine", choices=sorted(ALIGNMENT_ENGINES), default="native")
    parser.add_argument("--min-block", type=int, default=4, help="shortest gapless block of aligned pairs")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    rows: list[LedgerRow] = []
    write_texts(args.out_dir / f"{bucket}.alignments.zip", alignments(args, rows))
    write_ledger(args.out_dir / f"{bucket}.align.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
