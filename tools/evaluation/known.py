"""Read proteins with known domains: the models' published results and the chains' ECOD boundaries."""

import csv
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from domainflow.templates.classification import h_group_of

__all__ = ["UNKNOWN", "Known", "known_domains", "write_inputs", "write_samplesheet"]

UNKNOWN = "unknown"
HEADER = ("id", "structure", "pae")


class Known(NamedTuple):
    """Known domains of a protein: ranges and T-groups side by side; `scores` are published probabilities, or empty."""

    source: str
    ranges: list[str]
    t_groups: list[str]
    scores: list[str]


def write_inputs(shared: Path, folder: Path, chains: int) -> None:
    """Write samplesheets ``models.csv`` and ``chains.csv``, the chains' files and ``chains.labels.tsv``.

    ``models-without-pae.csv`` has the models that have published answers, without their PAE. The labels are in the
    format of ``--workflow training``: protein, range, homologous group, T-group.
    """
    data = shared / "data"
    folder.mkdir(parents=True, exist_ok=True)
    models = []
    for model in sorted((data / "models").iterdir()):
        (structure,) = model.glob("model.*")
        (pae,) = model.glob("pae.*")
        models.append((model.name, structure.resolve(), pae.resolve()))
    names = pd.read_csv(data / "chains" / "chains.tsv.gz", sep="\t")["chain"].head(chains)
    rows = []
    with tarfile.open(data / "chains" / "structures.tar.gz") as archive:
        for name in names:
            path = folder / f"{name}.pdb"
            path.write_bytes(archive.extractfile(f"{name}.pdb").read())
            rows.append((name, path.resolve(), ""))
    known = known_domains(shared)
    without_pae = [(name, structure, "") for name, structure, _ in models if name in known]
    for sheet, members in (("models", models), ("models-without-pae", without_pae), ("chains", rows)):
        write_samplesheet(folder / f"{sheet}.csv", members)
    labels = [
        (name, text, h_group_of(group), group)
        for name in names
        for text, group in zip(known[name].ranges, known[name].t_groups, strict=True)
    ]
    columns = ["protein", "range", "h_group", "t_group"]
    pd.DataFrame(labels, columns=columns).to_csv(folder / "chains.labels.tsv", sep="\t", index=False)


def write_samplesheet(path: Path, rows: Iterable[tuple[object, ...]]) -> None:
    """Write a samplesheet with the columns id, structure and pae."""
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])


def known_domains(shared: Path) -> dict[str, Known]:
    """Read published DPAM results of the models (v2 if there is one, else v1), and ECOD's boundaries of the chains."""
    labels, chains = shared / "data" / "labels", shared / "data" / "chains"
    known = {}
    organisms = pd.read_csv(labels / "dpam1_model_organisms.tsv.gz", sep="\t", dtype=str)
    for accession, table in organisms.groupby("uniprot"):
        known[str(accession)] = Known("DPAM v1", table["range"].tolist(), [UNKNOWN] * len(table), [])
    human = pd.read_csv(labels / "dpam2_human.tsv.gz", sep="\t", dtype=str)
    for accession, table in human.groupby("uniprot"):
        known[str(accession)] = Known(
            "DPAM v2", table["range"].tolist(), table["ecod_t"].tolist(), table["prob"].tolist()
        )
    for row in pd.read_csv(chains / "chains.tsv.gz", sep="\t", dtype=str).itertuples():
        ranges = [text.replace("_", ",") for text in row.chopping_1based.split(",")]
        known[row.chain] = Known("ECOD", ranges, row.ecod_t.split(","), [])
    return known
