"""Write scripts that show a protein's domains in PyMOL and ChimeraX, on the user's own file.

A script selects by the numbers of the user's file. It takes the models that are open. If none is open, it opens
``ID.cif.gz`` beside it, which has the same numbers.
"""

import re
from collections.abc import Mapping, Sequence

from domainflow.domains.results import DomainRow
from domainflow.report.author_selection import chimerax_residues, pymol_residues
from domainflow.report.colours import domain_colour
from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.ranges import parse_range

__all__ = ["chimerax_script", "pymol_script"]


def pymol_script(
    protein: str, author: AuthorNumbers, rows: Sequence[DomainRow], templates: Mapping[str, str] | None = None
) -> str:
    """Return the PyMOL script of a protein: one selection a domain, coloured as in the report.

    Parameters
    ----------
    protein : str
        Its id, which is the name of its files.
    author : AuthorNumbers
    rows : sequence of DomainRow
    templates : mapping of domain to file name, optional
        Superposed templates to load beside the model.
    """
    model = _name(f"{protein}_model")
    lines = [
        f"# domainflow: the domains of {_comment(protein)}.",
        "# Load your own file, then run this script with @ and its path. Or run it alone in its folder.",
        f"/if not cmd.get_object_list(): cmd.load({protein + '.cif.gz'!r}, {_name(protein)!r})",
        f"select {model}, polymer",
        f"hide everything, {model}",
        f"show cartoon, {model}",
        f"color grey70, {model}",
    ]
    loads = []
    for place, row in enumerate(rows):
        colour, name = domain_colour(place).removeprefix("#"), _name(f"{protein}_{row.domain}")
        lines += [
            f"# {row.domain}: {row.label}, {_comment(row.t_group_name)}",
            f"select {name}, {model} and {pymol_residues(author, parse_range(row.range))}",
            f"color 0x{colour}, {name}",
        ]
        if template := (templates or {}).get(row.domain):
            loaded = _name(template.removesuffix(".pdb"))
            loads += [f"load {template}, {loaded}", f"hide everything, {loaded}", f"show ribbon, {loaded}"]
    return "\n".join([*lines, *loads, "deselect", ""])


def chimerax_script(
    protein: str, author: AuthorNumbers, rows: Sequence[DomainRow], templates: Mapping[str, str] | None = None
) -> str:
    """Return the ChimeraX script of a protein; arguments as in `pymol_script`.

    ChimeraX scripts have no conditions, so this one opens the model; the first line says how to use another.
    """
    lines = [
        f"# domainflow: the domains of {_comment(protein)}. To use your own file, open it first and leave out 'open'.",
        f'open "{protein}.cif.gz"',
        "cartoon #1",
        "color #1 grey",
    ]
    for place, row in enumerate(rows):
        chosen = f"#1{chimerax_residues(author, parse_range(row.range))}"
        name = _name(f"{protein}_{row.domain}")
        lines += [
            f"# {row.domain}: {row.label}, {_comment(row.t_group_name)}",
            f"name frozen {name} {chosen}",
            f"color {chosen} {domain_colour(place)}",
        ]
        if template := (templates or {}).get(row.domain):
            lines.append(f'open "{template}"')
    return "\n".join([*lines, ""])


def _name(text: str) -> str:
    """Return a name that both programs take: letters, digits and underscores, a letter first."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    return name if name[:1].isalpha() else f"p{name}"


def _comment(text: str) -> str:
    return re.sub(r"\s+", " ", text)
