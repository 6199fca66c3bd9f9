"""Write and read DPAM's text files in the exact layouts of v1 and v2 (DPAM steps 1 to 13).

Files are tab separated without empty fields, and numbers are in Python's shortest form after rounding. The layouts
differ in a few columns: writers of these files have a parameter `layout`.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.alignment.engine import Alignment
from domainflow.domains.evidence.accepted import AcceptedHit
from domainflow.domains.evidence.alignment_scores import AlignmentBlock
from domainflow.domains.rows import Residues, SearchHit, SequenceHit, StructureHit, TemplateMapping
from domainflow.search.engine import HIT_COLUMNS
from domainflow.sequences.hhr import ReportValues
from domainflow.structures.ranges import format_range, parse_range

__all__ = [
    "FOLDSEEK_COLUMNS",
    "format_alignments",
    "format_candidates",
    "format_disorder",
    "format_domains",
    "format_elements",
    "format_evidence",
    "format_mappings",
    "format_scored_alignments",
    "format_search_hits",
    "format_search_table",
    "format_sequence_support",
    "format_structure_support",
    "format_table",
    "parse_alignments",
    "parse_elements",
    "parse_mappings",
    "parse_scored_alignments",
]

FOLDSEEK_COLUMNS = tuple(HIT_COLUMNS)

_MAPPING_HEADER = (
    "hh_prob", "hh_eval", "hh_score", "aligned_cols", "idents", "similarities", "sum_probs", "coverage",
    "ungapped_coverage", "query_range", "template_range", "template_seqid_range",
)  # fmt: skip
_SCORED_HEADER = (
    "hitname", "ecodnum", "ecodkey", "hgroup", "zscore", "qscore", "ztile", "qtile", "rank", "qrange", "erange",
)  # fmt: skip
_SUPERPOSITION_HEADER = ("rotation1", "rotation2", "rotation3", "translation")


def format_table(rows: Iterable[Iterable[object]]) -> str:
    """Format rows as tab-separated lines."""
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def format_search_table(hits: pd.DataFrame) -> str:
    """Step 3: Foldseek's twelve columns as Foldseek prints them, no header."""
    return format_table(
        (*row[:2], f"{row[2]:.3f}", *row[3:10], f"{row[10]:.3E}", row[11])
        for row in hits.reindex(columns=FOLDSEEK_COLUMNS).itertuples(index=False, name=None)
    )


def format_search_hits(hits: Sequence[SearchHit]) -> str:
    """Step 4: ``ecodnum evalue range`` with a header line."""
    return format_table(
        [("ecodnum", "evalue", "range"), *((hit.uid, hit.evalue, f"{hit.first}-{hit.last}") for hit in hits)]
    )


def format_mappings(rows: Sequence[TemplateMapping], layout: str) -> str:
    """Step 5 with a header line: 15 columns in v2, 14 in v1 (no hit name)."""
    header = ("hitname", "ecodnum", "ecodkey") if layout == "v2" else ("uid", "ecod_domain_id")
    lines: list[tuple[object, ...]] = [header + _MAPPING_HEADER]
    for row in rows:
        named = (row.hit_name, row.uid, row.template_id) if layout == "v2" else (row.uid, row.template_id)
        ranges = (format_range(row.query), format_range(row.template), row.chain_range)
        lines.append((*named, *row.report, row.coverage, row.ungapped_coverage, *ranges))
    return format_table(lines)


def parse_mappings(text: str, layout: str) -> list[TemplateMapping]:
    """Parse the rows of a step-5 file; hits of a v1 file, which has no hit names, are called ``na``."""
    rows = []
    for line in text.splitlines()[1:]:
        fields = line.split("\t")
        if layout == "v1":
            fields.insert(0, "na")
        name, uid, template_id = fields[:3]
        rows.append(
            TemplateMapping(
                name, uid, template_id, ReportValues(*fields[3:10]), float(fields[10]), float(fields[11]),
                parse_range(fields[12]), parse_range(fields[13]), fields[14],
            )
        )  # fmt: skip
    return rows


def format_candidates(uids: Sequence[str]) -> str:
    """Step 6: one UID per line."""
    return format_table((uid,) for uid in uids)


def format_alignments(rows: Iterable[tuple[str, int, Alignment]]) -> str:
    """Step 7 in the v2 layout: one block per alignment; `rows` are (UID, round, alignment).

    z is written with one decimal, as DALI prints it.
    """
    lines = []
    for uid, number, alignment in rows:
        lines.append(
            f">{uid}_{number}\t{round(alignment.z, 1)}\t{len(alignment.query)}"
            f"\t{alignment.query_length}\t{alignment.template_length}\n"
        )
        superposition = [("rotation", row) for row in alignment.rotation] + [("translation", alignment.translation)]
        lines.extend("\t".join([name, *(f"{value:.6f}" for value in row)]) + "\n" for name, row in superposition)
        pairs = zip(alignment.query.tolist(), alignment.template.tolist(), strict=True)
        lines.extend(f"{query + 1}\t{template + 1}\n" for query, template in pairs)
    return "".join(lines)


def parse_alignments(text: str) -> list[AlignmentBlock]:
    """Parse the blocks of a step-7 file, v1 or v2, in its order.

    Raises
    ------
    ValueError
        If the number of pairs of a block differs from its header.
    """
    blocks = []
    for chunk in text.split(">")[1:]:
        header, *lines = chunk.splitlines()
        name, z, n_pairs, query_length, template_length = header.split()
        rotation: list[str] = []
        translation = "na"
        pairs = []
        for line in lines:
            fields = line.split()
            if fields[0] == "rotation":
                rotation.append(",".join(fields[1:]))
            elif fields[0] == "translation":
                translation = ",".join(fields[1:])
            else:
                pairs.append((int(fields[0]), int(fields[1])))
        if len(pairs) != int(n_pairs):
            raise ValueError(f"alignment {name} has {len(pairs)} pairs, its header says {n_pairs}")
        residues = np.array(pairs, np.int64).reshape(-1, 2)
        row1, row2, row3 = (rotation + ["na"] * 3)[:3]
        blocks.append(
            AlignmentBlock(
                name, float(z), residues[:, 0], residues[:, 1], int(query_length), int(template_length),
                (row1, row2, row3), translation,
            )
        )  # fmt: skip
    return blocks


def format_scored_alignments(hits: Sequence[StructureHit], layout: str) -> str:
    """Step 8 with a header line: 15 columns in v2, 11 in v1."""
    lines: list[tuple[object, ...]] = [_SCORED_HEADER + (_SUPERPOSITION_HEADER if layout == "v2" else ())]
    for hit in hits:
        row = (*hit[:9], format_range(hit.query), format_range(hit.template))
        lines.append((*row, *hit.rotation, hit.translation) if layout == "v2" else row)
    return format_table(lines)


def parse_scored_alignments(text: str) -> list[StructureHit]:
    """Parse the rows of a step-8 file, v1 or v2."""
    hits = []
    for line in text.splitlines()[1:]:
        fields = line.split("\t")
        rotation1, rotation2, rotation3, translation = (fields[11:] + ["na"] * 4)[:4]
        name, uid, template_id, h_group = fields[:4]
        z, q_score, z_tile, q_tile, rank = (float(f) if "." in f else int(f) for f in fields[4:9])
        hits.append(
            StructureHit(
                name, uid, template_id, h_group, z, q_score, z_tile, q_tile, rank, parse_range(fields[9]),
                parse_range(fields[10]), (rotation1, rotation2, rotation3), translation,
            )
        )  # fmt: skip
    return hits


def format_sequence_support(hits: Sequence[SequenceHit]) -> str:
    """Step 9, sequence hits: 8 columns."""
    return format_table((hit[0], *hit[2:7], format_range(hit.query), format_range(hit.template)) for hit in hits)


def format_structure_support(hits: Sequence[StructureHit]) -> str:
    """Step 9, structure hits: 12 columns."""
    return format_table(
        (
            hit.hit_name, *hit[2:9], hit.best_probability, hit.best_coverage, format_range(hit.query),
            format_range(hit.template),
        )
        for hit in hits
    )  # fmt: skip


def format_evidence(accepted: Sequence[AcceptedHit], protein: str) -> str:
    """Step 10: 10 columns for a sequence hit, 16 for a structure hit."""
    lines: list[tuple[object, ...]] = []
    for row in accepted:
        hit = row.hit
        if isinstance(hit, SequenceHit):
            lines.append(("sequence", protein, hit.hit_name, *hit[2:7], format_range(hit.query), row.filtered))
        else:
            lines.append(
                (
                    "structure", row.level, protein, row.normalised_z, hit.hit_name, *hit[2:9], hit.best_probability,
                    hit.best_coverage, format_range(hit.query), row.filtered,
                )
            )  # fmt: skip
    return format_table(lines)


def format_elements(sequence: str, states: str, elements: NDArray[np.int32]) -> str:
    """Step 11: residue, letter, element or ``na``, and ``H``, ``E`` or ``C``."""
    members = zip(sequence, states, elements.tolist(), strict=True)
    return format_table(
        (residue, letter, element or "na", state if element else "C")
        for residue, (letter, state, element) in enumerate(members, start=1)
    )


def parse_elements(text: str) -> NDArray[np.int32]:
    """Parse the element of every residue from a step-11 file, 0 = none."""
    numbers = (line.split("\t")[2] for line in text.splitlines())
    return np.array([0 if number == "na" else int(number) for number in numbers], np.int32)


def format_disorder(disordered: NDArray[np.bool_]) -> str:
    """Step 12: one residue number per line."""
    return format_table((residue + 1,) for residue in np.flatnonzero(disordered).tolist())


def format_domains(domains: Sequence[Residues]) -> str:
    """Step 13: ``D<n>`` and range."""
    return format_table((f"D{number}", format_range(domain)) for number, domain in enumerate(domains, start=1))
