"""How far a step is, in lines on standard error."""

import io
import time
from threading import Thread
from types import SimpleNamespace

import pytest

from domainflow.run.heartbeat import Heartbeat
from domainflow.run.step import Step
from domainflow.run.task import Task


class Clock:
    """Seconds that a test sets."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def lines_of(text):
    """Step and what follows of each heartbeat line; the others are left out."""
    rows = [line.split("\t") for line in text.splitlines()]
    assert all(abs(int(row[1]) - time.time()) < 3600 for row in rows if row[0] == "heartbeat")
    return [tuple(row[2:]) for row in rows if row[0] == "heartbeat"]


def test_a_line_at_the_start_one_per_ten_seconds_and_one_at_the_end():
    stream, clock = io.StringIO(), Clock()
    heartbeat = Heartbeat("ALIGN_TEMPLATES", 8, stream, clock)
    clock.now += 3600  # what is read before the work
    assert stream.getvalue() == ""
    heartbeat.begin()
    heartbeat.begin()
    for _ in range(8):
        clock.now += 4
        heartbeat.add()
    heartbeat.end()
    assert lines_of(stream.getvalue()) == [
        ("ALIGN_TEMPLATES", "0", "8", "0.000", "-"),
        ("ALIGN_TEMPLATES", "3", "8", "0.250", "-"),
        ("ALIGN_TEMPLATES", "6", "8", "0.250", "-"),
        ("ALIGN_TEMPLATES", "8", "8", "0.250", "-"),
    ]


def test_items_that_wait_for_the_writer():
    stream, clock = io.StringIO(), Clock()
    heartbeat = Heartbeat("ALIGN_TEMPLATES", None, stream, clock)
    heartbeat.add(5)
    heartbeat.take(2)
    clock.now += 10
    heartbeat.add()
    heartbeat.take(4)
    heartbeat.end()
    assert [(line[1], line[2], line[4]) for line in lines_of(stream.getvalue())] == [
        ("0", "-", "-"), ("6", "-", "4"), ("6", "-", "0"),
    ]  # fmt: skip


def test_threads_lose_no_count():
    stream = io.StringIO()
    heartbeat = Heartbeat("ALIGN_TEMPLATES", 4000, stream)
    threads = [Thread(target=lambda: [heartbeat.add() for _ in range(1000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heartbeat.end()
    assert lines_of(stream.getvalue())[-1][1:3] == ("4000", "4000")


@pytest.mark.parametrize(
    ("threads", "isolate", "waiting"), [(1, False, "-"), (3, False, "0"), (1, True, "-")],
    ids=["one thread", "threads", "child processes"],
)  # fmt: skip
def test_a_step_counts_its_proteins_failures_too(tmp_path, capsys, threads, isolate, waiting):
    step = Step("PARSE_DOMAINS", of=5, task=Task(isolate=isolate))
    proteins = [SimpleNamespace(id=str(number)) for number in range(5)]
    list(step.each(proteins, lambda protein: 1 // int(protein.id), threads=threads))
    step.write_ledger(tmp_path / "ledger.tsv")
    first, last = lines_of(capsys.readouterr().err)
    assert first == ("PARSE_DOMAINS", "0", "5", "0.000", "-")
    assert last[:3] == ("PARSE_DOMAINS", "5", "5")
    assert last[4] == waiting
