"""What DaliLite reads and writes: its programs, result file and imported templates."""

from pathlib import Path

import numpy as np
import pytest

from dalilite_standins import Archive, long_rows
from domainflow.alignment.dalilite.chain_import import dat_length
from domainflow.alignment.dalilite.programs import dalilite_record, find_dalilite
from domainflow.alignment.dalilite.result_file import read_result_file
from domainflow.alignment.dalilite.template_archive import SourceChain, TemplateArchive, template_code, write_archive
from domainflow.run.errors import MissingProgramError, StoreError
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore

pytestmark = pytest.mark.usefixtures("dalilite")

# The result file

TEXT = """# Job: test
# Query: mol1A
# No:  Chain   Z    rmsd lali nres  %id PDB  Description
   1:  0000-A100.2  2.3    3     4   19

# Pairwise alignments

No 1: Query=mol1A Sbjct=0000A Z-score=100.2

DSSP  lleell
Query msDEf-   5
ident   ||
Sbjct --DEaF   3
DSSP  --eell

DSSP  ll
Query Gh       7
ident |
Sbjct G-       4
DSSP  l-

# Translation-rotation matrices
-matrix  "mol1-A 0000-A  U(1,.)   0.176536  0.671426 -0.719738           -5.619153"
-matrix  "mol1-A 0000-A  U(2,.)   0.681809 -0.610800 -0.402567         1003.783197"
-matrix  "mol1-A 0000-A  U(3,.)  -0.709909 -0.419656 -0.565612           37.338753"
"""


def test_pairs_are_the_columns_with_two_capitals():
    hit = read_result_file(TEXT)["0000A"]
    assert hit.z == 100.2
    assert hit.query.tolist() == [2, 3, 5]
    assert hit.template.tolist() == [0, 1, 4]
    assert (hit.query_length, hit.template_length) == (7, 5)
    assert hit.rotation[2].tolist() == [-0.709909, -0.419656, -0.565612]
    assert hit.translation.tolist() == [-5.619153, 1003.783197, 37.338753]


def test_a_file_without_hits_has_none():
    assert read_result_file(TEXT[: TEXT.index("No 1:")]) == {}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Sbjct G-       4\n", "", "columns"),
        ('-matrix  "mol1-A 0000-A  U(3', "cut", "no matrix"),
        ("Z-score=100.2", "", "no z-score"),
    ],
)
def test_an_incomplete_file_is_an_error(old, new, what):
    with pytest.raises(ValueError, match=what):
        read_result_file(TEXT.replace(old, new))


# Programs


def test_a_missing_program_is_named(dalilite: Path, monkeypatch):
    (dalilite / "puu").unlink()
    with pytest.raises(MissingProgramError, match="lacks puu"):
        find_dalilite()
    monkeypatch.delenv("DALI_HOME")
    monkeypatch.setenv("PATH", str(dalilite.parent))
    with pytest.raises(MissingProgramError, match=r"dali\.pl cannot be found"):
        find_dalilite()


def test_the_record_tells_builds_apart(dalilite: Path):
    before = dalilite_record()
    (dalilite / "serialcompare").write_text("another build")
    after = dalilite_record()
    assert before["version"] == after["version"] == "DaliLite v5"
    changed = {name for name in before["sha256"] if before["sha256"][name] != after["sha256"][name]}
    assert changed == {"serialcompare"}


# The archive


def test_an_archive_gives_back_what_was_imported(archive: Archive, store: TemplateStore):
    rows = long_rows(store, 40)
    opened = TemplateArchive(archive(rows))
    for place, row in enumerate(rows):
        uid = store.uids[row]
        dat = opened.dat(uid)
        assert opened.code(uid) == template_code(place)
        assert opened.uid(opened.code(uid)) == uid
        assert (opened.size(uid), opened.problem(uid)) == (len(dat), None)
        assert dat_length(dat, opened.code(uid)) == store.lengths[row]


def test_codes_have_five_characters_and_are_not_repeated():
    assert [template_code(row) for row in (0, 35, 36, 36**4 - 1)] == ["0000A", "000zA", "0010A", "zzzzA"]


def test_a_template_that_cannot_be_read_is_told_apart_from_a_short_one(scratch, tmp_path):
    def text(length: int) -> str:
        return "".join(f"{line}\n" for line in backbone_lines("A" * length, np.zeros((length, 4, 3), np.float32)))

    chains = [
        SourceChain("000000001", text(29), 29),
        SourceChain("000000002", text(40), 41),
        SourceChain("000000003", text(40), 40),
        SourceChain("000000004", "", 40),
    ]
    assert write_archive(tmp_path / "dali.arrow", chains, find_dalilite(), 2, scratch) == 2
    opened = TemplateArchive(tmp_path / "dali.arrow")
    assert "fewer than 30 residues" in opened.problem("000000001")
    assert "kept 40 of the chain's 41 residues" in opened.problem("000000002")
    assert opened.problem("000000003") is None
    assert "made no file" in opened.problem("000000004")


def test_another_file_is_no_archive(root: Path):
    with pytest.raises(StoreError, match="does not hold DaliLite's templates"):
        TemplateArchive(root / "assets" / "mini-ecod" / "templates.arrow")


def test_an_unknown_template_is_an_error_of_the_reference(archive: Archive, store: TemplateStore):
    opened = TemplateArchive(archive(long_rows(store, 3)))
    with pytest.raises(StoreError, match="lacks template 999999999"):
        opened.dat("999999999")
