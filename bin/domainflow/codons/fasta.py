"""Read FASTA in blocks, as tables of genes; headers of NCBI's ``cds_from_genomic`` files are understood.

Such a header holds ``[gene=…] [transl_table=…] [pseudo=true] [frame=2] [transl_except=(pos:586..588,aa:Sec)]``.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domainflow.codons.annotation import Exceptions, annotated_codes, is_ribosomal, translation_exceptions
from domainflow.codons.arrow_bytes import binary_array
from domainflow.codons.fasta_kernels import _BLANK, split_records
from domainflow.codons.genes import gene_table
from domainflow.codons.locations import Part
from domainflow.codons.opened_file import read_blocks
from domainflow.run.errors import InputError

__all__ = ["header_tags", "read_fasta"]

LONGEST_RECORD = 2**31 - 1
"""Bases of one record."""

_TAG = re.compile(r"\[([a-z_]+)=((?:[^\[\]]|\[[^\[\]]*\])*)\]")


def read_fasta(path: Path, genetic_code: int) -> Iterator[pa.Table]:
    """Yield the records of a FASTA file as tables of genes.

    Parameters
    ----------
    path : Path
    genetic_code : int
        Used for records that do not name one.

    Raises
    ------
    InputError
        If the file cannot be read to its end, or a record is too long.
    """
    for text in _whole_records(path):
        data = np.frombuffer(text, np.uint8)
        most = text.count(b">")
        sequence, offsets = np.empty(len(data), np.uint8), np.empty(most + 1, np.int64)
        headers, id_offsets = np.empty((most, 2), np.int64), np.empty(most + 1, np.int32)
        ids = np.empty(len(data), np.uint8)
        n = split_records(data, sequence, offsets, headers, ids, id_offsets, _BLANK)
        if n:
            names = _texts(ids[: id_offsets[n]], id_offsets[: n + 1])
            yield _table(path, text, headers[:n], names, sequence[: offsets[n]], offsets[: n + 1], genetic_code)


def header_tags(header: str) -> dict[str, str]:
    """Return the tags ``[name=value]`` of a header in NCBI's style."""
    return dict(_TAG.findall(header))


def _whole_records(path: Path) -> Iterator[bytes]:
    """Yield parts of a file that end between two records."""
    parts: list[bytes] = []
    size, old_line_ends = 0, None
    for block in read_blocks(path):
        if old_line_ends is None:  # lines that end with a return alone, as on old Macs
            old_line_ends = b"\n" not in block and b"\r" in block
        text = block.replace(b"\r", b"\n") if old_line_ends else block
        tail = parts[-1][-1:] if parts else b""
        cut = 0 if tail == b"\n" and text[:1] == b">" else text.rfind(b"\n>") + 1
        if cut or (tail == b"\n" and text[:1] == b">"):
            yield b"".join([*parts, text[:cut]])
            parts, size = [text[cut:]], len(text) - cut
        else:
            parts.append(text)
            size += len(text)
        if size > 2 * LONGEST_RECORD:
            raise InputError(f"a record of {path.name} is longer than {LONGEST_RECORD:,} bases; divide it")
    if parts:
        yield b"".join(parts)


def _table(
    path: Path,
    text: bytes,
    headers: NDArray[np.int64],
    names: pa.Array,
    sequence: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    genetic_code: int,
) -> pa.Table:
    """Return the table of one part of a file."""
    if np.diff(offsets).max() > LONGEST_RECORD:
        raise InputError(f"a record of {path.name} is longer than {LONGEST_RECORD:,} bases; divide it")
    columns = {
        "file": path.name, "seq_id": names, "sequence": binary_array(sequence, offsets), "genetic_code": genetic_code,
    }  # fmt: skip
    lines = {}
    if b"[" in text:
        for row, (begin, end) in enumerate(headers.tolist()):
            lines[row] = text[begin:end].decode("utf-8", "replace")
    tagged = [row for row, line in lines.items() if "[" in line and "=" in line]
    if not tagged:
        return gene_table(len(names), columns)
    return _with_tags(gene_table(len(names), columns), {row: header_tags(lines[row]) for row in tagged})


def _texts(values: NDArray[np.uint8], offsets: NDArray[np.int32]) -> pa.Array:
    """Return strings over bytes; bytes that are no UTF-8 are replaced."""
    if values.size and values.max() > 127:
        whole = values.tobytes()
        return pa.array([whole[b:e].decode("utf-8", "replace") for b, e in pairwise(offsets.tolist())])
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(values))


def _with_tags(table: pa.Table, tags: dict[int, dict[str, str]]) -> pa.Table:
    """Return the table with what NCBI's headers say."""
    n = len(table)
    genes, codes, numbers = [""] * n, np.zeros(n, np.int32), table["genetic_code"].to_numpy().copy()
    ribosomal, completed = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    exceptions: list[Sequence[int]] = [[]] * n
    residues = [""] * n
    shifts = np.zeros(n, np.int64)
    lengths = pc.binary_length(table["sequence"]).to_numpy()
    for row, tag in tags.items():
        genes[row] = tag.get("gene", tag.get("locus_tag", ""))
        ribosomal[row] = is_ribosomal(tag.get("protein", ""), tag.get("gene", ""))
        codes[row] = annotated_codes(tag.get("pseudo") == "true", tag.get("exception", ""), trans_spliced=False)
        if tag.get("transl_table", "").isdigit():
            numbers[row] = int(tag["transl_table"])
        if tag.get("frame") in ("2", "3"):
            shifts[row] = int(tag["frame"]) - 1
        if "transl_except" in tag:
            found = _exceptions(tag, int(shifts[row]), int(lengths[row]))
            codes[row] |= found.codes
            exceptions[row], residues[row], completed[row] = found.codons, found.residues, found.completed
    columns = {name: table[name] for name in ("file", "seq_id", "sequence")}
    if shifts.any():
        columns["sequence"] = _shifted(table["sequence"], shifts)
    return gene_table(
        n,
        columns
        | {
            "gene": genes, "codes": codes, "genetic_code": numbers, "ribosomal": ribosomal, "completed": completed,
            "exceptions": exceptions, "residues": residues,
        },
    )  # fmt: skip


def _exceptions(tag: dict[str, str], shift: int, length: int) -> Exceptions:
    """Return the exceptions of a header; NCBI counts their positions from the begin of the record."""
    return translation_exceptions([tag["transl_except"]], [Part(0, length, 1)], shift, length - shift)


def _shifted(sequences: pa.ChunkedArray, shifts: NDArray[np.int64]) -> list[bytes]:
    return [whole.as_py()[shift:] for whole, shift in zip(sequences, shifts.tolist(), strict=True)]
