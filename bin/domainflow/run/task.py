"""Describe the task that an executable runs in, and how it works there: no result depends on it.

Nextflow hands these facts over as arguments from ``task.ext`` (``conf/base.config``). They are no inputs of a process,
so a resumed run does not repeat a task for them.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domainflow.run.affinity import own_cpus, thread_variables
from domainflow.run.errors import AffinityError

__all__ = ["ONE_THREAD", "Task", "add_task_arguments", "task_of"]

BYTES_PER_GB = 10**9
CHOICES = "warn", "strict", "off"
"""Values of ``--affinity``."""


@dataclass(frozen=True)
class Task:
    """A task.

    Attributes
    ----------
    threads : int
        CPUs to use: never more than the task may use, except with ``--affinity off``.
    isolate : bool
        Whether to work in child processes, so that a protein that kills its process fails alone.
    memory_bytes : int or None
        Memory of the task, if known.
    note : str or None
        Clause for the ledger if the task may use fewer CPUs than it asked for.
    record : mapping or None
        Its CPUs, and the variables that decide on threads, for the run's provenance; None for a step without threads.
    """

    threads: int = 1
    isolate: bool = False
    memory_bytes: int | None = None
    note: str | None = None
    record: Mapping[str, Any] | None = None


ONE_THREAD = Task()
"""A task of one thread, in one process."""


def add_task_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `task_of` reads."""
    parser.add_argument("--threads", type=int, help="CPUs that the task asked for (default: 1)")
    parser.add_argument("--affinity", choices=CHOICES, default="warn", help="what to do if it may use fewer of them")
    parser.add_argument("--isolate", action="store_true", help="work in child processes: a protein that kills is alone")
    parser.add_argument("--memory-gb", type=float, help="memory of the task in GB (10^9 bytes), for --isolate")


def task_of(step: str, args: argparse.Namespace) -> Task:
    """Return the task that the arguments describe; print its CPUs and the variables that decide on threads.

    Parameters
    ----------
    step : str
        Name of the process.
    args : Namespace
        Of a parser with `add_task_arguments`. Only a step that works with threads has been given their number.

    Raises
    ------
    AffinityError
        If the task may use fewer CPUs than it asked for, and ``--affinity`` is ``strict``.
    """
    memory = None if args.memory_gb is None else int(args.memory_gb * BYTES_PER_GB)
    if args.threads is None:
        return Task(1, args.isolate, memory)
    cpus, variables = own_cpus(args.threads), thread_variables()
    settings = (f"{name}={value}" for name, value in variables.items())
    print(f"{step}: {min(cpus.usable, cpus.asked)} of {cpus.asked} CPUs are usable.", *settings, flush=True)
    record = {"step": step, "asked": cpus.asked, "usable": cpus.usable, "variables": variables}
    if cpus.complaint is None or args.affinity == "off":
        return Task(args.threads, args.isolate, memory, record=record)
    note = f"{step} {cpus.complaint}"
    if args.affinity == "strict":
        raise AffinityError(f"{note}; correct what the scheduler grants, or give --affinity warn.")
    print(f"Warning: {note}", file=sys.stderr)
    return Task(cpus.usable, args.isolate, memory, note, record)
