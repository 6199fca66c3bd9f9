"""Gather the files of all steps into the run's results.

A large run has some hundred bytes of text for each domain, and ten times that as Python objects. So the domains stay
lines of text, and each is parsed when it is written.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from domainflow.domains.dpam_files.names import named_files
from domainflow.domains.results import DomainRow, format_rows, parse_row, summary, summary_lines
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
    domains : mapping of protein to str
        Lines of ``domains.tsv`` of each protein with the status ``ok``.
    left_out : dict of protein to UIDs, or None
        Templates left out, ascending; None if the run leaves none out.
    """

    ledger: Sequence[LedgerRow]
    domains: Mapping[str, str]
    left_out: dict[str, list[str]] | None


def gather_results(folder: Path, ledger: Sequence[LedgerRow]) -> RunResults:
    """Read the results of a batch from the steps' files: ``*.domains.tsv`` and ``*.left_out.tsv``."""
    place = {row.protein: number for number, row in reversed(list(enumerate(ledger)))}
    answered = {row.protein for row in ledger if row.status == "ok"}
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.domains.tsv")):
        with path.open(newline="\n") as lines:
            next(lines, None)
            for line in lines:
                protein = line.partition("\t")[0]
                if protein in answered:
                    found[protein] = found.get(protein, "") + line
    domains = {protein: found[protein] for protein in sorted(found, key=place.__getitem__)}
    tables = [read_left_out(path) for path in folder.glob("*.left_out.tsv")]
    left_out = {protein: sorted(uids) for table in tables for protein, uids in table.items()}
    ordered = dict(sorted(left_out.items(), key=lambda item: place[item[0]]))
    return RunResults(ledger, domains, ordered if tables else None)


def write_results(results: RunResults, folder: Path) -> None:
    """Write ledger.tsv, domains.tsv, dpam_domains.tsv, summary.txt and, if templates are left out, left_out.tsv."""
    write_ledger(folder / "ledger.tsv", results.ledger)
    labels: Counter[str] = Counter()

    def counted() -> Iterator[DomainRow]:
        for lines in results.domains.values():
            for row in map(parse_row, lines.removesuffix("\n").split("\n")):
                labels[row.label] += 1
                yield row

    with (folder / "domains.tsv").open("w") as table:
        table.write(format_rows([]))
        table.writelines(results.domains.values())
    with (folder / "dpam_domains.tsv").open("w") as table:
        table.writelines(summary_lines(counted()))
    (folder / "summary.txt").write_text(summary(results.ledger, labels))
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
