"""Estimate what a collection of any number of proteins needs, split into runs where one head cannot hold it."""

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

from costs.table import Batch, Cost, estimate
from domainflow.inputs.list_inputs import default_buckets

__all__ = ["Assumptions", "Needs", "needs"]

SEARCH, ALIGN = "SEARCH_TEMPLATES", "ALIGN_TEMPLATES"


class Assumptions(NamedTuple):
    """Numbers that the estimate depends on besides the costs of processes.

    Attributes
    ----------
    length : float
        Mean length in residues; 330 is about that of AlphaFold DB.
    usd : float
        Price of a CPU hour.
    shard : int
        Largest number of proteins of one run.
    head_mb, head_kb : float
        Memory of the head, and how much more it needs for each protein (``bench.py scale``).
    task_files : float
        Files and links in the work folder for each task (``bench.py scale``).
    """

    length: float = 330.0
    usd: float = 0.04
    shard: int = 100_000
    head_mb: float = 500.0
    head_kb: float = 5.0
    task_files: float = 20.0


class Needs(NamedTuple):
    """Needs of a collection; `buckets`, `head_gb`, `work_files` and hours of a task are those of one run."""

    proteins: int
    runs: int
    buckets: int
    tasks: int
    cpu_hours: float
    align_share: float
    usd: float
    align_task_hours: float
    search_task_hours: float
    head_gb: float
    work_files: int
    work_gb: float


def needs(proteins: int, costs: Mapping[str, Cost], assumptions: Assumptions) -> Needs:
    """Return what a collection needs.

    Parameters
    ----------
    proteins : int
    costs : mapping
        Costs by process.
    assumptions : Assumptions
    """
    runs = ceil(proteins / assumptions.shard)
    of_run = ceil(proteins / runs)
    buckets = default_buckets(of_run)
    processes = estimate(costs, Batch(of_run, of_run * assumptions.length, buckets))
    seconds = sum(process.cpu_seconds for process in processes.values())
    tasks = sum(process.tasks for process in processes.values())
    hours = runs * seconds / 3600
    align = processes[ALIGN]
    return Needs(
        proteins=proteins,
        runs=runs,
        buckets=buckets,
        tasks=runs * tasks,
        cpu_hours=hours,
        align_share=100 * align.cpu_seconds / seconds,
        usd=hours * assumptions.usd,
        align_task_hours=align.cpu_seconds / align.tasks / 3600,
        search_task_hours=processes[SEARCH].cpu_seconds / 3600,
        head_gb=(assumptions.head_mb + assumptions.head_kb * of_run / 1024) / 1024,
        work_files=round(tasks * assumptions.task_files),
        work_gb=runs * sum(process.bytes for process in processes.values()) / 1e9,
    )
