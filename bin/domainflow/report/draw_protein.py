"""Draw one protein: its page, its scripts and files for other tools, its superposed templates (DPAM step 25).

The files of a bucket travel in ``BUCKET.pages.zip``: ``pages/ID`` is a packed page, ``view/…`` a file of the results.
``not_drawn/ID`` says why a protein has no page.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from domainflow.domains.parameters import DpamParameters
from domainflow.report.alternatives import Alternative
from domainflow.report.packing import pack
from domainflow.report.payload import Seen, protein_alternatives, protein_payload
from domainflow.report.scripts import chimerax_script, pymol_script
from domainflow.report.tool_files import GFF3_HEADER, gff3_lines, mmcif, superposed_pdb
from domainflow.templates.store import TemplateStore

__all__ = [
    "NOT_DRAWN", "PAGES", "VIEW", "Settings", "draw_protein", "thresholds_of", "write_members",
]  # fmt: skip

PAGES, VIEW, NOT_DRAWN = "pages/", "view/", "not_drawn/"
NOTHING: Mapping[str, str] = MappingProxyType({})
_MEMBER_DATE = (1980, 1, 1, 0, 0, 0)


class Settings(NamedTuple):
    """Settings that a bucket's pages depend on."""

    thresholds: Mapping[str, Sequence[float]]
    hh_suite: bool
    save_superpositions: bool


def thresholds_of(parameters: DpamParameters) -> dict[str, list[float]]:
    """Return the limits that the page draws into its bars."""
    shares = [parameters.least_coverage, parameters.full_coverage]
    return {
        "probability": [parameters.assigned_probability],
        "dali_z": [3, 6],
        "template_coverage": shares,
        "length_ratio": shares,
        "elements": [parameters.structured_elements],
    }


def draw_protein(seen: Seen, store: TemplateStore, settings: Settings) -> list[tuple[str, bytes]]:
    """Return the members of the archive for a protein, each with its name and content."""
    name = seen.protein.id
    alternatives = protein_alternatives(seen, store)
    payload = protein_payload(seen, alternatives, store, settings.thresholds, settings.hh_suite)
    files = _superpositions(seen, alternatives, store) if settings.save_superpositions else {}
    loaded = {row.domain: path for row in seen.rows for path in files if path.startswith(f"{name}_{row.domain}_")}
    scripts = {
        f"{name}.pml": ("PyMOL script", pymol_script(name, seen.protein.author, seen.rows, loaded)),
        f"{name}.cxc": ("ChimeraX script", chimerax_script(name, seen.protein.author, seen.rows, loaded)),
    }
    features = GFF3_HEADER + gff3_lines(name, len(seen.protein), seen.rows)
    texts = {**scripts, f"{name}.gff3": ("Domains as GFF3", features)}
    payload["downloads"] = [{"name": path, "title": title, "text": text} for path, (title, text) in texts.items()]
    view: dict[str, bytes] = {path: text.encode() for path, (_, text) in scripts.items()}
    view |= {f"{name}.cif.gz": mmcif(seen.protein, seen.rows)} | {path: text.encode() for path, text in files.items()}
    return [(f"{PAGES}{name}", pack(payload)), *((f"{VIEW}{path}", content) for path, content in view.items())]


def write_members(path: Path, members: Iterable[tuple[str, bytes]], causes: Mapping[str, str] = NOTHING) -> None:
    """Write the members of a bucket; equal content gives equal bytes. Pages are packed already.

    Parameters
    ----------
    path : Path
    members : iterable of (str, bytes)
        From `draw_protein`.
    causes : mapping of protein to sentence
        Why proteins could not be drawn.
    """
    sentences = ((f"{NOT_DRAWN}{protein}", cause.encode()) for protein, cause in causes.items())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (*members, *sentences):
            member = zipfile.ZipInfo(name, _MEMBER_DATE)
            member.external_attr = 0o644 << 16
            packed = name.startswith(PAGES) or name.endswith(".gz")
            archive.writestr(member, content, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)


def _superpositions(seen: Seen, alternatives: Sequence[Sequence[Alternative]], store: TemplateStore) -> dict[str, str]:
    """Return PDB texts of the assigned template of each domain, by file name."""
    files: dict[str, Any] = {}
    for row, listed in zip(seen.rows, alternatives, strict=True):
        for one in listed:
            if one.prediction.row.uid == row.template and one.fit is not None:
                name = f"{seen.protein.id}_{row.domain}_{row.template_id}.pdb"
                files[name] = superposed_pdb(row.template, one.fit, store)
    return files
