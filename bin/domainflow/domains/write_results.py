"""Gather the files of all steps into the run's results."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from domainflow.domains.dpam_files.names import named_files
from domainflow.domains.results import DomainRow, format_rows, format_summary, parse_rows, summary
from domainflow.domains.tables import read_left_out, write_left_out
from domainflow.run.ledger import LedgerRow, write_ledger
from domainflow.structures.archive import read_texts

__all__ = ["RunResults", "gather_results", "write_intermediates", "write_results"]


class RunResults(NamedTuple):
    """Results of a batch, in the order of its inputs.

    Attributes
    ----------
    ledger : sequence of LedgerRow
        One row per input.
    domains : list of DomainRow
        Domains of the proteins with the status ``ok``.
    left_out : dict of protein to UIDs, or None
        Templates left out, ascending; None if the run leaves none out.
    """

    ledger: Sequence[LedgerRow]
    domains: list[DomainRow]
    left_out: dict[str, list[str]] | None


def gather_results(folder: Path, ledger: Sequence[LedgerRow]) -> RunResults:
    """Read the results of a batch from the steps' files: ``*.domains.tsv`` and ``*.left_out.tsv``."""
    place = {row.protein: number for number, row in reversed(list(enumerate(ledger)))}
    answered = {row.protein for row in ledger if row.status == "ok"}
    found = [row for path in sorted(folder.glob("*.domains.tsv")) for row in parse_rows(path.read_text())]
    domains = sorted((row for row in found if row.protein in answered), key=lambda row: place[row.protein])
    tables = [read_left_out(path) for path in folder.glob("*.left_out.tsv")]
    left_out = {protein: sorted(uids) for table in tables for protein, uids in table.items()}
    ordered = dict(sorted(left_out.items(), key=lambda item: place[item[0]]))
    return RunResults(ledger, domains, ordered if tables else None)


def write_results(results: RunResults, folder: Path) -> None:
    """Write ledger.tsv, domains.tsv, dpam_domains.tsv, summary.txt and, if templates are left out, left_out.tsv."""
    write_ledger(folder / "ledger.tsv", results.ledger)
    (folder / "domains.tsv").write_text(format_rows(results.domains))
    (folder / "dpam_domains.tsv").write_text(format_summary(results.domains))
    (folder / "summary.txt").write_text(summary(results.ledger, results.domains))
    if results.left_out is not None:
        write_left_out(folder / "left_out.tsv", results.left_out)


def write_intermediates(archives: Path, folder: Path, layout: str) -> None:
    """Write DPAM's own files under their names, from ``*.dpam.zip`` and (reports of HH-suite) ``*.hhr.zip``."""
    for name, text in _intermediates(archives, layout):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _intermediates(archives: Path, layout: str) -> Iterator[tuple[str, str]]:
    for archive in sorted(archives.glob("*.hhr.zip")):
        for protein, text in read_texts(archive):
            yield from named_files({"report": text}, protein, layout)
    for archive in sorted(archives.glob("*.dpam.zip")):
        yield from read_texts(archive)
