"""Describe the task that an executable runs in, and how it works there: no result depends on it.

Nextflow hands these facts over as arguments from ``task.ext`` (``conf/base.config``). They are no inputs of a process,
so a resumed run does not repeat a task for them.
"""

import argparse
from dataclasses import dataclass

__all__ = ["ONE_THREAD", "Task", "add_task_arguments", "task_of"]

BYTES_PER_GB = 10**9


@dataclass(frozen=True)
class Task:
    """A task.

    Attributes
    ----------
    threads : int
        CPUs to use.
    isolate : bool
        Whether to work in child processes, so that a protein that kills its process fails alone.
    memory_bytes : int or None
        Memory of the task, if known.
    """

    threads: int = 1
    isolate: bool = False
    memory_bytes: int | None = None


ONE_THREAD = Task()
"""A task of one thread, in one process."""


def add_task_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `task_of` reads."""
    parser.add_argument("--threads", type=int, default=1, help="CPUs that the task asked for")
    parser.add_argument("--isolate", action="store_true", help="work in child processes: a protein that kills is alone")
    parser.add_argument("--memory-gb", type=float, help="memory of the task in GB (10^9 bytes), for --isolate")


def task_of(args: argparse.Namespace) -> Task:
    """Return the task that the arguments describe."""
    memory = None if args.memory_gb is None else int(args.memory_gb * BYTES_PER_GB)
    return Task(args.threads, args.isolate, memory)
