"""The frame of `bench.py engines`: programs that are absent, and bars that are missed, are named."""

import argparse
import json

import pytest

from benchmarks.bars import Bar
from benchmarks.engines import command

BARS = (Bar("ratio", most=0.2),)


@pytest.fixture
def bench(monkeypatch, tmp_path, capsys):
    """Function of the figures of two programs, of which one is there, to the exit status and the printed object."""

    def start(one, present=("one",), only=None):
        monkeypatch.setattr(command, "PARTS", {"one": (lambda _: one, BARS), "two": (lambda _: {"other": 1.0}, ())})
        for name in present:
            (tmp_path / name).write_text("")
        status = command.bench_engines(argparse.Namespace(sources=tmp_path, only=only))
        return status, json.loads(capsys.readouterr().out.splitlines()[-1])

    return start


def test_an_absent_program_is_named_and_the_others_are_measured(bench):
    status, found = bench({"ratio": 0.1})
    assert (status, found["ratio"], found["not measured"]) == (1, 0.1, ["two"])
    assert bench({"ratio": 0.1}, only=["one"])[0] == 0
    status, found = bench({"ratio": 0.1}, present=("one", "two"))
    assert (status, found["other"], found["passed"]) == (0, 1.0, True)


def test_a_missed_bar_is_named(bench):
    status, found = bench({"ratio": 0.3}, only=["one"])
    assert (status, found["missed"]) == (1, ["ratio"])
