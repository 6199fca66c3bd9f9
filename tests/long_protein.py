"""A long protein of real domains in a row, whole and cut into fragments as AlphaFold DB does."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import gemmi
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from domainflow.structures.fragments import STEP, WINDOW
from domainflow.templates.store import TemplateStore
from peptides import pdb_text

__all__ = ["LENGTH", "LongProtein", "long_protein", "write_fragments", "write_whole"]

LENGTH = 3_000


class LongProtein(NamedTuple):
    """Domains in a row, 60 Å apart, each template twice, in tandem.

    Attributes
    ----------
    names : list of str
        Names of the L residues.
    backbone : ndarray, shape=(L, 4, 3)
        In Å.
    pae : ndarray, shape=(L, L)
        In Å; small inside a domain.
    domain : ndarray, shape=(L, 2)
        Number and template (row of the store) of each residue's domain.
    """

    names: list[str]
    backbone: NDArray[np.float64]
    pae: NDArray[np.int64]
    domain: NDArray[np.int64]


def long_protein(store: TemplateStore) -> LongProtein:
    """Return the protein, made of the longer templates of a store."""
    names: list[str] = []
    pieces, domain = [], []
    for number, row in enumerate(np.repeat(np.flatnonzero(store.lengths > 150)[::40], 2)):
        if len(domain) >= LENGTH:
            break
        backbone = store.backbone(row)
        pieces.append(backbone - backbone.mean((0, 1)) + [60.0 * (number % 5), 60.0 * (number // 5), 0])
        names += [gemmi.expand_one_letter(letter, gemmi.ResidueKind.AA) for letter in store.sequences[row]]
        domain += [(number, row)] * len(backbone)
    copies = np.array(domain)[:LENGTH, 0]
    noise = np.random.default_rng(1).integers(0, 5, (LENGTH, LENGTH))
    pae = np.where(copies[:, None] == copies[None, :], 3, 25) + noise
    return LongProtein(names[:LENGTH], np.concatenate(pieces)[:LENGTH], pae, np.array(domain)[:LENGTH])


def write_whole(folder: Path, protein: LongProtein, name: str = "whole") -> Path:
    """Write the protein with its PAE as two files of one name; return the folder."""
    (folder / f"{name}.pdb").write_text(pdb_text(protein.backbone, protein.names))
    (folder / f"{name}.json").write_text(json.dumps({"pae": protein.pae.tolist()}))
    return folder


def write_fragments(
    folder: Path, protein: LongProtein, moved: bool = False, numbers: Iterable[int] | None = None
) -> Path:
    """Write AF-X-F1 … in windows of 1,400 residues in steps of 200, each numbered from 1; `moved`: each turned."""
    rng = np.random.default_rng(2)
    last = (LENGTH - WINDOW) // STEP + 1
    for number in numbers or range(1, last + 1):
        window = slice((number - 1) * STEP, (number - 1) * STEP + WINDOW)
        part = protein.backbone[window]
        if moved:
            turned = Rotation.random(random_state=rng).as_matrix()
            part = part @ turned.T + rng.uniform(-50, 50, 3)
        (folder / f"AF-X-F{number}-model_v4.pdb").write_text(pdb_text(part, protein.names[window]))
        text = json.dumps([{"predicted_aligned_error": protein.pae[window, window].tolist()}])
        (folder / f"AF-X-F{number}-predicted_aligned_error_v4.json").write_text(text)
    return folder
