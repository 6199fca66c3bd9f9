#!/usr/bin/env python3
"""Make a Foldseek database of a reference's templates: OUT/templates*, among them Foldseek's version."""

import argparse
import sys
from pathlib import Path

from domainflow.run.step import run_program
from domainflow.run.task import add_task_arguments, task_of
from domainflow.search.foldseek.database import TEMPLATES, build_database, template_models
from domainflow.search.foldseek.program import foldseek_version
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--out-dir", type=Path, default=Path("foldseek"))
    add_task_arguments(parser)
    args = parser.parse_args()
    threads = task_of("BUILD_FOLDSEEK_DATABASE", args).threads
    store = TemplateStore.open(args.reference)
    args.out_dir.mkdir(parents=True, exist_ok=True)

    taken = build_database(template_models(store), args.out_dir / TEMPLATES, threads)
    (args.out_dir / f"{TEMPLATES}.version").write_text(f"{foldseek_version()}\n")
    print(f"{len(taken)} of {len(store)} templates are in the Foldseek database.")


if __name__ == "__main__":
    sys.exit(run_program(main))
