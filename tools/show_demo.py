#!/usr/bin/env python3
"""Print the domains found in a demo run beside the known ones, protein by protein, 100 columns wide.

tools/show_demo.py RESULTS_DIR     (with the files domains.tsv and ledger.tsv)
"""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.domains.results import DomainRow, read_rows  # noqa: E402
from domainflow.run.ledger import LedgerRow, read_ledger  # noqa: E402
from domainflow.structures.ranges import parse_range  # noqa: E402
from evaluation.agreement import best_partners  # noqa: E402

KNOWN = ROOT / "assets" / "demo" / "known_domains.tsv"
WIDTH = 100
LINE = "{:<10}{:<18}{:<11}{:<19}{:<11}{:>6}  {:<9}{}"
HEADER = LINE.format("protein", "known domain", "T-group", "found domain", "T-group", "prob", "overlap", "same T-group")


def protein_lines(protein: str, known: pd.DataFrame, found: Sequence[DomainRow]) -> Iterator[str]:
    """Yield a line for every known domain with its best partner, then one for every found domain without a partner."""
    partners = best_partners(
        [parse_range(text) for text in known["range"]], [parse_range(domain.range) for domain in found]
    )
    name = protein
    for (text, t_group), partner in zip(known[["range", "t_group"]].itertuples(index=False), partners, strict=True):
        if partner.place is None:
            yield LINE.format(name, text, t_group, "none", "", "", "0 %", "no")
        else:
            domain = found[partner.place]
            right = "yes" if domain.t_group == t_group else "no"
            overlap = f"{partner.jaccard:.0%}".replace("%", " %")
            yield LINE.format(
                name, text, t_group, cut(domain.range, 18), domain.t_group, domain.probability, overlap, right
            )
        name = ""
    taken = {partner.place for partner in partners}
    for place, domain in enumerate(found):
        if place not in taken:
            yield LINE.format(name, "none", "", cut(domain.range, 18), domain.t_group, domain.probability, "", "")
            name = ""


def cut(text: str, width: int) -> str:
    """Shorten a text to fit a column."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def report(results: Path) -> Iterator[str]:
    """Yield the lines of the whole table and the paths of the files."""
    known = pd.read_csv(KNOWN, sep="\t", dtype=str)
    domains = list(read_rows(results / "domains.tsv"))
    ledger = read_ledger(results / "ledger.tsv")
    yield HEADER
    yield "-" * WIDTH
    for row in ledger:
        found = [domain for domain in domains if domain.protein == row.protein]
        yield from protein_lines(row.protein, known[known["protein"] == row.protein], found)
        yield from trouble(row)
    yield "-" * WIDTH
    explained = (
        "overlap: residues in both domains divided by residues in either. Known domains: from ECOD for PDB chains, "
        "from SPAED for D0R0F0. prob: probability from the network that domain and template are of one homologous "
        "group. Below 0.85 the T-group is the likeliest, not an assignment."
    )
    yield from textwrap.wrap(explained, WIDTH)
    yield ""
    for name, what in (
        ("report.html", "open in a browser"),
        ("domains.tsv", "all domains, with labels"),
        ("ledger.tsv", "outcome of every protein"),
        ("pipeline_info", "versions, parameters, times"),
    ):
        if (results / name).exists():
            yield f"{what:<30}{results / name}"


def trouble(row: LedgerRow) -> list[str]:
    """Return the ledger's reason for a protein without a result."""
    if row.status == "ok":
        return []
    return textwrap.wrap(f"{row.status}: {row.reason}", WIDTH, initial_indent=" " * 10, subsequent_indent=" " * 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="folder of a run")
    args = parser.parse_args()
    missing = [name for name in ("domains.tsv", "ledger.tsv") if not (args.results / name).is_file()]
    if missing:
        sys.exit(f"{args.results} has no {missing[0]}; give the results folder of a finished run")
    print(*report(args.results), sep="\n")


if __name__ == "__main__":
    main()
