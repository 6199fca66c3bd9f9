"""Compare one imported query with imported templates, all in one call of ``dali.pl``, and tell whether the call worked.

One call for many templates starts 15 times fewer processes than one call per pair, and names a tenth of the files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domainflow.alignment.dalilite.chain_import import CHAIN, dat_length
from domainflow.alignment.dalilite.programs import MAIN, DaliLite
from domainflow.alignment.dalilite.result_file import Hit, read_result_file

__all__ = ["QUERY", "Comparison", "ImportedTemplate", "compare"]

QUERY = "mol1"
"""Name of every query: four characters, as DaliLite's own name of a first molecule."""
_TEMPLATES = "t.list"
LONGEST_PATH = 80
"""Characters of a path that DaliLite reads; it ignores files with longer ones."""
_SIGN = re.compile(
    r"^.*(Fortran runtime error|No space left|[Cc]an(?:no|')t (?:open(?! mol1A.dccp)|allocate|stat)|ERROR running"
    r"|Input/output error|Read-only file system|Permission denied|Stale file handle|Disk quota|Too many open files"
    r"|error while loading|not found$|locked|Killed|Aborted|Bus error|Segmentation fault|Illegal instruction"
    r"|Floating point exception).*$",
    re.MULTILINE,
)
"""Lines of stderr that say that something was lost. DaliLite's status is 0 in nearly all of these cases.

A missing ``mol1A.dccp`` is no sign: DaliLite writes none if no template is similar.
"""


@dataclass(frozen=True)
class ImportedTemplate:
    """A template as DaliLite reads it: its code, the residues it has, and the bytes of its ``.dat`` file."""

    code: str
    residues: int
    size: int


@dataclass(frozen=True)
class Comparison:
    """Answer of one call.

    Attributes
    ----------
    hits : dict of str to Hit
        By code. Templates without a hit have no z of 2 or more.
    sign : str or None
        The first sign of a failure; hits may be missing then. None: the call worked.
    """

    hits: dict[str, Hit] = field(default_factory=dict)
    sign: str | None = None


def compare(
    dalilite: DaliLite, query: bytes, templates: Sequence[ImportedTemplate], store: str, folder: Path
) -> Comparison:
    """Compare a query with templates.

    Parameters
    ----------
    dalilite : DaliLite
    query : bytes
        The query's ``.dat`` file, imported as `QUERY`.
    templates : sequence of ImportedTemplate
    store : str
        Folder of the templates' ``.dat`` files, relative to `folder`, such as ``../T/``.
    folder : Path
        Folder for this call alone; it exists and is empty.
    """
    try:
        for template in templates:
            if sign := _defect(folder, f"{store}{template.code}.dat", template):
                return Comparison(sign=sign)
        (folder / f"{QUERY}{CHAIN}.dat").write_bytes(query)
        (folder / _TEMPLATES).write_text("".join(f"{template.code}\n" for template in templates))
        done = dalilite.run(
            folder, MAIN, "--cd1", f"{QUERY}{CHAIN}", "--db", _TEMPLATES, "--dat1", "./", "--dat2", store,
            "--outfmt", "summary,alignments,transrot",
        )  # fmt: skip
        if found := _SIGN.search(done.stderr):
            return Comparison(sign=found[0].strip())
        if done.returncode != 0:
            return Comparison(sign=f"{MAIN} ended with status {done.returncode}")
        hits = read_result_file((folder / f"{QUERY}{CHAIN}.txt").read_text(errors="replace"))
    except (OSError, ValueError) as error:
        # a full disk or a cut result file costs this call, which is then repeated elsewhere
        return Comparison(sign=_cause(error))
    return _accounted(hits, templates, dat_length(query, f"{QUERY}{CHAIN}"))


def _defect(folder: Path, path: str, template: ImportedTemplate) -> str | None:
    """Return what is wrong with a template's file; None if it has a short path, its first line and its size."""
    if len(path) > LONGEST_PATH:
        return f"the path {path} has more than {LONGEST_PATH} characters"
    try:
        dat = (folder / path).read_bytes()
    except FileNotFoundError:
        return f"{template.code}.dat is missing"
    if len(dat) != template.size or dat_length(dat, template.code) != template.residues:
        return f"{template.code}.dat is damaged"
    return None


def _accounted(hits: dict[str, Hit], templates: Sequence[ImportedTemplate], residues: int | None) -> Comparison:
    """Check that every hit belongs to a template that was asked for, and that both chains are whole."""
    lengths = {template.code: template.residues for template in templates}
    for code, hit in hits.items():
        if code not in lengths:
            return Comparison(sign=f"{code} was not asked for")
        if (hit.query_length, hit.template_length) != (residues, lengths[code]):
            return Comparison(
                sign=f"{hit.query_length} and {hit.template_length} residues aligned of {residues} and {lengths[code]}"
            )
    return Comparison(hits)


def _cause(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else f"the result file is damaged: {error}"
