"""Define the arguments that executables of a bucket share."""

import argparse
from pathlib import Path

from domainflow.domains.parameters import PARAMETER_SETS
from domainflow.domains.parsing.coordinates.structure_evidence import STRUCTURE_EVIDENCE
from domainflow.run.task import add_task_arguments
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

__all__ = ["SEARCHED", "bucket_parser", "open_reference"]

SEARCHED = ("hits.tsv", "left_out.tsv", "filtered.tsv", "mappings.tsv", "candidates.tsv")
"""Files of a bucket that steps 3 to 6 wrote."""


def bucket_parser(description: str | None, *files: str, statistics: bool = False) -> argparse.ArgumentParser:
    """Return a parser of ``--reference``, ``--parameters``, ``--out-dir``, the bucket's files and the task.

    Parameters
    ----------
    description : str or None
        Docstring of the executable.
    files : str
        Files of the bucket: ``left_out.tsv`` stands for ``--left-out BUCKET.left_out.tsv``.
    statistics : bool
        Whether to add ``--statistics``, ``--save-intermediates`` and ``--structure-evidence``.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("proteins.zip", *files):
        option = name.partition(".")[0].replace("_", "-")
        parser.add_argument(f"--{option}", type=Path, required=True, help=f"BUCKET.{name}")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2", help="set of DPAM's constants")
    if statistics:
        parser.add_argument("--statistics", type=Path, help="the reference's statistics")
        parser.add_argument("--save-intermediates", action="store_true", help="write DPAM's own files, too")
        parser.add_argument(
            "--structure-evidence", choices=STRUCTURE_EVIDENCE, default="auto", help="proteins to use it for"
        )
    parser.add_argument("--out-dir", type=Path, default=Path(), help="folder to write to")
    add_task_arguments(parser)
    return parser


def open_reference(args: argparse.Namespace) -> tuple[TemplateStore, ReferenceStatistics]:
    """Return the reference that the arguments of a `bucket_parser` with statistics name."""
    store = TemplateStore.open(args.reference)
    return store, ReferenceStatistics.open(args.statistics, store)
