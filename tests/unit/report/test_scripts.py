"""Scripts for PyMOL and ChimeraX select a domain's residues in the user's own file."""

import json
import os
import re
import shutil
import subprocess

import pytest

from domainflow.report.author_selection import chimerax_residues, pymol_residues
from domainflow.report.scripts import chimerax_script, pymol_script
from domainflow.report.tool_files import mmcif
from domainflow.structures.author_numbers import AuthorNumbers
from unit.report.conftest import wanted_labels

PRINT = """
import json
from pymol import cmd
names = [name for name in cmd.get_names("selections") if not name.endswith("_model")]
found = {name: [(atom.chain, atom.resi) for atom in cmd.get_model(name + " and name CA").atom] for name in names}
json.dump(found, open("selected.json", "w"))
"""


_NUMBER = r"-?\d+[A-Za-z]?"
_ITEM = rf"{_NUMBER}(?:-{_NUMBER})?"
_SPEC = rf"#\d+(?:/[A-Za-z0-9]+)?(?::{_ITEM}(?:,{_ITEM})*)?"
CHIMERAX = rf'# .+|open "[^"]+"|cartoon {_SPEC}|color {_SPEC} (?:grey|#[0-9a-f]{{6}})|name frozen [A-Za-z]\w* {_SPEC}'
"""Lines of a script, by ChimeraX's documentation of these commands, of specifications and of colours."""


@pytest.mark.parametrize(
    ("labels", "residues", "expected"),
    [
        (["1", "2", "3", "4"], [1, 2, 4], "1-2+4"),
        (["52", "52A", "52B", "53"], [1, 2, 3, 4], "52-53"),
        # a range up to 52 would have 52A
        (["51", "52", "52A", "53"], [1, 2], "51+52"),
        (["-2", "-1", "0"], [1, 2, 3], r"\-2-0"),
        (["-2", "-1", "0"], [2], r"\-1"),
        (["7A", "7"], [1, 2], "7A+7"),
    ],
)
def test_a_range_holds_the_wanted_residues_alone(labels, residues, expected):
    author = AuthorNumbers("B", tuple(labels))
    assert pymol_residues(author, residues) == f"chain B and (resi {expected})"
    assert chimerax_residues(author, residues) == "/B:" + expected.replace("\\", "").replace("+", ",")


def selected(folder, *arguments):
    """(Chain, number) of the CA atoms of each selection after PyMOL ran some files in a folder."""
    if shutil.which("pymol") is None:
        pytest.skip("needs PyMOL (Debian's package pymol)")
    (folder / "print.py").write_text(PRINT)
    command = ["pymol", "-cq", *arguments, "print.py"]
    # Debian's PyMOL is a module of Debian's Python, and its launcher takes the first python3
    environment = {**os.environ, "PATH": f"/usr/bin:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, env=environment)
    assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
    found = json.loads((folder / "selected.json").read_text())
    return {name: [tuple(atom) for atom in atoms] for name, atoms in found.items()}


def test_pymol_selects_the_residues_of_the_table_in_the_users_file(tmp_path, user_file, protein, rows):
    shutil.copy(user_file, tmp_path / "own file.pdb")
    (tmp_path / "two.domains.pml").write_text(pymol_script(protein.id, protein.author, rows))
    found = selected(tmp_path, "own file.pdb", "two.domains.pml")
    assert found == {
        f"two_domains_{row.domain}": [("B", label) for label in wanted_labels(protein, row)] for row in rows
    }


def test_pymol_opens_the_model_beside_the_script(tmp_path, protein, rows):
    (tmp_path / "two.domains.cif.gz").write_bytes(mmcif(protein, rows))
    (tmp_path / "two.domains.pml").write_text(pymol_script(protein.id, protein.author, rows))
    found = selected(tmp_path, "two.domains.pml")
    assert [{number for _, number in residues} for residues in found.values()] == [
        set(wanted_labels(protein, row)) for row in rows
    ]


def test_chimerax_script_names_and_colours_each_domain(protein, rows):
    """ChimeraX is in no package registry here: the script is read by its grammar."""
    loaded = {rows[0].domain: "two.domains_nD1_e1abcA1.pdb"}
    lines = chimerax_script(protein.id, protein.author, rows, loaded).splitlines()
    assert [line for line in lines if not re.fullmatch(CHIMERAX, line, re.ASCII)] == []
    assert lines[1] == 'open "two.domains.cif.gz"'
    named = dict(re.fullmatch(r"name frozen (\w+) #1/B:(\S+)", line).groups() for line in lines if "frozen" in line)
    assert named == {
        "two_domains_nD1": "-4-9,120-121,200-217,10,10A",
        "two_domains_nD2": "101-118",
    }
    assert sum(bool(re.fullmatch(r"color #1/B:\S+ #[0-9a-f]{6}", line)) for line in lines) == len(rows)
