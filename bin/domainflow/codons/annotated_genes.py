"""Cut annotated genes out of their sequence and compare each with its annotated translation.

A gene is read in the order of its transcript. ``codon_start`` or GFF's phase moves the begin of the first part only.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from domainflow.codons.annotation import Exceptions, translation_exceptions
from domainflow.codons.codes import NO_FLAG, Code
from domainflow.codons.genes import GENE, REJECTED, gene_table
from domainflow.codons.genetic_codes import GeneticCode
from domainflow.codons.locations import Part, crosses_origin, joined_sequence
from domainflow.codons.translation import UNKNOWN, translate

__all__ = ["AnnotatedGene", "Contig", "cut_gene", "genes_of_file"]


class Contig(NamedTuple):
    """A sequence with genes: its name, its bases (None if the file has none) and whether it is circular."""

    name: str
    bases: bytes | None
    circular: bool


class AnnotatedGene(NamedTuple):
    """An annotated coding sequence (CDS).

    Attributes
    ----------
    id, name : str
        A name of its own in the file, and the name of the gene ("" for none).
    parts : list of Part
        In the order of the transcript; empty if the location cannot be read.
    shift : int
        Bases before the first codon: ``codon_start`` - 1, or the phase.
    genetic_code : int
    translation : str
        The annotated protein, "" for none.
    exceptions : list of str
        Values of ``transl_except``.
    codes : Code
    ribosomal : bool
    partial : bool
        Whether the begin of the gene is not in the sequence.
    """

    id: str
    name: str
    parts: list[Part]
    shift: int
    genetic_code: int
    translation: str
    exceptions: list[str]
    codes: Code
    ribosomal: bool
    partial: bool


def cut_gene(gene: AnnotatedGene, contig: Contig, codes: Mapping[int, GeneticCode]) -> dict[str, Any]:
    """Return the row of a gene, as the columns of `domainflow.codons.genes.SCHEMA`; a gene to reject has its reason."""
    row: dict[str, Any] = {
        "seq_id": gene.id, "gene": gene.name, "genetic_code": gene.genetic_code, "ribosomal": gene.ribosomal,
        "state": GENE, "reason": "",
    }  # fmt: skip
    problem, flag = _problem(gene, contig)
    if problem:
        return row | {"state": REJECTED, "codes": int(gene.codes | flag), "reason": problem, "sequence": None}
    assert contig.bases is not None
    sequence = joined_sequence(contig.bases, gene.parts)[gene.shift :]
    exceptions = translation_exceptions(gene.exceptions, gene.parts, gene.shift, len(sequence))
    flags, remarks = gene.codes | exceptions.codes, []
    if not contig.circular and Code.C024 not in flags and crosses_origin(gene.parts):
        flags |= Code.C025
        remarks.append("its parts cross the origin of a linear sequence")
    difference = _difference(gene, sequence, exceptions, codes)
    if difference:
        flags |= Code.C020
        remarks.append(difference)
    return row | {
        "sequence": sequence, "codes": int(flags), "reason": "; ".join(remarks), "exceptions": exceptions.codons,
        "residues": exceptions.residues, "completed": exceptions.completed,
    }  # fmt: skip


def genes_of_file(
    file: str, contigs: Iterable[tuple[Contig, Sequence[AnnotatedGene]]], codes: Mapping[int, GeneticCode], copies: str
) -> Iterable[pa.Table]:
    """Yield a table of genes for each sequence that has any.

    Parameters
    ----------
    file : str
        Name for the ledger.
    contigs : iterable of (Contig, genes)
    codes : mapping of number to GeneticCode
    copies : str
        ``all``, or ``once`` to reject the second copy of a gene in the same sequence (inverted repeats).
    """
    for contig, genes in contigs:
        if not genes:
            continue
        rows = [cut_gene(gene, contig, codes) for gene in genes]
        _mark_copies(rows, genes, copies)
        names = rows[0].keys() | {"sequence", "codes", "exceptions", "residues", "completed"}
        empty: dict[str, Any] = {"exceptions": [], "residues": "", "completed": False}
        yield gene_table(
            len(rows), {"file": file} | {name: [row.get(name, empty.get(name)) for row in rows] for name in names}
        )


def _problem(gene: AnnotatedGene, contig: Contig) -> tuple[str, Code]:
    """Return the reason why a gene cannot be cut out, or "", and its code."""
    if contig.bases is None:
        return f"the record {contig.name} has no sequence", Code.C003
    if not gene.parts:
        return "its location cannot be read", Code.C025
    for part in gene.parts:
        if part.contig is not None and part.contig != contig.name:
            return f"a part lies in another record, {part.contig}", Code.C025
        last = len(contig.bases) * (2 if contig.circular else 1)
        if part.begin < 0 or part.begin >= len(contig.bases) or part.end > last:
            place = f"{part.begin + 1}..{part.end}"
            return f"the part {place} is outside of {contig.name}, which has {len(contig.bases)} bases", Code.C025
    return "", NO_FLAG


def _difference(gene: AnnotatedGene, sequence: bytes, exceptions: Exceptions, codes: Mapping[int, GeneticCode]) -> str:
    """Say how a gene's translation differs from the annotated one, or "" if it does not."""
    if not gene.translation or gene.genetic_code not in codes:
        return ""
    ours = translate(sequence, codes[gene.genetic_code], exceptions.codons, exceptions.residues, whole=not gene.partial)
    theirs = gene.translation
    if ours == theirs:
        return ""
    if len(ours) != len(theirs):
        return f"translated to {len(ours)} residues, annotated are {len(theirs)}"
    pairs = enumerate(zip(ours, theirs, strict=True), start=1)
    places = [place for place, (one, other) in pairs if one not in (other, UNKNOWN)]
    if not places:
        return ""
    first = places[0]
    said = f"residue {first} is {ours[first - 1]}, annotated is {theirs[first - 1]}"
    return said if len(places) == 1 else f"{said}, and {len(places) - 1} more differ"


def _mark_copies(rows: Sequence[dict[str, Any]], genes: Sequence[AnnotatedGene], copies: str) -> None:
    """Flag, or with ``once`` reject, each gene whose name and sequence an earlier gene of the record has."""
    seen: dict[tuple[str, bytes], str] = {}
    for row, gene in zip(rows, genes, strict=True):
        if row["state"] != GENE or not gene.name or not row["sequence"]:
            continue
        first = seen.setdefault((gene.name.lower(), row["sequence"].upper()), gene.id)
        if first == gene.id:
            continue
        row["codes"] |= int(Code.C026)
        row["reason"] = "; ".join(text for text in (row["reason"], f"a copy of {first}") if text)
        if copies == "once":
            row["state"] = REJECTED
