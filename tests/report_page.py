"""Read what a report.html holds, without a browser."""

import base64
import re
from pathlib import Path
from typing import Any

from domainflow.report.packing import unpack

__all__ = ["pages_inside", "run_inside"]

ELEMENT = re.compile(r'<script type="text/plain" id="([\w-]+)">([A-Za-z0-9+/=]*)</script>')


def _elements(path: Path) -> dict[str, str]:
    return dict(ELEMENT.findall(path.read_text()))


def run_inside(path: Path) -> dict[str, Any]:
    """Return the run's part of a page's data."""
    found: Any = unpack(base64.b64decode(_elements(path)["data"]))
    return found["run"]


def pages_inside(path: Path) -> list[dict[str, Any]]:
    """Return the payloads of the proteins inside a page, in its order."""
    inside = {name: text for name, text in _elements(path).items() if name.startswith("page-")}
    found: list[Any] = [unpack(base64.b64decode(text)) for text in inside.values()]
    return found
