"""The pictures of a codons run's page: as many of those in ``plots/`` as the page can hold."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["picture_sections"]

MOST_PICTURES = 12
MOST_BYTES = 6_000_000
"""Largest size of all pictures in the page together."""
OF_GENES = {
    "enc_gc3s": (
        "ENC against GC3s",
        "each point a gene; below Wright's curve its preferences exceed what its composition gives",
    ),
    "rscu_components": (
        "Components of RSCU",
        "each point a gene of 100 codons or more; genes with like usage are near",
    ),
    "neutrality": ("Neutrality", "GC12 against GC3; a slope near 1 speaks for mutation, one near 0 for selection"),
    "pr2": ("Parity rule 2", "fourfold families of each gene; in the middle A equals T, and G equals C"),
}
"""Title and meaning of the pictures of genes."""
HEAT_MAP, BARS, OF_CODE = "rscu_heat_map", "rscu", ".code_"


def picture_sections(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the pictures of a folder, those of genes first, and say how many are left out.

    Parameters
    ----------
    folder : Path
        ``plots/``; it may be missing, if the task that draws was lost.
    """
    found = {path.name.removesuffix(".svg"): path for path in sorted(folder.glob("*.svg"))}
    order = [name for name in OF_GENES if name in found]
    for kind in (HEAT_MAP, BARS):
        order += [name for name in found if name.startswith(f"{kind}.")]
    shown, size = 0, 0
    for name in order:
        text = found[name].read_text()
        if shown == MOST_PICTURES or size + len(text) > MOST_BYTES:
            continue
        shown, size = shown + 1, size + len(text)
        title, meaning = _described(name)
        yield {
            "title": title, "note": meaning, "place": "bottom", "wide": name not in OF_GENES, "kind": "svg",
            "data": {"svg": text, "alt": f"{title}: {meaning}. plots/{name}.tsv holds the numbers."},
        }  # fmt: skip
    if shown < len(order):
        said = f"{shown} of {len(order)} pictures are on this page. The others are in the folder plots."
        yield {"title": "More pictures", "note": None, "place": "bottom", "wide": True, "kind": "text", "data": [said]}


def _described(name: str) -> tuple[str, str]:
    """Return title and meaning of a picture."""
    if name in OF_GENES:
        return OF_GENES[name]
    stem, _, number = name.rpartition(OF_CODE)
    if stem == HEAT_MAP:
        return f"RSCU of all groups, genetic code {number}", "red is preferred, blue avoided, white no preference"
    return f"RSCU of {stem.removeprefix(f'{BARS}.')}, genetic code {number}", "a bar for each amino acid"
