"""A protein that kills its process costs no other protein, and the results are those of work in one process."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from domainflow.run.errors import InputError, StoreError
from domainflow.run.isolation import Died, each_isolated, isolated
from domainflow.run.step import Step
from domainflow.run.task import Task

MEGABYTE = 10**6
NAMES = "abcdefg"
ISOLATING = Task(isolate=True)


def proteins(names=NAMES):
    """A generator: the child processes read it, this one never does."""
    return (SimpleNamespace(id=name) for name in names)


def kill_by(number):
    return lambda: os.kill(os.getpid(), number)


def out_of_memory():
    raise MemoryError


DEATHS = {
    "kill": (kill_by(signal.SIGKILL), "its process was killed by signal 9 (SIGKILL, as when memory runs out)"),
    "crash": (kill_by(signal.SIGSEGV), "its process was killed by signal 11 (SIGSEGV)"),
    "exit": (lambda: os._exit(3), "its process ended with exit code 3"),
    "memory error": (out_of_memory, "it ran out of memory"),
}


def worker(killers, death, log=None):
    """Work that returns an array, and the death of some proteins."""

    def work(protein):
        if log:
            with log.open("a") as stream:
                stream.write(protein.id)
        if protein.id in killers:
            death()
        return protein.id, np.arange(ord(protein.id), dtype=np.float64)

    return work


def outcome(names, work, task=ISOLATING):
    """Ids and bytes of what a step yields, and its ledger."""
    step = Step("ALIGN_TEMPLATES", task=task)
    done = [(protein.id, result[1].tobytes()) for protein, result in step.each(proteins(names), work)]
    return done, step.rows


@pytest.mark.parametrize("killers", ["a", "d", "g", "cd", "be", "ag", NAMES], ids=lambda killers: f"killers {killers}")
def test_only_the_killers_fail_and_the_order_is_kept(killers, tmp_path):
    log = tmp_path / "log"
    done, rows = outcome(NAMES, worker(killers, kill_by(signal.SIGKILL), log))
    expected, good = outcome(NAMES, worker("", None), Task())
    cause = DEATHS["kill"][1]
    assert done == [pair for pair in expected if pair[0] not in killers]
    assert rows == [row._replace(status="failed", reason=cause) if row.protein in killers else row for row in good]
    # what is done is not done again, and a killer is tried twice, or once if its process had just begun
    tries = {name: log.read_text().count(name) for name in NAMES}
    assert all(count == 1 for name, count in tries.items() if name not in killers)
    assert all(count <= 2 for count in tries.values())


@pytest.mark.parametrize(("death", "cause"), DEATHS.values(), ids=DEATHS)
def test_the_ledger_says_how_the_process_died(death, cause):
    done, rows = outcome("abc", worker("b", death))
    assert [name for name, _ in done] == ["a", "c"]
    assert [(row.status, row.step) for row in rows] == [
        ("passed", "ALIGN_TEMPLATES"), ("failed", "ALIGN_TEMPLATES"), ("passed", "ALIGN_TEMPLATES"),
    ]  # fmt: skip
    assert rows[1].reason == cause


MEMORY = """
import json, sys, time
from types import SimpleNamespace
import numpy as np
from domainflow.run.isolation import Died, each_isolated

left = []

def work(protein):
    for _ in range(4):
        left.append(np.ones(int(sys.argv[2]) // 32))
    if protein.id == sys.argv[3]:
        left.append(np.ones(250_000_000))
        time.sleep(600)
    return protein.id

proteins = (SimpleNamespace(id=name) for name in "abcd")
found = each_isolated(proteins, work, int(sys.argv[1]))
print(json.dumps([done.cause if isinstance(done, Died) else done for done in found]))
"""


def outcome_in_a_small_process(root, task_bytes, bytes_each, killer):
    """What becomes of four proteins in a process of its own: tests hold memory that counts as the task's."""
    environment = os.environ | {"PYTHONPATH": str(root / "bin")}
    arguments = [str(task_bytes), str(bytes_each), killer]
    command = [sys.executable, "-c", MEMORY, *arguments]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def test_a_protein_that_takes_too_much_memory_is_given_up(root):
    cause = "its process was ended because it took more memory than the 0.9 GB it may take"
    assert outcome_in_a_small_process(root, 1000 * MEGABYTE, 32, "b") == ["a", cause, "c", "d"]


def test_memory_that_earlier_proteins_left_is_not_held_against_a_protein(root):
    assert outcome_in_a_small_process(root, 900 * MEGABYTE, 240 * MEGABYTE, "none") == list("abcd")


def test_errors_of_one_protein_are_its_own_as_ever():
    def work(protein):
        if protein.id == "b":
            raise InputError("the file is empty")
        if protein.id == "c":
            raise ZeroDivisionError("division by zero")
        return protein.id, np.zeros(1)

    assert outcome("abcd", work) == outcome("abcd", work, Task())


def test_an_error_of_the_machine_ends_the_task():
    def work(protein):
        raise OSError(28, "no space left on device") if protein.id == "b" else StoreError("damaged")

    with pytest.raises(StoreError, match="damaged"):
        outcome("ab", work)
    with pytest.raises(OSError, match="no space left"):
        outcome("ba", work)


def test_what_the_work_notes_in_its_process_is_in_the_row():
    notes = []
    step = Step("ALIGN_TEMPLATES", task=Task(isolate=True))
    found = step.each(
        proteins("ab"), lambda protein: notes.append(protein.id), lambda protein, _: step.passed(protein.id, notes)
    )
    assert len(list(found)) == 2
    assert [row.reason for row in step.rows] == ["a", "a; b"]
    assert notes == []


def test_one_piece_of_work_alone():
    assert isolated("all", lambda: 5) == 5
    assert isolated("all", lambda: os._exit(4)) == Died("all", "its process ended with exit code 4")


def test_a_program_that_a_dead_process_left_behind_is_ended(tmp_path):
    def death():
        subprocess.Popen(["sh", "-c", f"echo $$ > {tmp_path}/left; exec sleep 600"])
        while not (tmp_path / "left").exists() or not (tmp_path / "left").read_text():
            time.sleep(0.01)
        os._exit(1)

    outcome("a", worker("a", death))
    assert not Path("/proc", (tmp_path / "left").read_text().strip()).exists()


def test_temporary_files_of_a_dead_process_are_removed(tmp_path):
    place = tmp_path / "place"

    def death():
        place.write_text(tempfile.mkdtemp())
        os._exit(1)

    outcome("a", worker("a", death))
    assert place.read_text()
    assert not Path(place.read_text()).exists()


TASK = """
import os, sys, time
from types import SimpleNamespace
from domainflow.run.isolation import each_isolated

def work(protein):
    print(os.getpid(), flush=True)
    time.sleep(600)

print(list(each_isolated([SimpleNamespace(id="a")], work)))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR2, signal.SIGKILL], ids=lambda number: number.name)
@pytest.mark.parametrize("receiver", ["task", "child", "both"])
def test_a_signal_that_ends_the_task_ends_its_child(root, number, receiver):
    if receiver == "child" and number == signal.SIGKILL:
        pytest.skip("that is a death of the protein")
    environment = os.environ | {"PYTHONPATH": str(root / "bin")}
    reset = "import signal\nfor number in (10, 12, 15): signal.signal(number, signal.SIG_DFL)\n"
    command = [sys.executable, "-c", reset + TASK]
    task = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    child = int(task.stdout.readline())
    for process in {"task": [task.pid], "child": [child], "both": [child, task.pid]}[receiver]:
        os.kill(process, number)
    assert task.wait(60) == -number
    task.stdout.close()
    latest = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and b"Z" not in Path(f"/proc/{child}/stat").read_bytes().split()[2:3]:
        assert time.monotonic() < latest
        time.sleep(0.01)


def test_a_generator_is_read_in_the_children_alone():
    here = os.getpid()

    def items():
        for name in "ab":
            assert os.getpid() != here
            yield SimpleNamespace(id=name)

    assert list(each_isolated(items(), lambda protein: protein.id)) == ["a", "b"]


def test_a_protein_that_cannot_be_read_ends_the_task():
    def items():
        yield SimpleNamespace(id="a")
        os._exit(1)

    found = each_isolated(items(), lambda protein: protein.id)
    assert next(found) == "a"
    with pytest.raises(MemoryError, match="the protein after the first 1 cannot be read"):
        next(found)
