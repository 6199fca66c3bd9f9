"""Where DaliLite works: scratch, the node's cache, the task's folder, and troubles of each."""

import os
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dalilite_standins import chain, long_rows, settings
from domainflow.alignment.dalilite import engine as engine_module
from domainflow.alignment.dalilite.comparison import compare
from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.engine import Alignment
from domainflow.run.errors import EngineError, StoreError
from domainflow.run.node_cache import NodeCache
from domainflow.run.scratch import Scratch

pytestmark = pytest.mark.usefixtures("dalilite")


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
