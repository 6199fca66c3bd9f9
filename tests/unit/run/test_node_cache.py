"""Small files are made once on a node, whatever its tasks do at the same time."""

import fcntl
import os
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from domainflow.run import node_cache
from domainflow.run.errors import StoreError
from domainflow.run.node_cache import BLOCK, CachedFile, NodeCache

SPACE = "a" * 16
LARGE = 10**9
FEW = 3

FILLER = """
import sys, zlib
from pathlib import Path
from domainflow.run.node_cache import CachedFile, NodeCache

def make(name):
    return name.encode() * 4000

cache = NodeCache(Path(sys.argv[1]), int(sys.argv[3]))
for task in range(20):
    names = [f"t{(number + 7 * task) % 60}" for number in range(40)]
    files = [CachedFile(name, len(make(name)), zlib.crc32(make(name))) for name in names]
    target = Path(sys.argv[2], str(task))
    target.mkdir(parents=True)
    cache.place_all("n", files, make, target)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {name: make(name) for name in names}
assert cache.note is None, cache.note
"""


def content(name):
    """Return a file of a little more than one block, which no other name has."""
    return name.encode().ljust(BLOCK + 1, b".")


def files(*names):
    return [CachedFile(name, len(content(name)), zlib.crc32(content(name))) for name in names]


@pytest.fixture
def new_task(tmp_path):
    """A function that returns the empty folder of a new task."""
    numbers = iter(range(100))

    def new():
        folder = tmp_path / f"task{next(numbers)}"
        folder.mkdir()
        return folder

    return new


class Maker:
    """Makes files and remembers which."""

    def __init__(self):
        self.made = []

    def __call__(self, name):
        self.made.append(name)
        return content(name)


def place(cache, target, *names, namespace=SPACE):
    """Place files, assert that they are as they should be, and return the names of those that were made."""
    maker = Maker()
    assert cache.place_all(namespace, files(*names), maker, target) == len(names) - len(maker.made)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {name: content(name) for name in names}
    return maker.made


def cached(node):
    return {path.name: path for path in node.glob("*/*/*")}


def space_taken(node):
    return sum(-(-path.stat().st_size // BLOCK) * BLOCK for path in cached(node).values())


def test_a_file_is_made_once(node, new_task):
    first, second = NodeCache(node, LARGE), NodeCache(node, LARGE)
    assert place(first, new_task(), "a", "b") == ["a", "b"]
    assert place(second, new_task(), "b", "c", "a") == ["c"]
    assert place(second, new_task(), "a", "b", "c") == []
    assert first.note is second.note is None


def test_files_of_another_origin_are_others(node, new_task):
    cache = NodeCache(node, LARGE)
    place(cache, new_task(), "a")
    assert place(cache, new_task(), "a", namespace="b" * 16) == ["a"]


def test_a_task_has_a_link_of_its_own(node, new_task):
    cache, task = NodeCache(node, LARGE), new_task()
    place(cache, task, "a")
    assert cached(node)["a"].samefile(task / "a")
    cached(node)["a"].unlink()
    assert (task / "a").read_bytes() == content("a")


def test_without_links_files_are_copied(node):
    if not os.access("/dev/shm", os.W_OK) or os.stat("/dev/shm").st_dev == node.stat().st_dev:
        pytest.skip("needs a second file system in /dev/shm")
    tasks = [Path("/dev/shm", f"{os.getpid()}-{number}") for number in range(2)]
    try:
        for task, made in zip(tasks, (["a", "b"], []), strict=True):
            task.mkdir()
            assert place(NodeCache(node, LARGE), task, "a", "b") == made
            assert (task / "a").stat().st_nlink == 1
        assert sorted(path.name for path in node.glob("*/*")) == [SPACE, "lock"], "no temporary file"
    finally:
        for task in tasks:
            shutil.rmtree(task, ignore_errors=True)


@pytest.mark.parametrize("damage", [b"", content("a")[:-1], content("b")], ids=["empty", "cut", "other"])
def test_a_damaged_file_is_made_again(node, new_task, damage):
    cache = NodeCache(node, LARGE)
    place(cache, new_task(), "a")
    cached(node)["a"].write_bytes(damage)
    assert place(cache, new_task(), "a") == ["a"]
    assert place(cache, new_task(), "a") == []


def test_a_file_that_is_not_as_said_is_an_error_and_not_kept(node, new_task):
    cache = NodeCache(node, LARGE)
    with pytest.raises(StoreError, match="a was made with other content than its index says"):
        cache.place_all(SPACE, files("a"), lambda _: content("b"), new_task())
    assert cached(node) == {}


def test_files_that_are_there_already_are_not_written_over(node, new_task):
    cache, task = NodeCache(node, LARGE), new_task()
    place(cache, task, "a")
    with pytest.raises(FileExistsError):
        cache.place_all(SPACE, files("a"), content, task)
    assert (task / "a").read_bytes() == content("a")


def test_the_least_recently_used_files_go_first(node, new_task):
    cache = NodeCache(node, 10 * 2 * BLOCK)
    for number in range(10):
        place(cache, new_task(), f"t{number}")
        os.utime(cached(node)[f"t{number}"], (number, number))
    place(cache, new_task(), "t0", "t1")
    place(cache, new_task(), "new")
    assert {"t2", "t3"}.isdisjoint(cached(node))
    assert {"t0", "t1", "t9", "new"} <= set(cached(node))
    assert space_taken(node) <= 10 * 2 * BLOCK


def test_files_beyond_the_limit_are_made_for_the_task_alone(node, new_task):
    cache = NodeCache(node, FEW * 2 * BLOCK)
    names = [f"t{number}" for number in range(7)]
    assert place(cache, new_task(), *names) == names
    assert len(cached(node)) == FEW
    assert place(NodeCache(node, 0), new_task(), "new") == ["new"]
    assert "new" not in cached(node)


def test_a_task_keeps_its_files_when_another_fills_the_cache(node, new_task):
    cache, task = NodeCache(node, FEW * 2 * BLOCK), new_task()
    place(cache, task, "a", "b")
    place(cache, new_task(), "c", "d", "e")
    assert {"a", "b"}.isdisjoint(cached(node))
    assert [(task / name).read_bytes() for name in "ab"] == [content("a"), content("b")]


@pytest.mark.parametrize("limit", [LARGE, 20 * 3 * BLOCK], ids=["room for all", "room for a third"])
def test_tasks_fill_a_cache_at_the_same_time(root, node, tmp_path, limit):
    environment = os.environ | {"PYTHONPATH": str(root / "bin")}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", FILLER, node, tmp_path / f"process{number}", str(limit)],
            env=environment,
            stderr=subprocess.PIPE,
        )
        for number in range(3)
    ]
    assert [process.communicate()[1] for process in started] == [b""] * 3
    assert space_taken(node) <= limit
    assert len(cached(node)) == 60 or limit < LARGE
    assert sorted(path.name for path in node.glob("*/*")) == ["lock", "n"], "no temporary file"


def test_the_limit_holds_after_a_task_was_killed_while_it_added(node, new_task, monkeypatch):
    cache = NodeCache(node, FEW * 2 * BLOCK)

    def killed(source, temporary, _):
        temporary.write_bytes(source.read_bytes()[:5])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(node_cache, "_publish", killed)
        with pytest.raises(KeyboardInterrupt):
            place(cache, new_task(), "a", "b")
    place(cache, new_task(), "c", "d", "e")
    assert set(cached(node)) == {"c", "d", "e"}
    assert space_taken(node) <= FEW * 2 * BLOCK


@pytest.mark.parametrize("text", ["", "no number"])
def test_a_lost_sum_is_counted_again(node, new_task, text):
    cache = NodeCache(node, FEW * 2 * BLOCK)
    place(cache, new_task(), "a", "b")
    (lock,) = node.glob("*/lock")
    lock.write_text(text)
    place(cache, new_task(), "c", "d")
    assert {"c", "d"} <= set(cached(node))
    assert int(lock.read_text()) == space_taken(node) <= FEW * 2 * BLOCK


def test_a_task_does_not_wait_for_the_lock_for_ever(node, new_task, monkeypatch):
    monkeypatch.setattr(node_cache, "MOST_SECONDS", 0.0)
    cache = NodeCache(node, LARGE)
    (lock,) = node.glob("*/lock")
    with open(lock) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert place(cache, new_task(), "a") == ["a"]
    assert cached(node) == {}
    assert cache.note is None


def test_a_cache_that_cannot_be_written_is_no_end(node, new_task, capsys):
    (node / "file").write_text("")
    cache = NodeCache(node / "file", LARGE)
    assert cache.note == (
        f"the node cache {node}/file/domainflow-{os.geteuid()} cannot be used (Not a directory), "
        "so its files were made for this task alone"
    )
    assert place(cache, new_task(), "a", "b") == ["a", "b"]
    assert capsys.readouterr().err == f"Warning: {cache.note}\n"


def test_a_cache_on_a_full_disk_is_no_end(node, new_task, capsys):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", node], capture_output=True).returncode:
        pytest.skip("needs root, to mount a small file system")
    try:
        cache, names = NodeCache(node, LARGE), [f"t{number}" for number in range(30)]
        assert place(cache, new_task(), *names) == names
        assert "cannot be used (No space left on device)" in cache.note
        assert place(cache, new_task(), *names) == names
        assert len(capsys.readouterr().err.splitlines()) == 1
    finally:
        subprocess.run(["umount", node], check=True)


def test_without_a_cache_files_are_made_for_the_task(new_task):
    cache = NodeCache(None, LARGE)
    assert place(cache, new_task(), "a") == ["a"]
    assert place(cache, new_task(), "a") == ["a"]
    assert cache.note is None
