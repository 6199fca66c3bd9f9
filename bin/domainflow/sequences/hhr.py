"""Read the text report of hhsearch (``.hhr``): Biopython reads the alignments, the statistics lines are kept as text.

DPAM writes the report's numbers as they are printed. A parser that turns them into floats would lose that form.
"""

import io
import re
from pathlib import Path
from typing import NamedTuple

from Bio import SearchIO

__all__ = ["ProfileHit", "ReportValues", "read_hhsuite_report", "read_hhsuite_text"]

REPORTED = ("Probab", "E-value", "Score", "Aligned_cols", "Identities", "Similarity", "Sum_probs")
"""Names in the report of the fields of `ReportValues`."""

_FIRST_HIT = re.compile(r"^No 1\s*$", re.MULTILINE)
_STATISTICS = re.compile(r"^Probab=.*$", re.MULTILINE)
_ALIGNMENT_ROW = re.compile(r"^([QT] (?!Consensus|ss_).*? +\d+ +)([A-Za-z.-]+)( +\d+ +\(\d+\))\s*$", re.MULTILINE)


class ReportValues(NamedTuple):
    """The numbers of a hit, as text of the report."""

    probability: str
    evalue: str
    score: str
    aligned_columns: str
    identities: str
    similarity: str
    sum_probabilities: str


class ProfileHit(NamedTuple):
    """One alignment of an HH-suite report, its two rows side by side; starts are 1-based."""

    chain: str
    report: ReportValues
    query_start: int
    query_row: str
    template_start: int
    template_row: str


def read_hhsuite_report(path: Path) -> list[ProfileHit]:
    """Hits of a report's file; see `read_hhsuite_text`."""
    return read_hhsuite_text(path.read_text())


def read_hhsuite_text(text: str) -> list[ProfileHit]:
    """Hits of a report, in its order.

    Raises
    ------
    ValueError
        If the report is truncated: it has fewer alignments than statistics lines, or not the expected structure.
    """
    start = _FIRST_HIT.search(text)
    if start is None:
        return []
    # Biopython fails on summary tables of more than 5,000 rows and on lower-case residues. The hits repeat all that the
    # table says, and the case of letters has no meaning here.
    preamble = text[: text.index("\n\n") + 2] if "\n\n" in text else ""
    body = _ALIGNMENT_ROW.sub(lambda row: row[1] + row[2].upper() + row[3], text[start.start() :])
    statistics = [
        dict(pair.partition("=")[::2] for pair in line.split()) for line in _STATISTICS.findall(text, start.start())
    ]
    result = SearchIO.read(io.StringIO(preamble + body), "hhsuite3-text")
    alignments = sorted((alignment for hit in result for alignment in hit), key=lambda hsp: hsp.output_index)
    if len(alignments) != len(statistics):
        raise ValueError(f"the report is truncated: {len(statistics)} hits but {len(alignments)} alignments")
    hits = []
    for alignment, values in zip(alignments, statistics, strict=True):
        fragment = alignment[0]
        hits.append(
            ProfileHit(
                alignment.hit_id, ReportValues(*(values[name] for name in REPORTED)), fragment.query_start + 1,
                str(fragment.query.seq), fragment.hit_start + 1, str(fragment.hit.seq),
            )
        )  # fmt: skip
    return hits
