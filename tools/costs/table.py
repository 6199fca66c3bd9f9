"""The table of costs, ``assets/costs.tsv``: read, written, and turned into the cost of a batch.

CPU seconds of a process = `task_s` · tasks + `protein_s` · proteins + `residue_s` · residues. A run's dry run computes
the same in functions/estimate.nf.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["Batch", "Cost", "Estimate", "estimate", "read_costs", "write_costs"]


class Cost(NamedTuple):
    """Costs of one process.

    Attributes
    ----------
    process : str
    tasks : str
        ``bucket`` for one task a bucket, ``run`` for one task a run.
    task_s, protein_s, residue_s : float
        CPU seconds for each task, protein and residue.
    memory_mb : float
        Largest resident set of a task in MiB.
    task_kb, residue_b : float
        Files in the work folder: KiB for each task, bytes for each residue.
    """

    process: str
    tasks: str
    task_s: float
    protein_s: float
    residue_s: float
    memory_mb: float
    task_kb: float
    residue_b: float


class Batch(NamedTuple):
    """Numbers that the costs of a run depend on."""

    proteins: int
    residues: float
    buckets: int


class Estimate(NamedTuple):
    """Costs of one process in a run: tasks, CPU seconds, memory of a task in MiB, bytes in the work folder."""

    tasks: int
    cpu_seconds: float
    memory_mb: float
    bytes: float


def read_costs(path: Path) -> dict[str, Cost]:
    """Return the costs of each process, in the order of the table."""
    header, *lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    if tuple(header.split("\t")) != Cost._fields:
        raise ValueError(f"{path} has the columns {header!r}; expected are {' '.join(Cost._fields)}")
    rows = [line.split("\t") for line in lines]
    return {process: Cost(process, tasks, *map(float, numbers)) for process, tasks, *numbers in rows}


def write_costs(path: Path, costs: Iterable[Cost], remarks: Iterable[str]) -> None:
    """Write the table, with remarks on where its numbers come from above its header."""
    lines = [f"# {remark}" for remark in remarks]
    lines.append("\t".join(Cost._fields))
    lines += ["\t".join([cost.process, cost.tasks, *(f"{number:.4g}" for number in cost[2:])]) for cost in costs]
    path.write_text("\n".join(lines) + "\n")


def estimate(costs: Mapping[str, Cost], batch: Batch) -> dict[str, Estimate]:
    """Return the estimated costs of each process of a batch."""
    found = {}
    for process, cost in costs.items():
        tasks = batch.buckets if cost.tasks == "bucket" else 1
        seconds = cost.task_s * tasks + cost.protein_s * batch.proteins + cost.residue_s * batch.residues
        files = cost.task_kb * 1024 * tasks + cost.residue_b * batch.residues
        found[process] = Estimate(tasks, seconds, cost.memory_mb, files)
    return found
