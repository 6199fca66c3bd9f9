"""A protein that cannot be searched costs no other one."""

import os
import signal
from types import SimpleNamespace

import pandas as pd
import pytest

from domainflow.run.step import Step
from domainflow.run.task import Task
from domainflow.search.engine import Found
from domainflow.search.search_templates import search_templates

PROTEINS = [SimpleNamespace(id=name) for name in "abcd"]


def search_with(trouble):
    """A search in which one protein, `c`, gives trouble."""

    def search(proteins):
        if any(protein.id == "c" for protein in proteins):
            trouble()
        return [Found(pd.DataFrame({"target": [protein.id]}), (f"note on {protein.id}",)) for protein in proteins]

    return search


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def found(trouble, task=Task()):  # noqa: B008
    step = Step("SEARCH_TEMPLATES", task=task)
    hits = search_templates(step, PROTEINS, search_with(trouble))
    return {name: table["target"].tolist() for name, table in hits.items()}, step.rows


@pytest.mark.parametrize("task", [Task(), Task(isolate=True)], ids=["one process", "child processes"])
def test_without_trouble_all_are_searched_together(task):
    calls = []
    hits, rows = found(lambda: calls.append(1), task)
    assert hits == {name: [name] for name in "abcd"}
    assert [(row.protein, row.status, row.reason) for row in rows] == [
        (name, "passed", f"note on {name}") for name in "abcd"
    ]


def test_an_error_is_the_proteins_own():
    hits, rows = found(lambda: 1 // 0)
    assert list(hits) == ["a", "b", "d"]
    assert [row.status for row in rows] == ["passed", "passed", "failed", "passed"]


def test_a_protein_that_kills_its_process_fails_alone():
    hits, rows = found(kill, Task(isolate=True))
    assert hits == {name: [name] for name in "abd"}
    assert [row.status for row in rows] == ["passed", "passed", "failed", "passed"]
    assert "killed by signal 9" in rows[2].reason
