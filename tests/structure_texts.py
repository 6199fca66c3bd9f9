"""A helix in PDB and mmCIF, and reading files that hold it."""

import pytest

from domainflow.run.errors import InputError
from domainflow.structures.structure_file import read_structure
from peptides import ALPHA, pdb_text, peptide

HELIX = peptide([ALPHA] * 12)
HELIX_PDB = pdb_text(HELIX)


def read(folder, content, name="model.pdb"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_structure(path)


def rejection(folder, content, name="model.pdb"):
    with pytest.raises(InputError) as caught:
        read(folder, content, name)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) not in message
    assert name in message
    return message


def mmcif_rows(numbers=range(1, 13), chain="A", alternate=".", model=1):
    return [
        f"ATOM {atom} {alternate} ALA {chain} {number} {x:.3f} {y:.3f} {z:.3f} {model}"
        for number, residue in zip(numbers, HELIX, strict=False)
        for atom, (x, y, z) in zip(("N", "CA", "C", "O"), residue, strict=True)
    ]
