"""The DaliLite engine: what it asks of the programs, and that nothing is lost."""

import os
from types import SimpleNamespace

import numpy as np
import pytest

from dalilite_standins import COMPARE, TROUBLE, calls, chain, long_rows, settings
from domainflow.alignment.dalilite.candidates import TaskTemplates
from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.dalilite.template_archive import SourceChain, TemplateArchive, write_archive
from domainflow.alignment.engine import Alignment, LostAlignment
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.parameters import DPAM_V2
from domainflow.run.isolation import Died, each_isolated

pytestmark = pytest.mark.usefixtures("dalilite")


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


def test_a_process_after_one_that_died_finds_its_templates(archive, scratch, tmp_path, store, capfd):
    rows = long_rows(store, 12)
    proteins = [SimpleNamespace(id=name) for name in "abc"]

    def align(protein):
        jobs = [(row, np.arange(50)) for row in (rows[:8] if protein.id == "a" else rows)]
        found = engine.align(chain(50), jobs)
        if protein.id == "b":
            folder = next(scratch.glob("*/*/T"))
            (folder / "0001A.dat").write_bytes(b"half of a")  # it died while it wrote this one
            os._exit(1)
        return len(found), all(isinstance(alignment, Alignment) for alignment in found)

    with open_dalilite(store, settings(archive(rows), scratch, tmp_path)) as engine:
        done = list(each_isolated(proteins, align))
    assert done == [(8, True), Died("b", "its process ended with exit code 1"), (12, True)]
    assert calls(tmp_path) == [8, 12, 12, 12], "all templates were there for every call"
    assert "not all templates could be written" not in capfd.readouterr().err


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
