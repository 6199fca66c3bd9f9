"""Read annotated genomes as GFF3 with their sequences, in the same file (``##FASTA``) or in a FASTA file.

Lines of type CDS belong to one gene if they have the same parent transcript, else if they have the same ID. The parts
of a gene are put in the order of its transcript. Trans-spliced genes and genes on both strands keep the order that
``part=`` gives, or the order of the lines.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np

from domainflow.codons.annotated_genes import AnnotatedGene, Contig
from domainflow.codons.annotation import annotated_codes, is_ribosomal
from domainflow.codons.fasta import read_fasta
from domainflow.codons.flat_files import gene_id
from domainflow.codons.locations import Part
from domainflow.codons.opened_file import open_text
from domainflow.run.errors import InputError

__all__ = ["read_gff3"]


class _Line(NamedTuple):
    """A line of type CDS; positions as in the file."""

    contig: str
    begin: int
    end: int
    strand: int
    phase: int
    attributes: Mapping[str, str]


def read_gff3(path: Path, genome: Path | None, genetic_code: int) -> Iterator[tuple[Contig, Sequence[AnnotatedGene]]]:
    """Yield each sequence with its annotated genes, sequences in the order of the FASTA text.

    Genes on a sequence that is not there come last, with a `Contig` without bases.

    Raises
    ------
    InputError
        If a file cannot be read, or there are no sequences.
    """
    groups, circular, embedded = _read_annotation(path)
    contigs = embedded.items() if genome is None else _contigs(genome)
    if genome is None and not embedded:
        raise InputError(f"{path.name} has no sequences; name their FASTA file in the column genome")
    left = dict(groups)
    for name, bases in contigs:
        found = left.pop(name, {})
        genes = [_gene(key, lines, number, genetic_code) for number, (key, lines) in enumerate(found.items(), start=1)]
        yield Contig(name, bases, name in circular), genes
    for name, found in left.items():
        genes = [_gene(key, lines, number, genetic_code) for number, (key, lines) in enumerate(found.items(), start=1)]
        yield Contig(name, None, False), genes


def _contigs(genome: Path) -> Iterator[tuple[str, bytes]]:
    for table in read_fasta(genome, genetic_code=0):
        for name, bases in zip(table["seq_id"], table["sequence"], strict=True):
            yield name.as_py(), bases.as_py()


def _read_annotation(path: Path) -> tuple[dict[str, dict[str, list[_Line]]], set[str], dict[str, bytes]]:
    """Return lines of genes by contig and gene, names of circular contigs, and sequences in the file."""
    lines: list[_Line] = []
    transcripts, circular = set(), set()
    embedded: dict[str, list[str]] = {}
    with open_text(path) as texts:
        name = None
        for number, raw in enumerate(texts, start=1):
            text = raw.rstrip("\r\n")
            if name is not None or text.startswith((">", "##FASTA")):
                if text.startswith(">"):
                    name = text[1:].split(None, 1)[0] if text[1:].strip() else ""
                    embedded[name] = []
                elif name:
                    embedded[name].append("".join(text.split()))
                else:
                    name = ""
                continue
            if not text or text.startswith("#"):
                continue
            cells = text.split("\t")
            if len(cells) != 9:
                raise InputError(f"line {number} of {path.name} has {len(cells)} columns instead of GFF3's nine")
            attributes = _attributes(cells[8])
            kind = cells[2]
            if "RNA" in kind or "transcript" in kind:
                transcripts.add(attributes.get("ID", ""))
            if attributes.get("Is_circular") == "true":
                circular.add(unquote(cells[0]))
            if kind == "CDS":
                lines.append(_line(cells, attributes, f"line {number} of {path.name}"))
    sequences = {name: "".join(parts).encode() for name, parts in embedded.items() if name}
    return _grouped(lines, transcripts), circular, sequences


def _attributes(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.strip().strip(";").split(";"))
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs if name.strip()}


def _line(cells: Sequence[str], attributes: Mapping[str, str], place: str) -> _Line:
    try:
        begin, end = int(cells[3]), int(cells[4])
    except ValueError:
        raise InputError(f"{place} has no numbers in columns 4 and 5") from None
    phase = int(cells[7]) if cells[7] in ("0", "1", "2") else 0
    return _Line(unquote(cells[0]), begin, end, -1 if cells[6] == "-" else 1, phase, attributes)


def _grouped(lines: Iterable[_Line], transcripts: set[str]) -> dict[str, dict[str, list[_Line]]]:
    """Return the lines of each gene, by contig and by a key of the gene."""
    groups: dict[str, dict[str, list[_Line]]] = {}
    for number, line in enumerate(lines):
        parents = [parent for parent in line.attributes.get("Parent", "").split(",") if parent in transcripts]
        keys = parents or [line.attributes.get("ID") or line.attributes.get("Parent") or f"line{number}"]
        for key in keys:
            groups.setdefault(line.contig, {}).setdefault(key, []).append(line)
    return groups


def _gene(key: str, lines: Sequence[_Line], number: int, genetic_code: int) -> AnnotatedGene:
    said: dict[str, str] = {}
    for line in lines:
        said = {**line.attributes, **said}
    exception = said.get("exception", "")
    spliced = "trans-splicing" in exception or "trans_splicing" in exception
    ordered = _in_transcript_order(lines, spliced)
    table = said.get("transl_table", "")
    first = ordered[0]
    name = said.get("gene") or said.get("gene_name") or said.get("locus_tag") or ""
    begin_missing = "start_range" in said if first.strand == 1 else "end_range" in said
    return AnnotatedGene(
        id=gene_id(first.contig, [said.get("protein_id", ""), key], number),
        name=name,
        parts=[Part(line.begin - 1, line.end, line.strand) for line in ordered],
        shift=first.phase,
        genetic_code=int(table) if table.isdigit() else genetic_code,
        translation=said.get("translation", ""),
        exceptions=[said["transl_except"]] if "transl_except" in said else [],
        codes=annotated_codes(said.get("pseudo") == "true" or "pseudogene" in said, exception, spliced),
        ribosomal=is_ribosomal(said.get("product", ""), said.get("gene", "")),
        partial=begin_missing or first.phase > 0,
    )


def _in_transcript_order(lines: Sequence[_Line], spliced: bool) -> list[_Line]:
    """Return the lines of a gene in the order of its transcript."""
    if all(line.attributes.get("part", "").partition("/")[0].isdigit() for line in lines):
        return sorted(lines, key=lambda line: int(line.attributes["part"].partition("/")[0]))
    if spliced or len({line.strand for line in lines}) > 1:
        return list(lines)
    order = np.argsort([line.begin * line.strand for line in lines], kind="stable")
    return [lines[place] for place in order]
