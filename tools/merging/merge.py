"""Join the results of several runs of the workflow domains, and prove that no input is lost or doubled."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from domainflow.run.ledger import COLUMNS, NOTHING
from merging.unique import ids_in_two_runs

__all__ = ["TABLES", "MergeError", "Merged", "check_run", "merge_runs"]

TABLES = (
    "ledger.tsv", "domains.tsv", "dpam_domains.tsv", "left_out.tsv", "unused_files.tsv", "domains.gff3",
    "ted_like.tsv", "chopping.tsv", "domains.jsonl",
)  # fmt: skip
"""Tables that are joined, where the runs have them."""
WITHOUT_HEADER = ("domains.jsonl",)
ALWAYS = TABLES[:3]
"""Tables that every run has."""
PLACES = (
    "input", "outdir", "buckets", "strict", "scratch", "node_cache", "node_cache_gb", "dali_workers", "image_folder",
    "help", "dry_run", "stop_after", "start_from", "affinity", "cpu_bind", "slurm_queue", "slurm_account",
    "slurm_options", "slurm_max_memory", "slurm_max_time", "array_size", "queue_size", "report", "report_proteins",
    "report_embed", "save_superpositions",
)  # fmt: skip
"""Parameters that may differ between the runs: no result depends on them."""
DOMAINS = COLUMNS.index("domains")


class MergeError(ValueError):
    """The runs cannot be joined; the message is one sentence that names the run."""


class Checked(NamedTuple):
    """A run: its folder, the number of its inputs, and what its results were made with."""

    folder: Path
    inputs: int
    made_with: dict[str, Any]


class Merged(NamedTuple):
    """Numbers of runs, inputs and domains, and rows of each table."""

    runs: int
    inputs: int
    domains: int
    rows: dict[str, int]


def merge_runs(folders: Sequence[Path], out: Path, expected: Sequence[int | None] = ()) -> Merged:
    """Join the tables of runs into a folder, in the order of the runs.

    Parameters
    ----------
    folders : sequence of Path
        Results folders.
    out : Path
        Folder to write to; made if need be.
    expected : sequence of int or None
        Number of inputs of each run, if it is known from elsewhere.

    Raises
    ------
    MergeError
        If a run did not finish, lacks rows, was made with other code, parameters or files, or if an id is in two runs.
        Nothing is written then.
    """
    if not folders:
        raise MergeError("there is no run to join")
    known = expected or [None] * len(folders)
    runs = [check_run(folder, number) for folder, number in zip(folders, known, strict=True)]
    for run in runs[1:]:
        _require_alike(runs[0], run)
    twice = ids_in_two_runs([partial(_ids, run.folder / "ledger.tsv") for run in runs])
    if twice:
        name, places = next(iter(sorted(twice.items())))
        others = f" ({len(twice) - 1} more ids are in two runs)" if len(twice) > 1 else ""
        raise MergeError(f"the id {name} is in {folders[places[0]]} and in {folders[places[1]]}{others}")
    out.mkdir(parents=True, exist_ok=True)
    written = {name: out / f"{name}.part" for name in TABLES if any((run.folder / name).exists() for run in runs)}
    rows = {
        name: _join([run.folder / name for run in runs], path, name not in WITHOUT_HEADER)
        for name, path in written.items()
    }
    inputs = sum(run.inputs for run in runs)
    if rows["ledger.tsv"] != inputs:
        raise MergeError(f"the joined ledger has {rows['ledger.tsv']} rows for {inputs} inputs")
    merged = Merged(len(runs), inputs, rows["domains.tsv"], rows)
    facts = {"runs": [{"folder": str(run.folder.resolve()), "inputs": run.inputs} for run in runs], "rows": rows}
    (out / "merged.json").write_text(json.dumps(facts | runs[0].made_with, indent=2) + "\n")
    for name, path in written.items():
        path.rename(out / name)
    return merged


def check_run(folder: Path, expected: int | None = None) -> Checked:
    """Return a run that is whole: it finished, and its ledger has a row for every input, its tables every domain.

    Parameters
    ----------
    folder : Path
    expected : int or None
        Number of its inputs, if it is known from elsewhere. One line of a list may be no input of its own (a PAE file).

    Raises
    ------
    MergeError
        If it is not.
    """
    info = folder / "pipeline_info"
    facts = _json(info / "run.json", folder)
    if facts.get("workflow") != "domains":
        raise MergeError(f"{folder} is a run of the workflow {facts.get('workflow')}; runs of domains are joined alone")
    if "end" not in facts or not facts["success"]:
        raise MergeError(
            f"the run in {folder} did not finish; start it again with -resume before its results are joined"
        )
    for name in ALWAYS:
        if not (folder / name).exists():
            raise MergeError(f"{folder} has no {name}, although its run finished; start it again with -resume")
    counts = _json(info / "inputs.json", folder)
    inputs = counts["accepted"] + counts["rejected"]
    rows, domains = _ledger_counts(folder / "ledger.tsv")
    if rows != inputs or (expected is not None and expected != inputs):
        wanted = inputs if expected is None else expected
        raise MergeError(
            f"the ledger of {folder} has {rows} rows, but the run had {inputs} inputs of {wanted} expected"
        )
    for name in ("domains.tsv", "dpam_domains.tsv"):
        found = sum(1 for _ in _lines(folder / name)) - 1
        if found != domains:
            raise MergeError(f"{folder}/{name} has {found} rows, but the ledger counts {domains} domains")
    provenance = _json(info / "provenance.json", folder)
    parameters = {name: text for name, text in provenance["parameters"].items() if name not in PLACES}
    made_with: dict[str, Any] = {
        name: provenance[name] for name in ("versions", "code", "files", "databases", "engines") if name in provenance
    }
    return Checked(folder, inputs, {"parameters": parameters, **made_with})


def _json(path: Path, folder: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise MergeError(
            f"{folder} has no pipeline_info/{path.name}: it is no results folder of a finished run"
        ) from None


def _require_alike(first: Checked, other: Checked) -> None:
    """Refuse runs that were not made in the same way; the first thing that differs is named."""
    for kind in sorted(first.made_with.keys() | other.made_with.keys()):
        one, two = first.made_with.get(kind, {}), other.made_with.get(kind, {})
        for name in sorted(one.keys() | two.keys()):
            if one.get(name) != two.get(name):
                texts = f"{str(one.get(name))[:60]} and {str(two.get(name))[:60]}"
                raise MergeError(f"{first.folder} and {other.folder} differ in {kind}, {name}: {texts}")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
        yield from stream


def _ids(path: Path) -> Iterator[str]:
    """Yield the ids of a ledger; a rejected input may have none."""
    lines = _lines(path)
    next(lines)
    yield from (name for line in lines if (name := line.partition("\t")[0]) != NOTHING)


def _ledger_counts(path: Path) -> tuple[int, int]:
    """Return the rows of a ledger and the domains it counts."""
    lines = _lines(path)
    next(lines)
    rows = domains = 0
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        rows += 1
        domains += int(fields[DOMAINS]) if fields[DOMAINS] != NOTHING else 0
    return rows, domains


def _join(paths: Sequence[Path], out: Path, headed: bool = True) -> int:
    """Write the rows of tables under one header, if they have one; return their number."""
    header, rows = None, 0
    with out.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
        for path in paths:
            if not path.exists():
                continue
            lines = _lines(path)
            own = next(lines) if headed else ""
            if header is None:
                header = own
                stream.write(header)
            elif own != header:
                raise MergeError(f"{path} has other columns than the runs before it")
            for line in lines:
                stream.write(line)
                rows += 1
    return rows
