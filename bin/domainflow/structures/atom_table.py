"""Read the atoms of a PDB or mmCIF file as columns of text: first model only, nothing selected or converted yet.

Numbers stay text because preparation copies them (DPAM step 1). mmCIF items are found by name, PDB fields by column.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import gemmi

from domainflow.run.errors import InputError
from domainflow.structures.compressed import read_bytes

__all__ = ["AtomTable", "read_atom_table"]

MISSING = ("", ".", "?")
_POSITION = re.compile("[0-9]{1,9}")


@dataclass
class AtomTable:
    """Table of A atoms in the order of the file; every column is a list of A values.

    Attributes
    ----------
    chain, residue : list of str
        Chain and residue number: label ids in mmCIF; in PDB the chain letter, number and insertion code.
    residue_name, atom_name, alternate, x, y, z, occupancy, b_factor, element : list of str
        As in the file, blanks stripped; `alternate` is empty if an atom has no alternate location.
    hetero : list of bool
        True for HETATM.
    polymer : list of bool
        False for atoms that cannot be part of a chain: mmCIF atoms without a position in the sequence, and HETATM
        after TER.
    parents : dict of str to str
        Standard residue that each modified residue is made from, as the file declares it; empty if it names none.
    models : int
        Number of models in the file.
    ordered : bool
        True if residue numbers are positions in the sequence, and so define the order of the residues.
    """

    chain: list[str] = field(default_factory=list)
    residue: list[str] = field(default_factory=list)
    residue_name: list[str] = field(default_factory=list)
    atom_name: list[str] = field(default_factory=list)
    alternate: list[str] = field(default_factory=list)
    x: list[str] = field(default_factory=list)
    y: list[str] = field(default_factory=list)
    z: list[str] = field(default_factory=list)
    occupancy: list[str] = field(default_factory=list)
    b_factor: list[str] = field(default_factory=list)
    element: list[str] = field(default_factory=list)
    hetero: list[bool] = field(default_factory=list)
    polymer: list[bool] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    models: int = 1
    ordered: bool = False

    def __len__(self) -> int:
        return len(self.chain)


def read_atom_table(path: Path) -> AtomTable:
    """Read the atoms of a structure file, gzipped or not; the format is detected from the content, not from the name.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no atoms in PDB or mmCIF format.
    """
    content = read_bytes(path)
    if b"_atom_site." in content:
        table = _read_mmcif(content.decode("utf-8", "replace"), path.name)
    else:
        table = _read_pdb(content.decode("latin-1"))
    if not len(table):
        kind = " (it is a web page)" if content.lstrip()[:1] == b"<" else ""
        raise InputError(f"{path.name} is neither PDB nor mmCIF with atoms{kind}; give a structure file")
    return table


def _read_pdb(text: str) -> AtomTable:
    table = AtomTable(models=0)
    ended: set[str] = set()
    in_first_model = True
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        record = line[:6]
        if record == "MODEL " or line.rstrip() == "MODEL":
            table.models += 1
        elif record == "ENDMDL":
            in_first_model = in_first_model and not len(table)
        elif record == "MODRES":
            table.parents[line[12:15].strip() or "?"] = line[24:27].strip()
        elif record.rstrip() == "TER" and len(table):
            ended.add(table.chain[-1])
        elif record in ("ATOM  ", "HETATM") and in_first_model:
            hetero = record == "HETATM"
            chain = line[21:22].strip()
            atom_name = line[12:16].strip()
            table.chain.append(chain)
            table.residue.append(line[22:27].strip())
            table.residue_name.append(line[17:20].strip())
            table.atom_name.append(atom_name)
            table.alternate.append(line[16:17].strip())
            table.x.append(line[30:38].strip())
            table.y.append(line[38:46].strip())
            table.z.append(line[46:54].strip())
            table.occupancy.append(line[54:60].strip())
            table.b_factor.append(line[60:66].strip())
            table.element.append(line[76:78].strip())
            table.hetero.append(hetero)
            table.polymer.append(not hetero or chain not in ended)
    return table


def _read_mmcif(text: str, name: str) -> AtomTable:
    try:
        document = gemmi.cif.read_string(text)
    except (ValueError, RuntimeError):
        raise InputError(f"{name} is damaged mmCIF (it may have been cut off); copy or download it again") from None
    block = next((block for block in document if len(block.find_values("_atom_site.Cartn_x"))), None)
    if block is None:
        return AtomTable()

    def column(*tags: str, default: str = "") -> list[str]:
        for tag in tags:
            values = [gemmi.cif.as_string(value) for value in block.find_values(f"_atom_site.{tag}")]
            if any(value not in MISSING for value in values):
                return values
        return [default] * len(block.find_values("_atom_site.Cartn_x"))

    models = column("pdbx_PDB_model_num", default="1")
    first = min(models, key=lambda model: int(model) if _POSITION.fullmatch(model) else sys.maxsize)
    positions = column("label_seq_id")
    ordered = any(_POSITION.fullmatch(position) for position in positions)
    if not ordered:
        numbers = zip(column("auth_seq_id"), column("pdbx_PDB_ins_code"), strict=True)
        positions = [number + ("" if code in MISSING else code) for number, code in numbers]
    records = column("group_PDB", default="ATOM")
    columns = {
        "chain": column("label_asym_id", "auth_asym_id"),
        "residue": positions,
        "residue_name": column("label_comp_id", "auth_comp_id"),
        "atom_name": column("label_atom_id", "auth_atom_id"),
        "alternate": ["" if value in MISSING else value for value in column("label_alt_id")],
        "x": column("Cartn_x"),
        "y": column("Cartn_y"),
        "z": column("Cartn_z"),
        "occupancy": column("occupancy"),
        "b_factor": column("B_iso_or_equiv"),
        "element": column("type_symbol"),
    }
    rows = [row for row, model in enumerate(models) if model == first]
    return AtomTable(
        **{key: [values[row] for row in rows] for key, values in columns.items()},
        hetero=[records[row] == "HETATM" for row in rows],
        polymer=[not ordered or _POSITION.fullmatch(positions[row]) is not None for row in rows],
        parents=_declared_parents(block),
        models=len(set(models)),
        ordered=ordered,
    )


def _declared_parents(block: gemmi.cif.Block) -> dict[str, str]:
    """Return the modified residues of an mmCIF file: those it lists, and every other peptide component it defines."""
    parents = {}
    for component, kind in block.find("_chem_comp.", ["id", "type"]):
        if "PEPTIDE LINKING" in gemmi.cif.as_string(kind).upper():
            parents[gemmi.cif.as_string(component)] = ""
    for component, parent in block.find("_pdbx_struct_mod_residue.", ["label_comp_id", "parent_comp_id"]):
        parents[gemmi.cif.as_string(component)] = gemmi.cif.as_string(parent)
    return parents
