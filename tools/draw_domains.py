#!/usr/bin/env python3
"""Draw proteins as bars, known domains above found ones, as one SVG file that needs no fonts or styles from elsewhere.

tools/draw_domains.py RESULTS_DIR --out docs/demo.svg     (with the files domains.tsv and ledger.tsv)
"""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.domains.results import DomainRow, read_rows  # noqa: E402
from domainflow.run.ledger import LedgerRow, read_ledger  # noqa: E402
from domainflow.structures.ranges import parse_range, runs  # noqa: E402
from evaluation.agreement import best_partners  # noqa: E402

__all__ = ["Bar", "Drawn", "drawing", "drawn_protein"]

KNOWN = ROOT / "assets" / "demo" / "known_domains.tsv"
GROUP_NAMES = ROOT / "assets" / "mini-ecod" / "domains.tsv"
PROTEINS = "4EAD_A,1CDO_B,1GVH_A,D0R0F0"

WIDTH = 900
"""Pixels; a page on GitHub is about as wide."""
LEFT, BARS_END, TEXT_LEFT = 76, 516, 540
BAR_HEIGHT, BAR_GAP = 28, 6
HEADING, LINE, SPACE = 22, 15, 26
CHARACTERS = 50
"""Characters of a line beside the bars."""
TICK = 100
"""Residues between the numbers below the bars."""
DIGIT = 6.4
"""Pixels of a character inside a bar."""

COLOURS = ("#3b6fb6", "#c2562d", "#2a7f5f", "#8a5a9e", "#8a6d1d", "#20808d")
"""One a known domain; white text on them is readable."""
OTHER = "#6e7781"
"""Of a found domain that is no known one's partner."""
UNASSIGNED = "low_confidence", "simple_topology"
"""Labels of domains whose T-group is only the likeliest."""
INK, PALE, TRACK, FRAME = "#1f2328", "#57606a", "#eaeef2", "#d0d7de"
FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"


class Bar(NamedTuple):
    """A domain: its residues as (first, last) of each run from 1, its colour, and whether it is only a likely one."""

    segments: Sequence[tuple[int, int]]
    colour: str
    uncertain: bool = False


class Drawn(NamedTuple):
    """A protein of the picture; `captions` are (colour, name of the T-group, small print)."""

    name: str
    kind: str
    length: int
    known: Sequence[Bar]
    found: Sequence[Bar]
    captions: Sequence[tuple[str, str, str]]


def drawn_protein(
    row: LedgerRow, known: pd.DataFrame, found: Sequence[DomainRow], group_names: Mapping[str, str]
) -> Drawn:
    """Pair a protein's known and found domains, and colour partners alike.

    Parameters
    ----------
    row : LedgerRow
        Of the protein, for its length.
    known : DataFrame
        Its known domains: ``range``, ``t_group`` and ``source``.
    found : sequence of DomainRow
    group_names : mapping of str to str
        Names of T-groups, for known domains without a partner.
    """
    wanted = [parse_range(text) for text in known["range"]]
    residues = [parse_range(domain.range) for domain in found]
    partners = [partner.place for partner in best_partners(wanted, residues)]
    colours = [COLOURS[place % len(COLOURS)] for place in range(len(wanted))]
    colour_of = {place: colour for place, colour in zip(partners, colours, strict=True) if place is not None}

    captions = []
    for t_group, place, colour in zip(known["t_group"], partners, colours, strict=True):
        if place is None:
            captions.append((colour, group_names.get(t_group, t_group), f"T-group {t_group}, not found"))
        else:
            captions.append((colour, found[place].t_group_name, caption(found[place], t_group)))
    captions += [
        (OTHER, domain.t_group_name, caption(domain, "none"))
        for place, domain in enumerate(found)
        if place not in colour_of
    ]
    kind = "AlphaFold model with PAE" if found and found[0].pae == "present" else "PDB chain"
    return Drawn(
        row.protein,
        f"{kind}, {row.length} residues, known domains: {known['source'].iloc[0]}",
        int(row.length),
        [Bar(runs(domain), colour) for domain, colour in zip(wanted, colours, strict=True)],
        [
            Bar(runs(domain), colour_of.get(place, OTHER), found[place].label in UNASSIGNED)
            for place, domain in enumerate(residues)
        ],
        captions,
    )


def caption(domain: DomainRow, known_group: str) -> str:
    """Return the small print of a found domain: T-group, probability, and its label if that is not good_domain."""
    group = domain.t_group if domain.t_group == known_group else f"{domain.t_group}, known: {known_group}"
    label = "" if domain.label == "good_domain" else f", {domain.label}"
    return f"T-group {group}, probability {domain.probability}{label}"


def drawing(proteins: Sequence[Drawn]) -> str:
    """Return the picture as SVG, all proteins to one scale."""
    scale = (BARS_END - LEFT) / max(protein.length for protein in proteins)
    body, top = [], SPACE
    for protein in proteins:
        lines, height = block(protein, top, scale)
        body += lines
        top += height + SPACE
    body.append(text(LEFT, top, "Hatched: not assigned, the T-group shown is the likeliest.", 11, PALE))
    title = "Domains found in proteins of the demo, below the known ones"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + 16}" '
            f'viewBox="0 0 {WIDTH} {top + 16}" font-family="{FONT}" role="img" aria-label="{escape(title)}">',
            f"<title>{escape(title)}</title>",
            '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="3" height="7" fill="#ffffff" fill-opacity="0.28"/>'
            "</pattern></defs>",
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{top + 15}" rx="8" fill="#ffffff" stroke="{FRAME}"/>',
            *body,
            "</svg>\n",
        ]
    )


def block(protein: Drawn, top: float, scale: float) -> tuple[list[str], float]:
    """Return the elements of one protein, and their height."""
    bars_top = top + HEADING
    lines = [
        f'<text x="20" y="{top + 6}" font-size="15" font-weight="600" fill="{INK}">{escape(protein.name)}'
        f'<tspan dx="10" font-size="12" font-weight="400" fill="{PALE}">{escape(protein.kind)}</tspan></text>',
    ]
    for number, (name, bars) in enumerate((("known", protein.known), ("found", protein.found))):
        y = bars_top + number * (BAR_HEIGHT + BAR_GAP)
        lines.append(text(LEFT - 10, y + BAR_HEIGHT / 2 + 4, name, 12, PALE, anchor="end"))
        lines.append(rectangle(LEFT, y, protein.length * scale, BAR_HEIGHT, TRACK))
        for bar in bars:
            lines += domain_elements(bar, y, scale)
    axis = bars_top + 2 * BAR_HEIGHT + BAR_GAP
    for residue in ticks(protein.length):
        x = LEFT + (residue - 0.5) * scale
        lines.append(f'<path d="M{x:.1f} {axis + 2} v4" stroke="{PALE}"/>')
        lines.append(text(x, axis + 18, str(residue), 11, PALE, anchor="middle"))

    y = bars_top + 10
    for colour, name, small in protein.captions:
        first, *more = folded(name)
        lines.append(rectangle(TEXT_LEFT, y - 9, 10, 10, colour, radius=2))
        for line, size, ink in ((first, 12, INK), *((line, 12, INK) for line in more), (small, 11, PALE)):
            lines.append(text(TEXT_LEFT + 18, y, line, size, ink))
            y += LINE
        y += 4
    return lines, max(axis + 20, y - LINE) - top


def domain_elements(bar: Bar, y: float, scale: float) -> Iterator[str]:
    """Yield a domain's rectangles, with the numbers of the residues where they fit."""
    for first, last in bar.segments:
        x, width = LEFT + (first - 1) * scale, (last - first + 1) * scale
        yield rectangle(x, y, width, BAR_HEIGHT, bar.colour)
        if bar.uncertain:
            yield rectangle(x, y, width, BAR_HEIGHT, "url(#hatch)")
        numbers = f"{first}–{last}"
        if DIGIT * len(numbers) < width:
            yield text(x + width / 2, y + BAR_HEIGHT / 2 + 4, numbers, 11, "#ffffff", anchor="middle")


def folded(name: str) -> list[str]:
    """Return a T-group's name in one line or two, which may break after a slash."""
    lines = textwrap.wrap(
        name.replace("/", "/ "), CHARACTERS, max_lines=2, placeholder=" …", break_on_hyphens=False
    ) or [name]
    return [line.replace("/ ", "/") for line in lines]


def ticks(length: int) -> list[int]:
    """Return the residues whose numbers are shown: 1, every hundredth, the last unless another one is close to it."""
    return [1, *range(TICK, length - TICK // 4, TICK), length]


def rectangle(x: float, y: float, width: float, height: float, fill: str, radius: float = 3) -> str:
    """Return a rectangle with round corners."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" rx="{radius}" fill="{fill}"/>'


def text(x: float, y: float, content: str, size: float, fill: str, anchor: str = "start") -> str:
    """Return a line of text."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{fill}">{escape(content)}</text>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="folder of a run of the demo")
    parser.add_argument("--out", type=Path, required=True, help="SVG file to write")
    parser.add_argument("--proteins", default=PROTEINS, help=f"separated by commas; default: {PROTEINS}")
    args = parser.parse_args()
    known = pd.read_csv(KNOWN, sep="\t", dtype=str)
    names = pd.read_csv(GROUP_NAMES, sep="\t", dtype=str)
    group_names = dict(zip(names["t_group"], names["t_group_name"], strict=True))
    domains = list(read_rows(args.results / "domains.tsv"))
    rows = {row.protein: row for row in read_ledger(args.results / "ledger.tsv")}
    wanted = args.proteins.split(",")
    if absent := [name for name in wanted if name not in rows or name not in set(known["protein"])]:
        sys.exit(f"{args.results} or {KNOWN.name} lacks {', '.join(absent)}")
    proteins = [
        drawn_protein(
            rows[name],
            known[known["protein"] == name],
            [domain for domain in domains if domain.protein == name],
            group_names,
        )
        for name in wanted
    ]
    args.out.write_text(drawing(proteins))


if __name__ == "__main__":
    main()
