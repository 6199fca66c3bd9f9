"""The DaliLite engine with stand-ins for DaliLite's programs: what it asks of them, and that nothing is lost."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domainflow.alignment.dalilite import engine as engine_module
from domainflow.alignment.dalilite.candidates import TaskTemplates
from domainflow.alignment.dalilite.chain_import import dat_length
from domainflow.alignment.dalilite.comparison import compare
from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.dalilite.programs import COMPILED, dalilite_record, find_dalilite
from domainflow.alignment.dalilite.result_file import read_result_file
from domainflow.alignment.dalilite.template_archive import SourceChain, TemplateArchive, template_code, write_archive
from domainflow.alignment.engine import Alignment, Chain, EngineSettings, LostAlignment, backbone_chain
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.parameters import DPAM_V2
from domainflow.run.errors import EngineError, MissingProgramError, StoreError
from domainflow.run.node_cache import NodeCache
from domainflow.run.scratch import Scratch
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore

pytestmark = [
    pytest.mark.skipif(shutil.which("perl") is None, reason="the stand-ins are written in Perl"),
    pytest.mark.usefixtures("dalilite"),
]

IMPORT = r"""
# makes a file as DaliLite's import does: the code, the number of CA atoms, and the chain's serial numbers
my %given = @ARGV;
open(my $in, '<', $given{'--pdbfile'}) or die;
my @atoms = grep { /^ATOM.{9}CA / } <$in>;
my $count = grep { !/DROP/ } @atoms;
exit 0 if $count < 30;
open(my $out, '>', "$given{'--pdbid'}A.dat") or die;
printf $out ">>>> %sA %4d    1    0    1  E\n", $given{'--pdbid'}, $count;
print $out join("\n", map { substr($_, 17, 3) } @atoms), "\n";
"""
COMPARE = r"""
# aligns residue i with residue i of each template; templates of valine alone make trouble as DaliLite does
use strict;
my %given = @ARGV;
open(my $log, '>>', $ENV{STANDIN_LOG}) or die;
open(my $list, '<', $given{'--db'}) or die;
chomp(my @codes = <$list>);
print $log scalar(@codes), "\n";
my ($length) = (qx(head -1 $given{'--cd1'}.dat) =~ /^>>>> \w+ +(\d+)/);
my (@hits, $trouble);
for my $code (@codes) {
    my $text = qx(cat $given{'--dat2'}$code.dat);
    my ($size) = ($text =~ /^>>>> \w+ +(\d+)/);
    if ($text =~ /VAL/ && $text !~ /GLY/) { $trouble = 1; last; }
    next if $text !~ /ALA/;
    push @hits, [$code, $size];
}
print STDERR "cat: 'fort.1[0-9][0-9]': No such file or directory\n";
print STDERR "$ENV{STANDIN_TROUBLE}\n" if $trouble;
exit($ENV{STANDIN_STATUS} // 0) if $trouble && $ENV{STANDIN_SILENT};
open(my $out, '>', "$given{'--cd1'}.txt") or die;
print $out "# Job: test\n# Query: mol1A\n\n# Pairwise alignments\n\n";
my $n = 0;
for (@hits) {
    my ($code, $size) = @$_;
    my $pairs = $length < $size ? $length : $size;
    $pairs = 40 if $pairs > 40;
    $n++;
    print $out "No $n: Query=mol1A Sbjct=$code Z-score=12.5\n\n";
    print $out "Query ", 'A' x $pairs, 'a' x ($length - $pairs), '-' x ($size - $pairs), "  60\nident\n";
    print $out "Sbjct ", 'A' x $pairs, '-' x ($length - $pairs), 'a' x ($size - $pairs), "  60\n\n";
}
print $out "# Translation-rotation matrices\n";
for (@hits) {
    my ($name) = map { s/A$/-A/r } $_->[0];
    print $out "-matrix  \"mol1-A $name  U(1,.)   1.000000  0.000000  0.000000            1.500000\"\n";
    print $out "-matrix  \"mol1-A $name  U(2,.)   0.000000  1.000000  0.000000           -2.000000\"\n";
    print $out "-matrix  \"mol1-A $name  U(3,.)   0.000000  0.000000  1.000000            0.250000\"\n";
}
"""
TROUBLE = "Fortran runtime error: End of file"


@pytest.fixture
def dalilite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for DaliLite's scripts, found through DALI_HOME; ``calls`` logs the templates of each call."""
    folder = tmp_path / "dali" / "bin"
    folder.mkdir(parents=True)
    (folder / "import.pl").write_text(IMPORT)
    (folder / "dali.pl").write_text(COMPARE)
    for name in COMPILED:
        (folder / name).write_text(name)
    monkeypatch.setenv("DALI_HOME", str(folder.parent))
    monkeypatch.setenv("STANDIN_LOG", str(tmp_path / "calls"))
    monkeypatch.setenv("STANDIN_TROUBLE", TROUBLE)
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def calls(tmp_path: Path) -> list[int]:
    """Number of templates in each call so far."""
    path = tmp_path / "calls"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def chain(length: int) -> Chain:
    backbone = np.arange(length * 12, dtype=np.float32).reshape(length, 4, 3) % 90
    made = backbone_chain(backbone, "A" * length)
    return replace(made, pdb="".join(f"{line}\n" for line in backbone_lines(made.sequence, backbone)))


@pytest.fixture(scope="session")
def store(root: Path) -> TemplateStore:
    return TemplateStore.open(root / "assets" / "mini-ecod")


Archive = Callable[..., Path]


@pytest.fixture
def archive(scratch: Path, tmp_path: Path, store: TemplateStore) -> Archive:
    """Import templates of the reference as chains of one residue type: alanine is found, valine makes trouble."""

    def make(rows: list[int], kinds: str = "") -> Path:
        def chains() -> Iterator[SourceChain]:
            for row, kind in zip(rows, kinds or "A" * len(rows), strict=True):
                length = int(store.lengths[row])
                lines = backbone_lines(kind * length, store.backbone(row))
                yield SourceChain(store.uids[row], "".join(f"{line}\n" for line in lines), length)

        write_archive(tmp_path / "dali.arrow", chains(), find_dalilite(), 1, scratch)
        return tmp_path / "dali.arrow"

    return make


def long_rows(store: TemplateStore, count: int, least: int = 60) -> list[int]:
    """The first rows of templates with at least so many residues."""
    return np.flatnonzero(store.lengths >= least)[:count].tolist()


def settings(imported: Path, scratch: Path, tmp_path: Path, **changes: object) -> EngineSettings:
    task = tmp_path / "task"
    task.mkdir(exist_ok=True)
    return replace(EngineSettings(imported=imported, scratch=str(scratch), task_folder=task), **changes)


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


# Calls


def test_one_call_aligns_all_templates(archive, scratch, tmp_path, store):
    rows = long_rows(store, 40)
    whole = np.arange(50)
    with open_dalilite(store, settings(archive(rows), scratch, tmp_path)) as engine:
        found = engine.align(chain(50), [(row, whole) for row in rows])
    assert calls(tmp_path) == [40]
    for row, alignment in zip(rows, found, strict=True):
        assert isinstance(alignment, Alignment)
        assert alignment.z == 12.5
        assert alignment.query.tolist() == alignment.template.tolist() == list(range(40))
        assert (alignment.query_length, alignment.template_length) == (50, store.lengths[row])
        assert alignment.translation.tolist() == [1.5, -2.0, 0.25]
    assert engine.notes() == []
    assert list(scratch.iterdir()) == list((tmp_path / "task").iterdir()) == []


@pytest.mark.parametrize(("workers", "expected"), [(1, [50, 50, 50]), (4, [37, 37, 38, 38]), (16, [37, 37, 38, 38])])
def test_calls_are_shared_out_among_workers(archive, scratch, tmp_path, store, workers, expected):
    rows = long_rows(store, 150)
    with open_dalilite(store, settings(archive(rows), scratch, tmp_path, workers=workers)) as engine:
        found = engine.align(chain(50), [(row, np.arange(50)) for row in rows])
    assert sorted(calls(tmp_path)) == expected
    assert all(isinstance(alignment, Alignment) for alignment in found)


def test_residues_left_are_those_of_the_whole_query(archive, scratch, tmp_path, store):
    rows = long_rows(store, 2)
    left = np.array([*range(10, 40), *range(60, 90)])
    with open_dalilite(store, settings(archive(rows), scratch, tmp_path)) as engine:
        first, second = engine.align(chain(100), [(rows[0], left), (rows[1], np.arange(100))])
    assert first.query.tolist() == left[:40].tolist()
    assert first.query_length == 60
    assert second.query.tolist() == list(range(40))
    assert calls(tmp_path) == [1, 1], "pairs with other residues need calls of their own"


def test_short_chains_are_not_aligned(archive, scratch, tmp_path, store):
    short = np.flatnonzero(store.lengths < 30)[:1].tolist()
    rows = sorted(short + long_rows(store, 1))
    imported = archive(rows)
    with open_dalilite(store, settings(imported, scratch, tmp_path)) as engine:
        found = engine.align(chain(60), [(row, np.arange(60)) for row in rows])
        assert engine.align(chain(29), [(rows[-1], np.arange(29))]) == [None]
    assert [isinstance(alignment, Alignment) for alignment in found] == [row not in short for row in rows]
    assert [alignment for row, alignment in zip(rows, found, strict=True) if row in short] == [None] * len(short)


def test_a_call_that_went_wrong_is_repeated_in_halves(archive, scratch, tmp_path, store):
    rows = long_rows(store, 40)
    kinds = "".join("V" if place == 17 else "A" for place in range(40))
    with open_dalilite(store, settings(archive(rows, kinds), scratch, tmp_path)) as engine:
        found = engine.align(chain(50), [(row, np.arange(50)) for row in rows])
    assert found[17] == LostAlignment(TROUBLE)
    assert all(isinstance(alignment, Alignment) for place, alignment in enumerate(found) if place != 17)
    assert sorted(calls(tmp_path), reverse=True) == [40, 20, 20, 10, 10, 5, 5, 3, 2, 2, 1, 1]


@pytest.mark.parametrize(
    "sign",
    [
        "At line 5 of file x.f\nFortran runtime error: End of file",
        "sh: 1: cannot create fort.101: No space left on device",
        "sh: 1: cannot open ./mol1A.dat: No such file",
        "ERROR running PARSI",
        "Segmentation fault (core dumped)",
        "Killed",
    ],
)
def test_every_sign_of_a_failure_is_seen(archive, scratch, tmp_path, store, monkeypatch, sign):
    monkeypatch.setenv("STANDIN_TROUBLE", sign)
    rows = long_rows(store, 2)
    with open_dalilite(store, settings(archive(rows, "AV"), scratch, tmp_path)) as engine:
        good, bad = engine.align(chain(50), [(row, np.arange(50)) for row in rows])
    assert isinstance(good, Alignment)
    assert isinstance(bad, LostAlignment)
    assert bad.cause == sign.splitlines()[-1]


@pytest.mark.parametrize(("status", "cause"), [("25", "status 25"), ("0", "No such file")])
def test_a_missing_result_file_is_seen(archive, scratch, tmp_path, store, monkeypatch, status, cause):
    monkeypatch.setenv("STANDIN_TROUBLE", "nothing to see")
    monkeypatch.setenv("STANDIN_SILENT", "1")
    monkeypatch.setenv("STANDIN_STATUS", status)
    rows = long_rows(store, 1)
    with open_dalilite(store, settings(archive(rows, "V"), scratch, tmp_path)) as engine:
        (lost,) = engine.align(chain(50), [(rows[0], np.arange(50))])
    assert isinstance(lost, LostAlignment)
    assert cause in lost.cause


def test_no_hit_is_no_failure(archive, scratch, tmp_path, store):
    rows = long_rows(store, 3)
    with open_dalilite(store, settings(archive(rows, "GGG"), scratch, tmp_path)) as engine:
        assert engine.align(chain(50), [(row, np.arange(50)) for row in rows]) == [None] * 3
    assert calls(tmp_path) == [3]


@pytest.mark.parametrize("damage", ["missing", "cut", "foreign"])
def test_a_damaged_template_file_is_seen_before_the_call_and_made_again(
    archive, scratch, tmp_path, store, monkeypatch, damage
):
    rows = long_rows(store, 3)
    place = TaskTemplates.place

    def place_and_damage(self, uids):
        place(self, uids)
        path = next(scratch.glob("*/*/T")) / "0001A.dat"
        if damage == "missing":
            path.unlink()
        else:
            text = path.read_bytes()
            path.write_bytes(text[:-5] if damage == "cut" else text.replace(b"0001A", b"0002A"))

    monkeypatch.setattr(TaskTemplates, "place", place_and_damage)
    with open_dalilite(store, settings(archive(rows), scratch, tmp_path)) as engine:
        found = engine.align(chain(50), [(row, np.arange(50)) for row in rows])
    assert all(isinstance(alignment, Alignment) for alignment in found)
    assert sorted(calls(tmp_path)) == [1, 1, 1], "the three were not aligned together with a damaged file"


def test_a_template_that_was_not_asked_for_is_a_sign(dalilite, archive, scratch, tmp_path, store):
    opened = TemplateArchive(archive(long_rows(store, 1)))
    (dalilite / "dali.pl").write_text(
        COMPARE.replace("Sbjct=$code", "Sbjct=zzzzA").replace("mol1-A $name", "mol1-A zzzz-A")
    )
    with open_dalilite(store, settings(tmp_path / "dali.arrow", scratch, tmp_path)) as engine:
        (lost,) = engine.align(chain(50), [(long_rows(store, 1)[0], np.arange(50))])
    assert isinstance(lost, LostAlignment)
    assert "zzzzA was not asked for" in lost.cause
    assert opened.code(store.uids[long_rows(store, 1)[0]]) == "0000A"


def test_a_template_without_file_is_lost_with_its_cause(scratch, tmp_path, store):
    row = long_rows(store, 1)[0]
    write_archive(tmp_path / "dali.arrow", [SourceChain(store.uids[row], "", 70)], find_dalilite(), 1, scratch)
    with open_dalilite(store, settings(tmp_path / "dali.arrow", scratch, tmp_path)) as engine:
        (lost,) = engine.align(chain(50), [(row, np.arange(50))])
    assert isinstance(lost, LostAlignment)
    assert lost.cause.startswith("DaliLite cannot read the template: DaliLite's import.pl made no file")


def test_losses_are_notes_for_the_ledger_and_other_rounds_go_on(archive, scratch, tmp_path, store):
    rows = long_rows(store, 6, least=80)
    uids = [store.uids[row] for row in rows]
    with open_dalilite(store, settings(archive(rows, "AVVVVA"), scratch, tmp_path)) as engine:
        result = align_templates(chain(100), store, uids, engine.align, DPAM_V2)
    assert [(uid, number) for uid, number, _ in result.alignments] == [
        (uid, number) for uid in (uids[0], uids[5]) for number in (1, 2)
    ], "two rounds of 40 residues, then 20 are left and DaliLite aligns no chain that short"
    assert result.notes() == [f"not aligned with {', '.join(uids[1:4])} and 1 other template: {TROUBLE}"]


# Places to work


def test_scratch_that_cannot_be_used_costs_time_alone(archive, tmp_path, store):
    rows = long_rows(store, 3)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with open_dalilite(store, settings(archive(rows), blocked, tmp_path)) as engine:
        found = engine.align(chain(50), [(row, np.arange(50)) for row in rows])
        notes = engine.notes()
    assert all(isinstance(alignment, Alignment) for alignment in found)
    assert len(notes) == 1
    assert "so the work was done in the task's own folder" in notes[0]
    assert list((tmp_path / "task").iterdir()) == []


def test_scratch_can_be_switched_off(archive, tmp_path, store):
    rows = long_rows(store, 3)
    with open_dalilite(store, settings(archive(rows), Path("off"), tmp_path)) as engine:
        assert [path.name[:11] for path in (tmp_path / "task").iterdir()] == ["domainflow-"]
        engine.align(chain(50), [(row, np.arange(50)) for row in rows])
        assert engine.notes() == []
    assert list((tmp_path / "task").iterdir()) == []


def test_tasks_share_the_templates_of_a_node(archive, scratch, tmp_path, store):
    rows = long_rows(store, 3)
    cache = {"node_cache": tmp_path / "cache", "node_cache_bytes": 10**7}
    jobs = [(row, np.arange(50)) for row in rows]
    for _ in range(2):
        with open_dalilite(store, settings(archive(rows), scratch, tmp_path, **cache)) as engine:
            assert all(isinstance(alignment, Alignment) for alignment in engine.align(chain(50), jobs))
    cached = [path.name for path in (tmp_path / "cache").glob("*/*/*.dat")]
    assert sorted(cached) == ["0000A.dat", "0001A.dat", "0002A.dat"]


def test_without_imported_templates_the_reference_is_to_blame(scratch, tmp_path, store):
    missing = replace(settings(Path(), scratch, tmp_path), imported=None)
    with pytest.raises(StoreError, match="--dali_import"), open_dalilite(store, missing):
        pass


def test_a_full_disk_while_placing_templates_ends_no_task(archive, scratch, tmp_path, store, monkeypatch):
    rows = long_rows(store, 3)

    def full(*_: object) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(NodeCache, "place_all", full)
    with open_dalilite(store, settings(archive(rows), scratch, tmp_path)) as engine:
        found = engine.align(chain(50), [(row, np.arange(50)) for row in rows])
    assert all(isinstance(alignment, Alignment) for alignment in found), "each was aligned in the task's folder"


def test_a_full_disk_while_a_query_is_imported_ends_no_task(archive, scratch, tmp_path, store, monkeypatch):
    rows = long_rows(store, 2)
    given = settings(archive(rows), scratch, tmp_path)
    import_chain, folders = engine_module.import_chain, []

    def full_on_the_node(dalilite, pdb, name, length, parent):
        folders.append(parent)
        if scratch in parent.parents:
            raise OSError(28, "No space left on device")
        return import_chain(dalilite, pdb, name, length, parent)

    monkeypatch.setattr(engine_module, "import_chain", full_on_the_node)
    with open_dalilite(store, given) as opened:
        found = opened.align(chain(100), [(row, np.arange(100)) for row in rows])
    assert all(isinstance(each, Alignment) for each in found)
    assert folders[1:] == [given.task_folder]


def test_a_task_that_a_signal_ends_repeats_nothing_in_its_own_folder(archive, scratch, tmp_path, store, monkeypatch):
    rows = long_rows(store, 1)
    given = settings(archive(rows), scratch, tmp_path)
    ended = threading.Event()

    @contextmanager
    def scratch_of_an_ended_task(*_):
        (scratch / "w").mkdir()
        yield Scratch(scratch / "w", None, ended)

    def removed(*_):
        ended.set()
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(engine_module, "scratch_folder", scratch_of_an_ended_task)
    monkeypatch.setattr(engine_module, "import_chain", removed)
    with open_dalilite(store, given) as opened, pytest.raises(EngineError, match="ended by a signal"):
        opened.align(chain(100), [(row, np.arange(100)) for row in rows])
    assert list(given.task_folder.iterdir()) == []


def test_a_call_without_templates_folder_fails_as_a_whole(scratch):
    answer = compare(find_dalilite(), b"", [], "../T/", scratch / "missing")
    assert answer.hits == {}
    assert answer.sign == "No such file or directory"
