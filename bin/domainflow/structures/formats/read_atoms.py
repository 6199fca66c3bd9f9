"""Read the atoms of a structure file in any format that domainflow knows, told by its content."""

from pathlib import Path

from domainflow.run.errors import InputError
from domainflow.structures.atom_table import AtomTable
from domainflow.structures.compressed import read_bytes
from domainflow.structures.file_kind import Kind, decode_text, file_kind
from domainflow.structures.formats.binary_cif import binary_cif_blocks
from domainflow.structures.formats.foldcomp import pdb_of_foldcomp
from domainflow.structures.formats.mmcif import mmcif_blocks, read_blocks
from domainflow.structures.formats.pdb import read_pdb

__all__ = ["LARGEST_STRUCTURE", "read_atom_table"]

LARGEST_STRUCTURE = 512 * 1024**2
"""Bytes of a structure file after unpacking; the longest chain takes 20 MB a model."""
STRUCTURES = "PDB, mmCIF, BinaryCIF or FoldComp"
_UNKNOWN = (Kind.TEXT, Kind.BINARY, Kind.PDB, Kind.MMCIF, Kind.FASTA)


def read_atom_table(path: Path) -> AtomTable:
    """Read the atoms of the first model of a structure file, compressed or not.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no atoms in a format of structures.
    """
    content, name = read_bytes(path, LARGEST_STRUCTURE), path.name
    kind = file_kind(content)
    if kind is Kind.MMCIF or (kind is Kind.TEXT and b"_atom_site." in content):
        table = read_blocks(mmcif_blocks(decode_text(content), name), name)
    elif kind is Kind.BINARY_CIF:
        table = read_blocks(binary_cif_blocks(content, name), name)
    elif kind is Kind.FOLDCOMP:
        table = read_pdb(pdb_of_foldcomp(content, name), name)
    elif kind in (Kind.PDB, Kind.TEXT, Kind.FASTA):
        table = read_pdb(decode_text(content), name)
    else:
        table = AtomTable()
    if not len(table):
        found = "" if kind in _UNKNOWN else f" (it is {kind.value})"
        raise InputError(f"{name} is neither PDB nor mmCIF with atoms{found}; give a structure file: {STRUCTURES}")
    return table
