"""Make Foldseek's databases of models, and read the names in one."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from domainflow.run.errors import StoreError
from domainflow.search.foldseek.program import QUIET, run_foldseek
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore

__all__ = ["TEMPLATES", "build_database", "database_prefix", "names_in", "template_models", "uid_of"]

TEMPLATES = "templates"
"""File prefix of a reference's database."""
PARTS = ("", ".dbtype", ".index", "_ca", "_h", "_ss")
"""Ends of the names of files that every database has."""


def build_database(models: Iterable[tuple[str, str]], prefix: Path, threads: int) -> list[str]:
    """Write a database of models given as (name, PDB text); return the names that Foldseek took.

    Foldseek leaves out models of fewer than five residues. It sorts the models by name.
    """
    folder = prefix.with_name(f"{prefix.name}.models")
    folder.mkdir()
    try:
        for name, text in models:
            (folder / f"{name}.pdb").write_text(text)
        run_foldseek(prefix.parent, "createdb", folder.name, prefix.name, "--threads", threads, *QUIET)
    finally:
        shutil.rmtree(folder)
    return names_in(prefix)


def template_models(store: TemplateStore) -> Iterator[tuple[str, str]]:
    """Yield UID and PDB text (N, CA, C, O) of every template."""
    for row, uid in enumerate(store.uids):
        yield uid, "".join(f"{line}\n" for line in backbone_lines(store.sequences[row], store.backbone(row)))


def database_prefix(path: Path) -> Path:
    """Return the file prefix of a database as an absolute path.

    Parameters
    ----------
    path : Path
        The prefix, or a folder that holds the files of one database, and perhaps of others whose names only add to its
        name.

    Raises
    ------
    StoreError
        If there is no database, or more than one, or a part of it is missing.
    """
    if path.is_dir():
        found = sorted(part.name.removesuffix("_ss.dbtype") for part in path.glob("*_ss.dbtype"))
        if not found or not all(name.startswith(found[0]) for name in found):
            raise StoreError(
                f"{path.name} holds {len(found)} Foldseek databases, expected 1; "
                "give --foldseek_db the file prefix of one database of structures"
            )
        path = path / found[0]
    missing = [f"{path.name}{part}" for part in PARTS if not path.with_name(f"{path.name}{part}").is_file()]
    if missing:
        raise StoreError(f"the Foldseek database {path.name} lacks {', '.join(missing)}; copy or build it again")
    return path.absolute()


def names_in(prefix: Path) -> list[str]:
    """Return the names of a database's entries, in its order.

    Raises
    ------
    StoreError
        If the database has no lookup file.
    """
    lookup = prefix.with_name(f"{prefix.name}.lookup")
    if not lookup.is_file():
        raise StoreError(f"the Foldseek database {prefix.name} lacks {lookup.name}; copy or build it again")
    return [line.split("\t")[1] for line in lookup.read_text().splitlines()]


def uid_of(target: str, store: TemplateStore) -> str | None:
    """Return the UID of the template that a name means: ``<uid>``, ``<uid>.pdb`` or ``<uid>_A``; None if unknown."""
    stem = target.partition(".")[0]
    return next((name for name in (target, stem, stem.removesuffix("_A")) if name in store), None)
