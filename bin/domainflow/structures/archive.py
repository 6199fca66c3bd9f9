"""Pass a bucket's proteins or texts from process to process as a zip archive; equal content gives equal bytes.

A protein is a folder with ``model.pdb``, ``states.txt``, ``notes.json`` and ``numbers.json``. The last has chain,
residue numbers and fragments of the user's file, and the meaning of its B factors. PAE is ``pae.npy``, if there is any.
Other archives hold texts of any name. Members are in the order written, and all have the same date.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.protein import Protein
from domainflow.structures.secondary_structure import elements

__all__ = [
    "model_bytes", "protein_ids", "read_models", "read_proteins", "read_text", "read_texts", "write_proteins",
    "write_texts",
]  # fmt: skip

MODEL = "model.pdb"
_MEMBER_DATE = (1980, 1, 1, 0, 0, 0)
_COMPRESSION_LEVEL = 4


def write_proteins(path: Path, proteins: Iterable[Protein]) -> None:
    """Write proteins one after another; with a generator, only one of them is in memory."""
    with zipfile.ZipFile(path, "w") as archive:
        for protein in proteins:
            _add(archive, f"{protein.id}/{MODEL}", protein.pdb.encode())
            _add(archive, f"{protein.id}/states.txt", protein.states.encode())
            _add(archive, f"{protein.id}/notes.json", json.dumps(protein.notes).encode())
            numbers = {**protein.author._asdict(), "b_factor": protein.confidence}
            _add(archive, f"{protein.id}/numbers.json", json.dumps(numbers).encode())
            if protein.pae is not None:
                buffer = io.BytesIO()
                np.save(buffer, _smallest_exact(protein.pae))
                _add(archive, f"{protein.id}/pae.npy", buffer.getvalue())


def read_proteins(path: Path, with_pae: bool = True) -> Iterator[Protein]:
    """Yield the proteins of an archive, in its order.

    Parameters
    ----------
    path : Path
    with_pae : bool
        False leaves PAE out (None). It is most of the bytes, and most steps do not use it.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        for member in archive.namelist():
            protein_id, _, name = member.rpartition("/")
            if name != MODEL:
                continue
            pdb = archive.read(member).decode()
            states = archive.read(f"{protein_id}/states.txt").decode()
            notes = tuple(json.loads(archive.read(f"{protein_id}/notes.json")))
            numbers = json.loads(archive.read(f"{protein_id}/numbers.json"))
            author = AuthorNumbers(numbers["chain"], tuple(numbers["labels"]), tuple(numbers["fragments"]))
            pae = None
            if with_pae and f"{protein_id}/pae.npy" in names:
                pae = np.load(io.BytesIO(archive.read(f"{protein_id}/pae.npy"))).astype(np.float64)
            model = parse_pdb_text(pdb)
            yield Protein(
                protein_id, model.sequence, model.backbone, model.cbeta, model.atoms, model.atom_residue, states,
                elements(states), pae, notes, pdb, author, numbers["b_factor"],
            )  # fmt: skip


def protein_ids(path: Path) -> list[str]:
    """Return the ids of an archive's proteins, in its order; no protein is read."""
    with zipfile.ZipFile(path) as archive:
        return [name.removesuffix(f"/{MODEL}") for name in archive.namelist() if name.endswith(f"/{MODEL}")]


def model_bytes(path: Path) -> int:
    """Return the bytes of all models of an archive as PDB text."""
    with zipfile.ZipFile(path) as archive:
        return sum(member.file_size for member in archive.infolist() if member.filename.endswith(f"/{MODEL}"))


def read_models(path: Path) -> Iterator[tuple[str, str]]:
    """Yield id and model of each protein as PDB text, in the archive's order."""
    with zipfile.ZipFile(path) as archive:
        for protein in protein_ids(path):
            yield protein, archive.read(f"{protein}/{MODEL}").decode()


def write_texts(path: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write (member name, text) pairs."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts:
            _add(archive, name, text.encode())


def read_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (member name, text) pairs in the archive's order."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode()


def read_text(path: Path, name: str) -> str | None:
    """Return the text of one member, or None if the archive does not have it."""
    with zipfile.ZipFile(path) as archive:
        try:
            return archive.read(name).decode()
        except KeyError:
            return None


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _MEMBER_DATE)
    member.external_attr = 0o644 << 16
    archive.writestr(member, content, zipfile.ZIP_DEFLATED, _COMPRESSION_LEVEL)


def _smallest_exact(values: NDArray[np.float64]) -> NDArray[np.generic]:
    """Return the array in the smallest type that holds every value exactly.

    PAE files hold whole numbers or two decimals.
    """
    for kind in (np.uint8, np.float32):
        if values.size and values.min() >= 0 and values.max() < 256 and np.array_equal(values.astype(kind), values):
            return values.astype(kind)
    return values
