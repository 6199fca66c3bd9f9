"""Fit the costs of each process to the tasks of real runs of the workflow domains.

The CPU seconds of tasks are fitted by non-negative least squares (Lawson and Hanson, 1974) on the numbers of tasks,
proteins and residues. Each task has a weight of 1 / √seconds, so that long tasks do not hide the fixed cost of
short ones.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from costs.table import Cost
from domainflow.run.ledger import NOTHING, read_ledger
from monitoring.record import find_run
from monitoring.steps import STEPS, Number
from monitoring.tasks import Task, TaskReader, TaskState

__all__ = ["MeasuredTask", "fit_costs", "measured_tasks"]

LEAST_SECONDS = 0.1
"""CPU seconds below which all tasks have the same weight."""
_PER_RUN = tuple(step.process for step in STEPS["domains"] if step.tasks is Number.ONE)


class MeasuredTask(NamedTuple):
    """A task with its proteins, their residues, its CPU seconds, its memory and the bytes of its own files."""

    process: str
    proteins: int
    residues: int
    cpu_seconds: float
    memory: int
    bytes: int


def measured_tasks(results: Path) -> Iterator[MeasuredTask]:
    """Yield the tasks of a finished run of the workflow domains.

    Parameters
    ----------
    results : Path
        Its results folder; its work folder must still be there.

    Raises
    ------
    ValueError
        If the work folder is gone, so that nothing says which proteins a task had.
    """
    run = find_run(results)
    tasks, _ = TaskReader(run.work).read(run)
    lengths = {row.protein: int(row.length) for row in read_ledger(results / "ledger.tsv") if row.length != NOTHING}
    buckets = {task.tag: _proteins(task) for task in tasks if task.process == "PREPARE_PROTEINS"}
    everything = sorted(lengths)
    for task in tasks:
        if (
            task.state is TaskState.DONE
            and not task.cached
            and task.process in {step.process for step in STEPS["domains"]}
        ):
            members = buckets.get(task.tag, everything)
            residues = sum(lengths.get(protein, 0) for protein in members)
            yield MeasuredTask(task.process, len(members), residues, task.cpu_seconds, task.memory, _bytes(task))


def fit_costs(tasks: Sequence[MeasuredTask]) -> list[Cost]:
    """Return the costs of each process, in the order of the steps."""
    order = [step.process for step in STEPS["domains"]]
    return [_fit(process, some) for process in order if (some := [task for task in tasks if task.process == process])]


def _fit(process: str, tasks: Sequence[MeasuredTask]) -> Cost:
    counts = np.array([(1, task.proteins, task.residues) for task in tasks], dtype=float)
    seconds = np.array([task.cpu_seconds for task in tasks])
    task_s, protein_s, residue_s = _non_negative(counts, seconds, 1 / np.sqrt(np.maximum(seconds, LEAST_SECONDS)))
    files = np.array([task.bytes for task in tasks], dtype=float)
    task_b, residue_b = _non_negative(counts[:, [0, 2]], files, np.ones(len(tasks)))
    return Cost(
        process=process,
        tasks="run" if process in _PER_RUN else "bucket",
        task_s=task_s,
        protein_s=protein_s,
        residue_s=residue_s,
        memory_mb=max(task.memory for task in tasks) / 2**20,
        task_kb=task_b / 1024,
        residue_b=residue_b,
    )


def _non_negative(
    counts: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64]
) -> list[float]:
    """Return the factors, none below 0, with which the counts of all rows sum up to the values best."""
    # columns of one size, so that tolerances mean the same for tasks and residues
    size = np.maximum(np.abs(counts).max(axis=0), 1)
    factors, _ = nnls(counts / size * weights[:, None], values * weights)
    return (factors / size).tolist()


def _proteins(task: Task) -> list[str]:
    ledgers = list(task.folder.glob("*.prepare.ledger.tsv")) if task.folder else []
    if not ledgers:
        raise ValueError(
            f"the folder of the task {task.process} {task.tag} is gone; measure before the work folder is removed"
        )
    return [row.protein for row in read_ledger(ledgers[0])]


def _bytes(task: Task) -> int:
    """Return the bytes of the files that a task wrote; links to its inputs do not count."""
    files = task.folder.rglob("*") if task.folder else []
    return sum(path.lstat().st_size for path in files if path.is_file() and not path.is_symlink())
