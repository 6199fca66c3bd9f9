"""Read the atoms of mmCIF: items are found by name, positions in the sequence are preferred to authors' numbers."""

import re
import sys
from collections.abc import Mapping

import gemmi

from domainflow.run.errors import InputError
from domainflow.structures.atom_table import AtomTable
from domainflow.structures.chain_links import polymer_rows

__all__ = ["CATEGORIES", "Block", "mmcif_blocks", "read_blocks"]

Block = Mapping[str, Mapping[str, list[str]]]
"""Values of a data block by category and item, unquoted; a missing value is empty."""
CATEGORIES = {
    "atom_site": (
        "group_PDB", "type_symbol", "label_atom_id", "label_alt_id", "label_comp_id", "label_asym_id", "label_seq_id",
        "auth_atom_id", "auth_comp_id", "auth_asym_id", "auth_seq_id", "pdbx_PDB_ins_code", "Cartn_x", "Cartn_y",
        "Cartn_z", "occupancy", "B_iso_or_equiv", "pdbx_PDB_model_num",
    ),
    "chem_comp": ("id", "type"),
    "pdbx_struct_mod_residue": ("label_comp_id", "parent_comp_id"),
}  # fmt: skip
"""Items that are read."""
_POSITION = re.compile("[0-9]{1,9}")


def mmcif_blocks(text: str, name: str) -> dict[str, Block]:
    """Return the data blocks of an mmCIF text by name, `CATEGORIES` alone.

    Raises
    ------
    InputError
        If the text is not valid CIF.
    """
    try:
        document = gemmi.cif.read_string(text)
    except (ValueError, RuntimeError):
        raise InputError(f"{name} is damaged mmCIF (it may have been cut off); copy or download it again") from None
    return {
        f"{number}:{block.name}": {
            category: {
                item: [gemmi.cif.as_string(value) for value in block.find_values(f"_{category}.{item}")]
                for item in items
            }
            for category, items in CATEGORIES.items()
        }
        for number, block in enumerate(document)
    }


def read_blocks(blocks: Mapping[str, Block], name: str) -> AtomTable:
    """Return the atoms of the first model of the only block that has any.

    Raises
    ------
    InputError
        If several blocks have atoms.
    """
    with_atoms = {title: block for title, block in blocks.items() if block["atom_site"].get("Cartn_x")}
    if len(with_atoms) > 1:
        titles = ", ".join(title.partition(":")[2][:20] for title in list(with_atoms)[:5])
        raise InputError(f"{name} holds {len(with_atoms)} data blocks with atoms ({titles}); give one file per block")
    return _read_block(next(iter(with_atoms.values()))) if with_atoms else AtomTable()


def _read_block(block: Block) -> AtomTable:
    atoms = block["atom_site"]
    count = len(atoms["Cartn_x"])

    def column(*items: str, default: str = "") -> list[str]:
        for item in items:
            values = atoms.get(item, [])
            if len(values) == count and any(values):
                return values
        return [default] * count

    models = column("pdbx_PDB_model_num", default="1")
    first = min(models, key=lambda model: int(model) if _POSITION.fullmatch(model) else sys.maxsize)
    positions = column("label_seq_id")
    author = column("auth_seq_id", "label_seq_id")
    if atoms.get("auth_seq_id"):
        author = [f"{number}{code}" for number, code in zip(author, column("pdbx_PDB_ins_code"), strict=True)]
    ordered = any(_POSITION.fullmatch(position) for position in positions)
    records = column("group_PDB", default="ATOM")
    columns = {
        "chain": column("label_asym_id", "auth_asym_id"),
        "residue": positions if ordered else author,
        "author_chain": column("auth_asym_id", "label_asym_id"),
        "author_residue": author,
        "residue_name": column("label_comp_id", "auth_comp_id"),
        "atom_name": column("label_atom_id", "auth_atom_id"),
        "alternate": column("label_alt_id"),
        "x": column("Cartn_x"),
        "y": column("Cartn_y"),
        "z": column("Cartn_z"),
        "occupancy": column("occupancy"),
        "b_factor": column("B_iso_or_equiv"),
        "element": column("type_symbol"),
    }
    rows = [row for row, model in enumerate(models) if model == first]
    table = AtomTable(parents=_declared_parents(block), models=len(set(models)), ordered=ordered)
    for key, values in columns.items():
        setattr(table, key, [values[row] for row in rows])
    table.hetero = [records[row] == "HETATM" for row in rows]
    if ordered:
        table.polymer = [_POSITION.fullmatch(position) is not None for position in table.residue]
    else:
        table.polymer = polymer_rows(table, [False] * len(table))
    return table


def _declared_parents(block: Block) -> dict[str, str]:
    """Return the modified residues of an mmCIF file: those it lists, and every other peptide component it defines."""
    components, modified = block.get("chem_comp", {}), block.get("pdbx_struct_mod_residue", {})
    parents = {
        component: ""
        for component, kind in zip(components.get("id", []), components.get("type", []), strict=False)
        if "PEPTIDE LINKING" in kind.upper()
    }
    parents.update(zip(modified.get("label_comp_id", []), modified.get("parent_comp_id", []), strict=False))
    return parents
