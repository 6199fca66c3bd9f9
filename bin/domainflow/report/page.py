"""Write the page: one HTML file that holds data, script and style, and asks no network for anything.

Data stand deflated, in base64, in elements that a browser does not run, so that no id can become markup. The page's
content security policy allows the one script with this content, the 3D viewer (from memory), and nothing else.
"""

import base64
import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import jinja2

from domainflow.report.colours import DOMAIN_COLOURS, LABEL_COLOURS, LINKER_COLOUR, PLDDT_COLOURS
from domainflow.report.packing import pack

__all__ = ["DATA_FOLDER", "EMBED", "MODULES", "joined_script", "write_page"]

MODULES = (
    "state", "elements", "data", "marks", "colours", "save", "rows", "table", "sections", "run_page", "protein_state",
    "map", "tracks", "track_rows", "model", "overlay", "domain_list", "why", "detail", "alignment", "missing_page",
    "protein_page", "keyboard", "start",
)  # fmt: skip
"""Files of the script in the order in which they are joined; they lie in ``assets/report/script``."""
STYLES = ("page", "run", "protein", "print")
EMBED = 20_000_000
"""Bytes of proteins' data inside the page, if not said otherwise."""
DATA_FOLDER = "report_data"
VIEWER = "3Dmol-min.js"


class _Element(NamedTuple):
    """One protein's data inside the page: the number of its element, and base64."""

    number: int
    data: str


def write_page(
    out: Path,
    run: Mapping[str, object],
    pages: Iterable[tuple[str, bytes]] = (),
    *,
    assets: Path,
    embed: int = EMBED,
) -> None:
    """Write ``report.html``, and beside it the proteins' data that exceed what is embedded.

    Parameters
    ----------
    out : Path
        The page.
    run : mapping
        Data of the run (``docs/report-data.md``).
    pages : iterable of (str, bytes)
        Id and packed payload of each protein with a page of its own, the first ones inside.
    assets : Path
        The folder ``assets/report``.
    embed : int
        Largest number of bytes of payloads inside the page. The rest is written to ``report_data/NNNNNN.js``.
    """
    folder = out.parent / DATA_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    inside: list[_Element] = []
    numbers: dict[str, int] = {}
    beside = False
    for number, (protein, packed) in enumerate(pages):
        data = base64.b64encode(packed).decode()
        if not beside and len(data) <= embed:
            embed -= len(data)
            inside.append(_Element(number, data))
        else:  # from the first that does not fit on, so that which ones are inside can be told from their order
            beside = True
            folder.mkdir(exist_ok=True)
            (folder / f"{number:06d}.js").write_text(f'domainflowPayload({number},"{data}")\n')
        numbers[protein] = number
    meta = {"pages": numbers, "inside": len(inside), "folder": DATA_FOLDER, "colours": _colours()}
    script = joined_script(assets)
    loader = jinja2.FileSystemLoader(assets)
    template = jinja2.Environment(loader=loader, autoescape=True, keep_trailing_newline=True).get_template(
        "page.html.j2"
    )
    text = template.render(
        title=run["title"],
        style="".join((assets / "style" / f"{name}.css").read_text() for name in STYLES),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        beside=beside,
        data=_text({"run": run, "meta": meta}),
        viewer=_text((assets / VIEWER).read_text()) if numbers else "",
        proteins=inside,
    )
    out.write_text(text)


def joined_script(assets: Path) -> str:
    """Return the files of the script as one, in the declared order.

    Each file is a module for the reader and the type checker: its ``import`` lines and the word ``export`` fall away,
    because names are global to the one script.
    """
    return '"use strict";\n' + "".join(_plain(assets / "script" / f"{name}.js") for name in MODULES)


def _plain(path: Path) -> str:
    """Return a module's text without imports and exports; they stand in one line each."""
    lines = path.read_text().splitlines()
    kept = (line.removeprefix("export ") for line in lines if not line.startswith("import "))
    return "\n".join(kept) + "\n"


def _text(value: object) -> str:
    """Return a value packed, in base64."""
    return base64.b64encode(pack(value)).decode()


def _colours() -> dict[str, object]:
    """Return the colours that the page's script uses."""
    return {
        "domains": DOMAIN_COLOURS,
        "linker": LINKER_COLOUR,
        "labels": LABEL_COLOURS,
        "plddt": PLDDT_COLOURS,
    }
