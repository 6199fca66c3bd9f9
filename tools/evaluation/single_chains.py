"""Judge chains of one domain: how many are left whole. They are chains that nothing was fitted or chosen on."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from domainflow.reference.promod3 import Promod3Database
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.structures.ranges import format_range, parse_range
from domainflow.templates.classification import h_group_of
from evaluation.compare import Results
from evaluation.known import write_samplesheet
from evaluation.template_chains import TemplateChain, single_chains_to_fit, template_chains

__all__ = ["ChainsLeftWhole", "chains_left_whole", "table_of_single_chains", "write_single_chains"]

CHOSEN_ON = Path(__file__).with_name("chosen_on.txt")
COUNT = 240
SHORTEST = 60
"""Fewest residues of a chain."""


class ChainsLeftWhole(NamedTuple):
    """Chains tried, those found as one domain, as none, and the mean share of the known residues in the one domain."""

    tried: int
    whole: int
    none: int
    covered: float


def write_single_chains(structures: Path, domains: Path, folder: Path) -> None:
    """Write ``singles.csv``, the chains' files (backbone) and ``singles.labels.tsv``: chains drawn at random.

    Parameters
    ----------
    structures : Path
        ProMod3's ``structure_db.dat``.
    domains : Path
        ``domains.tsv`` of the reference.
    folder : Path
        Folder to write to.
    """
    database = Promod3Database(structures)
    _, single = template_chains(database, domains)
    seen = {line for line in CHOSEN_ON.read_text().splitlines() if not line.startswith("#")}
    seen |= {chain.name for chain in single_chains_to_fit(database, domains)}
    unseen = [chain for chain in single if chain.name not in seen]
    rows, labels = [], []
    for place in np.random.default_rng(0).permutation(len(unseen)):
        chain = unseen[place]
        structure = database.chain(chain.pdb, chain.chain)
        if len(structure.sequence) < SHORTEST:
            continue
        path = folder / f"{chain.name}.pdb"
        lines = (*backbone_lines(structure.sequence, structure.backbone), "END")
        path.write_text("".join(f"{line}\n" for line in lines))
        rows.append((chain.name, path.resolve(), ""))
        labels.append(label(chain))
        if len(rows) == COUNT:
            break
    write_samplesheet(folder / "singles.csv", rows)
    columns = ["protein", "range", "h_group", "t_group"]
    pd.DataFrame(labels, columns=columns).to_csv(folder / "singles.labels.tsv", sep="\t", index=False)


def label(chain: TemplateChain) -> tuple[str, str, str, str]:
    """Return the row of a chain with one domain in the table of known domains."""
    (residues,), (t_group,) = chain.domains, chain.t_groups
    return chain.name, format_range(residues), h_group_of(t_group), t_group


def chains_left_whole(results: Results, labels: pd.DataFrame) -> ChainsLeftWhole:
    """Count the chains that are one domain.

    Parameters
    ----------
    results : Results
        A run of the chains.
    labels : DataFrame
        Columns ``protein`` and ``range``: the one domain of each chain.
    """
    found = {str(protein): rows["range"] for protein, rows in results.domains.groupby("protein")}
    covered = []
    for protein, text in zip(labels["protein"], labels["range"], strict=True):
        ranges = found.get(protein, ())
        if len(ranges) == 1:
            known = parse_range(text)
            covered.append(len(np.intersect1d(known, parse_range(ranges.iloc[0]))) / len(known))
    none = sum(protein not in found for protein in labels["protein"])
    return ChainsLeftWhole(len(labels), len(covered), none, float(np.mean(covered)) if covered else 0.0)


def table_of_single_chains(counts: ChainsLeftWhole) -> list[str]:
    """Return the section of the page of results."""
    return [
        "## Chains of one domain",
        "",
        "Chains of mini-ECOD's templates that are one template by at least 90 %. They were drawn at random from those "
        "that nothing was fitted or chosen on for the evidence from coordinates. Related templates were left out.",
        "",
        "| chains | one domain | several | none | residues of the known domain in the one found |",
        "|---|---|---|---|---|",
        f"| {counts.tried} | {counts.whole} ({counts.whole / counts.tried:.1%}) | "
        f"{counts.tried - counts.whole - counts.none} | {counts.none} | {counts.covered:.1%} |",
        "",
    ]
