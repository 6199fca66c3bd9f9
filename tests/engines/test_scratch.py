"""DaliLite in scratch on the node: whatever happens there, the alignments are the same and nothing of it remains."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from benchmarks.engines.dalilite_pairs import Pairs, prepare_pairs
from benchmarks.oracle import Oracle
from domainflow.run.ledger import read_ledger
from domainflow.structures.archive import read_texts
from engines.conftest import source

TEMPLATES = {"2CFX_E": 5, "P01308": 3}
"""Two proteins, and how many templates of each: the first is similar to most of its own."""
ARCHIVE = "b.alignments.zip"
RESULTS = {ARCHIVE, "b.align.ledger.tsv"}
TOO_SMALL = "size=1m"
LARGE_ENOUGH = 10_000_000
"""Bytes: more than one worker is estimated to need."""
MOST_SECONDS = 120


@pytest.fixture(scope="module", autouse=True)
def _dalilite(sources):
    home = source(sources, "dalilite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DALI_HOME", str(home))
        yield


@pytest.fixture(scope="module")
def pairs(_dalilite, shared, tmp_path_factory):
    oracle = Oracle(*(shared / "data" / name for name in ("oracle", "models", "chains", "reference")))
    return prepare_pairs(oracle, TEMPLATES, tmp_path_factory.mktemp("pairs") / "p")[0]


@pytest.fixture(scope="module")
def undisturbed(root, pairs, tmp_path_factory):
    """Alignments made in the task's own folder, by protein."""
    task = tmp_path_factory.mktemp("undisturbed")
    done = start(root, pairs, task, "off")
    assert done.wait() == 0
    assert files(task) == RESULTS
    texts = alignments(task)
    assert texts.keys() == TEMPLATES.keys()
    assert texts["2CFX_E"]
    return texts


@pytest.fixture
def mount(node):
    """A function that mounts a small file system in memory on the node's folder."""

    def do(*options):
        command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", node]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("needs root, to mount a small or read-only file system")
        return node

    yield do
    subprocess.run(["umount", "-q", node], capture_output=True)


def start(root, pairs: Pairs, task, scratch, *options):
    """Start bin/align_templates.py in a task's folder, as the process does; its messages are in ``errors`` beside."""
    command = [
        sys.executable, root / "bin" / "align_templates.py", "--proteins", pairs.proteins, "--candidates",
        pairs.candidates, "--reference", pairs.store, "--engine", "dalilite", "--dali", pairs.imported, "--workers",
        "2", "--scratch", scratch, *options,
    ]  # fmt: skip
    with open(errors(task), "w") as stream:
        return subprocess.Popen(command, cwd=task, stderr=stream, stdout=stream, start_new_session=True)


def errors(task):
    return task.with_name(f"{task.name}.errors")


def files(folder):
    return {path.name for path in folder.iterdir()}


def alignments(task):
    return dict(read_texts(task / ARCHIVE))


def reasons(task):
    return {row.reason for row in read_ledger(task / "b.align.ledger.tsv")}


def until(true):
    latest = time.monotonic() + MOST_SECONDS
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.01)


@pytest.mark.parametrize("trouble", ["missing", "read-only", "too small"])
def test_without_scratch_the_task_goes_on_in_its_own_folder(root, pairs, undisturbed, task, node, mount, trouble):
    if trouble == "missing":
        (node / "file").touch()
        scratch = node / "file" / "folder"
    else:
        scratch = mount("ro" if trouble == "read-only" else TOO_SMALL)
    before = files(node)
    assert start(root, pairs, task, scratch).wait() == 0
    assert alignments(task) == undisturbed
    assert files(task) == RESULTS
    assert files(node) == before
    (warning,) = [line for line in errors(task).read_text().splitlines() if line.startswith("Warning:")]
    assert str(scratch) in warning
    assert all(warning.removeprefix("Warning: ") in reason for reason in reasons(task))


def test_scratch_that_others_fill_costs_nothing_but_time(root, pairs, undisturbed, task, node, mount):
    mount(f"size={LARGE_ENOUGH}")
    running = start(root, pairs, task, node, "--workers", "1")

    def fill():
        until(lambda: running.poll() is not None or any(node.glob("domainflow-*/w/c*")))
        with suppress(OSError), open(node / "of-others", "wb") as stream:
            while True:
                stream.write(bytes(4096))
                stream.flush()

    threading.Thread(target=fill, daemon=True).start()
    assert running.wait() == 0
    assert alignments(task) == undisturbed
    assert files(task) == RESULTS
    assert files(node) == {"of-others"}
    assert "repeated in parts" in errors(task).read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_task_killed_while_it_aligns(root, pairs, undisturbed, task, node, number):
    running = start(root, pairs, task, node)
    until(lambda: any(node.glob("domainflow-*/w/c*/*")))
    if number == signal.SIGKILL:  # as a scheduler does: the whole group at once, and nobody can tidy up
        os.killpg(running.pid, number)
    else:
        running.send_signal(number)
    assert running.wait() == -number
    assert files(task) <= {ARCHIVE}  # begun before the first protein is aligned
    assert len(files(node)) == (2 if number == signal.SIGKILL else 0)
    assert start(root, pairs, task, node).wait() == 0
    assert alignments(task) == undisturbed
    assert files(task) == RESULTS
    assert files(node) == set()


def test_two_tasks_fill_one_cache_of_the_node(root, pairs, undisturbed, tmp_path, node):
    cache = tmp_path / "cache"
    tasks = [tmp_path / "one", tmp_path / "two"]
    for folder in tasks:
        folder.mkdir()
    running = [start(root, pairs, folder, node, "--node-cache", cache) for folder in tasks]
    assert [each.wait() for each in running] == [0, 0]
    for folder in tasks:
        assert alignments(folder) == undisturbed
        assert files(folder) == RESULTS
        assert reasons(folder) == {"-"}
    assert files(node) == set()
    stored = [path for path in cache.rglob("*") if path.is_file() and path.name != "lock"]
    assert len(stored) == len({path.name for path in stored}) == len(set().union(*pairs.chosen().values()))
    assert {path.suffix for path in stored} == {".dat"}
