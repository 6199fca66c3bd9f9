"""Write the report of a run. Each workflow that has one is registered here."""

import shutil
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domainflow.domains.results import read_rows
from domainflow.report.choose_pages import candidates_of, chosen_proteins
from domainflow.report.codons_run import codons_run
from domainflow.report.domains_run import domains_run
from domainflow.report.draw_protein import NOT_DRAWN, PAGES, VIEW
from domainflow.report.page import write_page
from domainflow.report.reference_run import reference_run
from domainflow.report.run_tables import write_tool_tables
from domainflow.report.training_run import training_run
from domainflow.run.ledger import read_ledger

__all__ = ["RUNS", "report_may_fail", "write_domains_report", "write_report"]

RUNS: dict[str, Callable[[Path, Mapping[str, Any]], dict[str, Any]]] = {
    "domains": domains_run,
    "reference": reference_run,
    "training": training_run,
    "codons": codons_run,
}
"""By workflow: what its page shows, from the folder of its results and its provenance."""
REPORT = "report.html"
SUMMARY = "summary.txt"
LOST = "its task of DRAW_PROTEINS did not finish; pipeline_info/execution_trace.txt says how it ended"


def write_report(workflow: str, folder: Path, record: Mapping[str, Any], assets: Path) -> None:
    """Write ``report.html`` of a workflow without pages for proteins into the folder of its results."""
    write_page(folder / REPORT, RUNS[workflow](folder, record), assets=assets)


@contextmanager
def report_may_fail(folder: Path) -> Iterator[None]:
    """Let a fault in the report cost the report alone: the last line of the run's summary says so.

    A full disk and missing memory are faults of the machine. They end the task, so that it is tried again.
    """
    try:
        yield
    except (OSError, MemoryError):
        raise
    except Exception as error:
        traceback.print_exc()
        (folder / REPORT).unlink(missing_ok=True)
        with (folder / SUMMARY).open("a") as summary:
            summary.write(f"report.html could not be written ({error}). All other results are complete.\n")


def write_domains_report(
    folder: Path, record: Mapping[str, Any], archives: Path, assets: Path, most: int, embed: int
) -> None:
    """Write report.html, report_data/, view/ and the tables for other tools into the folder of a run's results.

    Parameters
    ----------
    folder : Path
        With ledger.tsv and domains.tsv.
    record : mapping
        The run's provenance.
    archives : Path
        Folder of ``*.pages.zip``.
    assets : Path
        Folder of the page's own files.
    most : int
        Largest number of proteins with a page.
    embed : int
        Bytes of pages inside report.html; the others are written beside it.
    """
    ledger, table = read_ledger(folder / "ledger.tsv"), folder / "domains.tsv"
    write_tool_tables(folder, ledger, read_rows(table), bool(record.get("hhsuite")))
    places, causes = _drawn(archives)
    wanted = chosen_proteins(candidates_of(ledger, read_rows(table)), most)
    chosen = [name for name in wanted if name in places]
    _extract(archives, set(chosen), folder / "view")
    run = RUNS["domains"](folder, record)
    if missing := [[name, causes.get(name, LOST)] for name in wanted if name not in places]:
        columns = [{"title": title, "kind": "text"} for title in ("protein", "reason")]
        data = {"columns": columns, "rows": missing}
        run["sections"].append(
            {"title": "Proteins without a page", "note": None, "place": "bottom", "kind": "table", "data": data}
        )
    write_page(folder / REPORT, run, _pages(places, chosen), assets=assets, embed=embed)


def _drawn(archives: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Return the archive of each protein's page, and the cause of each protein that could not be drawn."""
    places: dict[str, Path] = {}
    causes: dict[str, str] = {}
    for path in sorted(archives.glob("*.pages.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith(PAGES):
                    places[name.removeprefix(PAGES)] = path
                elif name.startswith(NOT_DRAWN):
                    causes[name.removeprefix(NOT_DRAWN)] = archive.read(name).decode()
    return places, causes


def _pages(places: Mapping[str, Path], chosen: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in chosen:
        with zipfile.ZipFile(places[name]) as archive:
            yield name, archive.read(f"{PAGES}{name}")


def _extract(archives: Path, chosen: set[str], folder: Path) -> None:
    """Write the files for other tools of the chosen proteins; those of a protein follow its page."""
    for path in sorted(archives.glob("*.pages.zip")):
        with zipfile.ZipFile(path) as archive:
            wanted = False
            for name in archive.namelist():
                if name.startswith(PAGES):
                    wanted = name.removeprefix(PAGES) in chosen
                elif wanted and name.startswith(VIEW):
                    folder.mkdir(exist_ok=True)
                    with archive.open(name) as source, (folder / name.removeprefix(VIEW)).open("wb") as target:
                        shutil.copyfileobj(source, target)
