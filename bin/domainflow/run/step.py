"""The frame of an executable, and of a step that does the same work for each protein of a bucket."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from domainflow.kernels.cache import use_stored_kernels
from domainflow.run.attempt import attempt
from domainflow.run.errors import exit_code
from domainflow.run.heartbeat import Heartbeat
from domainflow.run.isolation import Died, each_isolated
from domainflow.run.ledger import NOTHING, PASSED, LedgerRow, sentence, write_ledger
from domainflow.run.provenance import CPU_RECORD
from domainflow.run.task import ONE_THREAD, Task, task_of

__all__ = ["Step", "bucket_name", "run_program"]


class HasId(Protocol):
    """Anything that belongs to one protein."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=HasId)
Result = TypeVar("Result")


class Step:
    """A step of a workflow, and the ledger rows of the proteins it received.

    Parameters
    ----------
    name : str
        Name of the process, as the ledger and the trace show it.
    of : int, optional
        Number of its proteins, for the heartbeat.
    task : Task
        What the task has, and how it works.

    Attributes
    ----------
    rows : list of LedgerRow
        One per protein, in the order in which they were done.
    heartbeat : Heartbeat
        Counts the proteins that are done.
    """

    def __init__(self, name: str, of: int | None = None, task: Task = ONE_THREAD) -> None:
        self.name = name
        self.task = task
        self.rows: list[LedgerRow] = []
        self.heartbeat = Heartbeat(name, of)

    @classmethod
    def begin(cls, name: str, args: argparse.Namespace, of: int | None = None) -> "Step":
        """Return a step whose task is as the arguments of `domainflow.run.task` say."""
        return cls(name, of, task_of(name, args))

    def each(
        self,
        items: Iterable[Item],
        work: Callable[[Item], Result],
        row: Callable[[Item, Result], LedgerRow] | None = None,
        threads: int = 1,
    ) -> Iterator[tuple[Item, Result]]:
        """Do the work of each protein; yield those that succeed, write a ledger row for all.

        In a task with `Task.isolate` the work is done in child processes, one protein at a time. A protein that kills
        its process gets the status ``failed`` with the cause; the results of the others are the same.

        Parameters
        ----------
        items : iterable
            Proteins, or other items with an ``id`` that stand for them.
        work : callable
            Returns a protein's result.
        row : callable, optional
            Makes the ledger row of a success from a protein and its result. By default its status is ``passed``.
        threads : int
            Proteins worked on at a time. With one thread, only one protein is in memory.
        """

        def done(item: Item) -> _Outcome[Item, Result]:
            result = attempt(item.id, self.name, lambda: work(item))
            if isinstance(result, LedgerRow):
                return _Outcome(result)
            return _Outcome(self.passed(item.id) if row is None else row(item, result), (item, result))

        self.heartbeat.begin()
        for outcome in self._outcomes(items, done, threads):
            self.rows.append(self._noted(outcome.row))
            if outcome.success is not None:
                yield outcome.success

    def _outcomes(
        self, items: Iterable[Item], done: Callable[[Item], "_Outcome[Item, Result]"], threads: int
    ) -> Iterator["_Outcome[Item, Result]"]:
        """Yield the outcome of each item's work, in the order of the items."""
        if self.task.isolate:
            for found in each_isolated(items, done, self.task.memory_bytes):
                self.heartbeat.add()
                yield _Outcome(self._failed(found)) if isinstance(found, Died) else found
        elif threads == 1:
            for outcome in map(done, items):
                self.heartbeat.add()
                yield outcome
        else:

            def done_and_counted(item: Item) -> _Outcome[Item, Result]:
                outcome = done(item)
                self.heartbeat.add()
                return outcome

            with ThreadPoolExecutor(threads) as pool:
                for outcome in pool.map(done_and_counted, items):
                    self.heartbeat.take()
                    yield outcome

    def _noted(self, row: LedgerRow) -> LedgerRow:
        """Return a row with the task's own note, unless it says already why the protein has no answer."""
        if self.task.note is None or row.status in ("failed", "rejected"):
            return row
        return row._replace(reason="; ".join(text for text in (row.reason, self.task.note) if text != NOTHING))

    def _failed(self, died: Died) -> LedgerRow:
        return LedgerRow(died.id, "failed", self.name, sentence(died.cause))

    def add(self, row: LedgerRow) -> None:
        """Take the ledger row of a protein whose work was done elsewhere."""
        self.rows.append(self._noted(row))
        self.heartbeat.add()

    def passed(self, protein: str, notes: Iterable[str] = (), length: int | None = None) -> LedgerRow:
        """Return the row of a protein that passed, with remarks on it and its length in residues."""
        reason = "; ".join(notes) or NOTHING
        return LedgerRow(protein, PASSED, self.name, reason, NOTHING if length is None else str(length))

    def write_ledger(self, path: Path) -> None:
        """Write the ledger rows to ``NAME.ledger.tsv``, the task's record to ``NAME.cpus.json``, the last heartbeat."""
        write_ledger(path, self.rows)
        if self.task.record is not None:
            name = path.name.removesuffix(".ledger.tsv") + CPU_RECORD
            path.with_name(name).write_text(json.dumps(self.task.record))
        self.heartbeat.end()


@dataclass(frozen=True)
class _Outcome(Generic[Item, Result]):
    """The ledger row of an item, and the item with its result if the work succeeded."""

    row: LedgerRow
    success: tuple[Item, Result] | None = None


def bucket_name(archive: Path) -> str:
    """Return the name of a bucket, given its ``BUCKET.proteins.zip``."""
    return archive.name.removesuffix(".proteins.zip")


def run_program(main: Callable[[], None]) -> int:
    """Run an executable's `main` with the stored machine code; return the exit code to end with."""
    use_stored_kernels()
    return exit_code(main)
