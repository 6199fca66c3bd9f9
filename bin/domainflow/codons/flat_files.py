"""Read annotated genomes as GenBank and EMBL flat files (with Biopython)."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, cast

from Bio import BiopythonWarning, SeqIO
from Bio.Seq import UndefinedSequenceError
from Bio.SeqFeature import AfterPosition, BeforePosition

from domainflow.codons.annotated_genes import AnnotatedGene, Contig
from domainflow.codons.annotation import annotated_codes, is_ribosomal
from domainflow.codons.locations import parts_of
from domainflow.codons.opened_file import open_text
from domainflow.run.errors import InputError

__all__ = ["gene_id", "read_flat_file"]


def read_flat_file(path: Path, kind: str, genetic_code: int) -> Iterator[tuple[Contig, Sequence[AnnotatedGene]]]:
    """Yield each record with its annotated genes.

    Parameters
    ----------
    path : Path
    kind : str
        ``genbank`` or ``embl``.
    genetic_code : int
        Number for genes without ``transl_table``.

    Raises
    ------
    InputError
        If the file cannot be read to its end.
    """
    with warnings.catch_warnings(), open_text(path) as lines:
        warnings.simplefilter("ignore", BiopythonWarning)
        stream = _Lines(lines, kind)
        try:
            for record in SeqIO.parse(cast(TextIO, stream), kind):
                yield _contig(record, stream.is_circular), _genes(record, genetic_code)
        except (ValueError, AssertionError, IndexError, KeyError, TypeError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{path.name} is no whole {kind} file ({error}); copy or download it again") from None


def gene_id(contig: str, names: Sequence[str], number: int) -> str:
    """Return the id of a gene as NCBI writes it, ``NC_000932.1_cds_NP_051037.1_1``: unique in its record."""
    name = next((name for name in names if name), "")
    return "_".join("_".join(part for part in (contig, "cds", name, str(number)) if part).split())


class _Lines:
    """A text stream over lines, with what Biopython calls of one.

    A GenBank record that ends after its features gets an empty sequence: Biopython would not read it otherwise. The
    first line of a record says whether it is circular; Biopython overlooks that if the line's columns are displaced.
    """

    def __init__(self, lines: Iterator[str], kind: str) -> None:
        self._lines = self._mended(lines) if kind == "genbank" else self._watched(lines)
        self.is_circular = False

    def _watched(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            if line.startswith(("LOCUS", "ID ")):
                self.is_circular = "circular" in line.replace(";", " ").split()
            yield line

    def _mended(self, lines: Iterator[str]) -> Iterator[str]:
        has_sequence = False
        for line in self._watched(lines):
            if line.startswith(("ORIGIN", "CONTIG", "BASE COUNT", "WGS", "TSA")):
                has_sequence = True
            elif line.rstrip() == "//":
                if not has_sequence:
                    yield "ORIGIN\n"
                has_sequence = False
            yield line

    def readline(self) -> str:
        return next(self._lines, "")

    def read(self, size: int = -1) -> str:
        return "" if size == 0 else self.readline()

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def __next__(self) -> str:
        return next(self._lines)

    def close(self) -> None:
        return


def _contig(record: Any, is_circular: bool) -> Contig:
    try:
        bases: bytes | None = bytes(record.seq) or None
    except UndefinedSequenceError:
        bases = None
    return Contig(record.id, bases, is_circular)


def _genes(record: Any, genetic_code: int) -> list[AnnotatedGene]:
    features = [feature for feature in record.features if feature.type == "CDS"]
    return [_gene(record.id, feature, number, genetic_code) for number, feature in enumerate(features, start=1)]


def _gene(contig: str, feature: Any, number: int, genetic_code: int) -> AnnotatedGene:
    def value(name: str) -> str:
        return str(feature.qualifiers.get(name, [""])[0]).strip()

    said = feature.qualifiers
    table, start = value("transl_table"), value("codon_start")
    shift = int(start) - 1 if start in ("2", "3") else 0
    name = value("gene") or value("locus_tag")
    return AnnotatedGene(
        id=gene_id(contig, [value("protein_id"), value("locus_tag"), value("gene")], number),
        name=name,
        parts=[] if feature.location is None else parts_of(feature.location),
        shift=shift,
        genetic_code=int(table) if table.isdigit() else genetic_code,
        translation=value("translation").replace(" ", ""),
        exceptions=[str(text) for text in said.get("transl_except", [])],
        codes=annotated_codes(
            "pseudo" in said or "pseudogene" in said, " ".join(said.get("exception", [])), "trans_splicing" in said
        ),
        ribosomal=is_ribosomal(value("product"), value("gene")),
        partial=shift > 0 or (feature.location is not None and _begin_is_missing(feature.location.parts[0])),
    )


def _begin_is_missing(part: Any) -> bool:
    """Return whether the first part of a location begins outside of the sequence."""
    return isinstance(part.end, AfterPosition) if part.strand == -1 else isinstance(part.start, BeforePosition)
