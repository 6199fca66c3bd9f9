"""The frame of an executable, and of a step that does the same work for each protein of a bucket."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from domainflow.kernels.cache import use_stored_kernels
from domainflow.run.attempt import attempt
from domainflow.run.errors import exit_code
from domainflow.run.ledger import NOTHING, PASSED, LedgerRow, write_ledger

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

    Attributes
    ----------
    rows : list of LedgerRow
        One per protein, in the order in which they were done.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[LedgerRow] = []

    def each(
        self,
        items: Iterable[Item],
        work: Callable[[Item], Result],
        row: Callable[[Item, Result], LedgerRow] | None = None,
        threads: int = 1,
    ) -> Iterator[tuple[Item, Result]]:
        """Do the work of each protein; yield those that succeed, write a ledger row for all.

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

        def done(item: Item) -> tuple[Item, Result | LedgerRow]:
            return item, attempt(item.id, self.name, lambda: work(item))

        with ThreadPoolExecutor(threads) as pool:
            for item, result in pool.map(done, items) if threads > 1 else map(done, items):
                if isinstance(result, LedgerRow):
                    self.rows.append(result)
                    continue
                self.rows.append(self.passed(item.id) if row is None else row(item, result))
                yield item, result

    def passed(self, protein: str, notes: Iterable[str] = (), length: int | None = None) -> LedgerRow:
        """Return the row of a protein that passed, with remarks on it and its length in residues."""
        reason = "; ".join(notes) or NOTHING
        return LedgerRow(protein, PASSED, self.name, reason, NOTHING if length is None else str(length))

    def write_ledger(self, path: Path) -> None:
        """Write the ledger rows."""
        write_ledger(path, self.rows)


def bucket_name(archive: Path) -> str:
    """Return the name of a bucket, given its ``BUCKET.proteins.zip``."""
    return archive.name.removesuffix(".proteins.zip")


def run_program(main: Callable[[], None]) -> int:
    """Run an executable's `main` with the stored machine code; return the exit code to end with."""
    use_stored_kernels()
    return exit_code(main)
