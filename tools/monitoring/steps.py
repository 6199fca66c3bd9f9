"""Name the processes of each workflow in their order, with what a task of each works on."""

from collections.abc import Collection
from enum import Enum
from typing import NamedTuple

__all__ = ["STEPS", "Number", "Step", "steps_of"]


class Number(Enum):
    """The number of tasks of a process."""

    ONE = "one"
    BUCKETS = "one for each bucket or sample"
    FILES = "one for each file that another process wrote"
    UNKNOWN = "unknown before they are submitted"


class Step(NamedTuple):
    """One process.

    Attributes
    ----------
    process : str
    unit : str
        What is counted: items of a bucket (protein, file), or the tasks themselves.
    tasks : Number
    counts_items : bool
        True if the items of a task are counted, by its ledger or by the size of its bucket.
    files : (str, str)
        For `Number.FILES`: the process that writes them, and a pattern of their names.
    optional : bool
        True if the process may have no task.
    """

    process: str
    unit: str
    tasks: Number
    counts_items: bool = False
    files: tuple[str, str] = ("", "")
    optional: bool = False


def _bucket(process: str, unit: str = "protein", optional: bool = False) -> Step:
    return Step(process, unit, Number.BUCKETS, counts_items=True, optional=optional)


def _all(process: str, unit: str = "protein") -> Step:
    return Step(process, unit, Number.ONE, counts_items=True)


def _one(process: str, optional: bool = False) -> Step:
    return Step(process, "task", Number.ONE, optional=optional)


_PARSE = (
    Step("CHECK_ENGINE", "task", Number.UNKNOWN, optional=True),
    _bucket("PREPARE_PROTEINS"),
    _one("BUILD_FOLDSEEK_DATABASE", optional=True),
    _all("SEARCH_TEMPLATES"),
    _bucket("SEARCH_PROFILES", optional=True),
    _bucket("SELECT_CANDIDATES"),
    _one("IMPORT_DALI", optional=True),
    _bucket("ALIGN_TEMPLATES"),
    _bucket("PARSE_DOMAINS"),
)
_RESTORE = (_one("CHECK_PHASE", optional=True), Step("RESTORE_PART", "task", Number.UNKNOWN, optional=True))
_SAVE = (Step("SAVE_PART", "task", Number.UNKNOWN, optional=True), _one("WRITE_PHASE", optional=True))
STEPS: dict[str, tuple[Step, ...]] = {
    "domains": (
        *_RESTORE,
        _one("LIST_INPUTS"),
        _one("CHECK_RUN"),
        *_PARSE,
        _all("SCORE_DOMAINS"),
        _bucket("ASSIGN_DOMAINS"),
        *_SAVE,
        _one("CHOOSE_PAGES"),
        Step("DRAW_PROTEINS", "task", Number.FILES, files=("CHOOSE_PAGES", "chosen/*.chosen.txt")),
        _one("WRITE_RESULTS"),
        _one("REQUIRE_ANSWERS"),
        _one("REQUIRE_ALL", optional=True),
    ),
    "training": (
        *_RESTORE,
        _one("LIST_INPUTS", optional=True),
        _one("MAKE_TRAINING_QUERIES"),
        *_PARSE,
        *_SAVE,
        _one("WRITE_TRAINING_LEDGER"),
        _one("REQUIRE_ANSWERS"),
        _one("TRAIN_DOMASS"),
        _one("WRITE_TRAINING_REPORT", optional=True),
    ),
    "reference": (
        _one("IMPORT_DPAM", optional=True),
        _one("PLAN_TEMPLATES", optional=True),
        Step("CUT_TEMPLATES", "bucket", Number.FILES, files=("PLAN_TEMPLATES", "buckets/*.domains.tsv"), optional=True),
        _one("JOIN_TEMPLATES", optional=True),
        Step("ALIGN_HOMOLOGUES", "bucket", Number.UNKNOWN, optional=True),
        _one("DERIVE_STATISTICS", optional=True),
        _one("BUILD_HH_DATABASE", optional=True),
        _one("WRITE_REFERENCE", optional=True),
        Step("CHECK_ENGINE", "task", Number.UNKNOWN, optional=True),
        _one("BUILD_FOLDSEEK_DATABASE", optional=True),
        _one("IMPORT_DALI", optional=True),
        _one("EXPORT_DPAM", optional=True),
    ),
    "codons": (
        _bucket("PREPARE_GENES", "file"),
        Step("COUNT_CODONS", "batch", Number.FILES, files=("PREPARE_GENES", "*.genes.arrow")),
        Step("MERGE_COUNTS", "sample", Number.BUCKETS),
        Step("COMPUTE_INDICES", "sample", Number.BUCKETS),
        _one("PLOT_CODON_USAGE"),
        _one("WRITE_RESULTS"),
        _one("WRITE_CODONS_REPORT", optional=True),
        _one("REQUIRE_ALL", optional=True),
    ),
}
"""Processes of each workflow, in the order in which the items pass them."""


def steps_of(workflow: str, seen: Collection[str], left_out: Collection[str], all_seen: bool) -> list[Step]:
    """Return the processes of a run: those of its workflow, and any others that have tasks.

    Parameters
    ----------
    workflow : str
    seen : collection of str
        Processes with tasks, in any order.
    left_out : collection of str
        Processes that the run leaves out, because it stops after a phase or goes on from one.
    all_seen : bool
        True if the run has ended well, so that the other processes have no task.
    """
    named = STEPS.get(workflow, ())
    without = {step.process for step in named if all_seen or step.optional or step.process in left_out} - set(seen)
    known = [step for step in named if step.process not in without]
    others = sorted(set(seen) - {step.process for step in named})
    return [*known, *(Step(process, "task", Number.UNKNOWN) for process in others)]
