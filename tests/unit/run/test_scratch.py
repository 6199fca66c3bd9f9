"""A task's work on the node's own disk: it goes on without one, and nothing of it remains."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from domainflow.run.scratch import node_folder, scratch_folder
from domainflow.run.signals import SIGNALS

NOBODY = 65534
MEGABYTE = 1_000_000

TASK = """
import signal, sys, threading, subprocess
from pathlib import Path
from domainflow.run.scratch import scratch_folder
from domainflow.run.signals import SIGNALS

for number in SIGNALS:  # whoever runs the tests in the background, or by nohup, has some of them ignored
    signal.signal(number, signal.SIG_DFL)

def write_on(folder, number):
    while True:  # a program that is run again and again, and writes as long as it lives
        work = folder / str(number)
        work.mkdir(exist_ok=True)
        script = "(while :; do date > $RANDOM; done) & while :; do echo > x; done"
        subprocess.run(["bash", "-c", script, "busy-" + sys.argv[3]], cwd=work)

with scratch_folder(Path(sys.argv[1]), Path(sys.argv[2]), 0) as scratch:
    for number in range(4):
        threading.Thread(target=write_on, args=(scratch.folder, number), daemon=True).start()
    print(scratch.folder, flush=True)
    threading.Event().wait()
"""
"""A task of four threads. Each runs a program that has a child of its own, and both write files without end."""


def mounted(folder, options):
    """Mount a small file system in memory on a folder; skip the test where that is not allowed."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("needs root, to mount a small or read-only file system")


@pytest.fixture
def small(node):
    mounted(node, "size=1m")
    yield node
    subprocess.run(["umount", node], check=True)


@pytest.fixture
def read_only(node):
    mounted(node, "ro,size=10m")
    yield node
    subprocess.run(["umount", node], check=True)


@pytest.fixture
def busy_task(root, node, task):
    """A function that starts `TASK` and returns its process, once its programs write."""
    started = []

    def start() -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(root / "bin")}
        command = [sys.executable, "-c", TASK, node, task, task.parent.name]
        # a session of its own, so that a test can kill it with all of its programs, as a scheduler does
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
        started.append(process)
        folder = Path(process.stdout.readline().strip())
        wait_until(lambda: len(list(folder.glob("*/x"))) == 4)
        return process

    yield start
    for process in started:
        kill_all(process)
        process.stdout.close()


def kill_all(process):
    """Kill a task and its programs with SIGKILL."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(true):
    latest = time.monotonic() + 60
    while not true() and time.monotonic() < latest:
        time.sleep(0.02)
    assert true()


def programs_of(task):
    """Return the numbers of the running programs of a task, which carry its name."""
    name = f"busy-{task.parent.name}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if name in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def works_in_its_own_folder(node, task, needed=0):
    """Assert that a task works in its own folder and leaves nothing there; return its note."""
    with scratch_folder(node, task, needed) as scratch:
        assert scratch.folder.is_relative_to(task)
        (scratch.folder / "x").write_text("written")
    assert list(task.iterdir()) == []
    return scratch.note


def test_the_work_is_done_on_the_node_and_nothing_remains(node, task):
    with scratch_folder(node, task, MEGABYTE) as scratch:
        assert scratch.folder.is_relative_to(node)
        assert scratch.note is None
        assert list(scratch.folder.iterdir()) == []
        (scratch.folder / "below").mkdir()
        (scratch.folder / "below" / "x").write_text("written")
        assert list(task.iterdir()) == []
    assert list(node.iterdir()) == []


def test_nothing_remains_after_an_error(node, task):
    with pytest.raises(ZeroDivisionError), scratch_folder(node, task, 0) as scratch:
        (scratch.folder / "x").write_text(str(1 / 0))
    assert list(node.iterdir()) == []


@pytest.mark.parametrize(("value", "folder"), [("/node/disk", "/node/disk"), ("", "/tmp"), (None, "/tmp")])
def test_the_nodes_folder_is_tmpdir_or_tmp(monkeypatch, value, folder):
    monkeypatch.delenv("TMPDIR", raising=False)
    if value is not None:
        monkeypatch.setenv("TMPDIR", value)
    assert node_folder() == Path(folder)


def test_without_a_choice_the_nodes_folder_is_taken(monkeypatch, node, task):
    monkeypatch.setenv("TMPDIR", str(node))
    with scratch_folder(None, task, 0) as scratch:
        assert scratch.folder.is_relative_to(node)


def test_a_folder_that_is_missing_is_made(node, task):
    with scratch_folder(node / "a" / "b", task, 0) as scratch:
        assert scratch.folder.is_relative_to(node / "a" / "b")
    assert list((node / "a" / "b").iterdir()) == []


def test_no_scratch_is_no_warning(task, capsys):
    assert works_in_its_own_folder(task, task) is None
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_made_is_no_end(node, task, capsys):
    (node / "file").write_text("")
    note = works_in_its_own_folder(node / "file" / "below", task)
    assert note == (
        f"the scratch folder {node}/file/below cannot be used (Not a directory), "
        "so the work was done in the task's own folder"
    )
    assert capsys.readouterr().err == f"Warning: {note}\n"


def test_a_folder_that_cannot_be_written_is_no_end(read_only, task):
    assert "cannot be used (Read-only file system)" in works_in_its_own_folder(read_only, task)


def test_a_folder_that_is_too_small_is_no_end(small, task):
    note = works_in_its_own_folder(small, task, 5 * MEGABYTE)
    assert "has 1.0 MB free and 5.0 MB are needed" in note
    assert list(small.iterdir()) == []


def test_a_full_folder_is_no_end(small, task):
    with open(small / "other", "wb") as file, pytest.raises(OSError, match="No space left"):
        file.write(bytes(2 * MEGABYTE))
    assert "cannot be used (No space left on device)" in works_in_its_own_folder(small, task)
    assert [path.name for path in small.iterdir()] == ["other"]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_the_programs_and_then_removes_the_folder(number, node, task, busy_task):
    process = busy_task()
    process.send_signal(number)
    assert process.wait(60) == -number
    assert list(node.iterdir()) == []
    assert programs_of(task) == []


def test_a_signal_removes_the_folder_in_the_tasks_folder_too(task, node, busy_task):
    node.rmdir()
    node.write_text("no folder")
    process = busy_task()
    process.terminate()
    assert process.wait(60) == -signal.SIGTERM
    assert list(task.iterdir()) == []


def test_a_signal_that_is_ignored_stays_ignored(node, task):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with scratch_folder(node, task, 0):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_next_task_removes_what_a_killed_one_left(node, task, busy_task):
    killed, alive = busy_task(), busy_task()
    kill_all(killed)
    assert len(list(node.iterdir())) == 4, "two folders and their locks"
    with scratch_folder(node, task, 0) as scratch:
        assert scratch.note is None
        assert len(list(node.iterdir())) == 4, "this task's and that of the other living one"
    assert alive.poll() is None
    assert len(list(node.glob("*/w/*/x"))) == 4, "the other task works on"


def test_a_folder_is_not_taken_for_an_orphan_while_it_is_made(root, node, task):
    script = (
        "import sys; from pathlib import Path; from domainflow.run.scratch import scratch_folder\n"
        "for _ in range(150):\n"
        "    with scratch_folder(Path(sys.argv[1]), Path(sys.argv[2]), 0) as scratch:\n"
        "        assert scratch.note is None, scratch.note\n"
        "        (scratch.folder / 'x').write_text('mine')\n"
        "        assert (scratch.folder / 'x').read_text() == 'mine'\n"
    )
    environment = os.environ | {"PYTHONPATH": str(root / "bin")}
    command = [sys.executable, "-c", script, node, task]
    processes = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in processes] == [b""] * 4
    assert list(node.iterdir()) == []


def test_other_users_folders_are_let_alone(node, task):
    foreign = node / "domainflow-00000000"
    foreign.mkdir()
    lock = node / "domainflow-00000000.lock"
    lock.touch()
    link = node / "domainflow-11111111.lock"
    link.symlink_to(task)
    try:
        os.chown(lock, NOBODY, NOBODY)
    except PermissionError:
        pytest.skip("needs root, to make another user's files")
    with scratch_folder(node, task, 0):
        assert foreign.is_dir()
    assert sorted(node.iterdir()) == [foreign, lock, link]
