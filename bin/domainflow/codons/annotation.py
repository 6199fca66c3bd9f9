"""Read what annotation says of a gene: exceptions of translation, editing, pseudogenes, ribosomal proteins."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domainflow.codons.codes import NO_FLAG, Code
from domainflow.codons.genetic_codes import AMINO_ACIDS
from domainflow.codons.locations import Part, parse_location, transcript_place
from domainflow.run.errors import InputError

__all__ = ["Exceptions", "annotated_codes", "is_ribosomal", "translation_exceptions"]

_LETTERS = {name.upper(): letter for letter, name in AMINO_ACIDS.items()} | {
    "TERM": "*", "SEC": "U", "PYL": "O", "OTHER": "X", "FMET": "M",
}  # fmt: skip
_EXCEPTION = re.compile(r"\(\s*pos:(?P<place>.+?)\s*,\s*aa:\s*(?P<residue>\w+)\s*\)")
_RIBOSOMAL_PRODUCT = re.compile(r"\bribosomal (?:subunit )?(?:RNA )?protein\s+(?:\w*[LSP]\d+|L7/L12)", re.IGNORECASE)
_RIBOSOMAL_GENE = re.compile(r"rp[slm][A-Z]|rp[sl]\d+[A-Za-z]?|RP[SL]P?\d+[A-Z]?")
_NOT_RIBOSOMAL = re.compile(r"ase\b|-like|modification|accessory|pseudogene|factor", re.IGNORECASE)


class Exceptions(NamedTuple):
    """Codons that are translated otherwise than by the genetic code.

    Attributes
    ----------
    codons : sequence of int
        Numbers of the codons in the gene, from 0, ascending.
    residues : str
        Their letters: ``U`` selenocysteine, ``O`` pyrrolysine, ``X`` another, ``*`` stop.
    completed : bool
        Whether the stop codon is completed in the RNA (by its poly(A) tail).
    codes : Code
    """

    codons: Sequence[int] = ()
    residues: str = ""
    completed: bool = False
    codes: Code = NO_FLAG


def translation_exceptions(values: Iterable[str], parts: Sequence[Part], shift: int, length: int) -> Exceptions:
    """Return the exceptions that ``transl_except`` qualifiers name.

    Parameters
    ----------
    values : iterable of str
        For example ``(pos:4080..4082,aa:Sec)``.
    parts : sequence of Part
        The gene's parts.
    shift : int
        Bases before the first codon.
    length : int
        Bases from the first codon on.
    """
    found: dict[int, str] = {}
    completed, codes = False, NO_FLAG
    for match in _EXCEPTION.finditer(" ".join(values)):
        codes = Code.C022
        try:
            first = parse_location(match["place"].replace(" ", ""))[0]
        except InputError:
            continue
        # on the minus strand the codon begins at the last position; complement() may be missing there
        minus = first.strand == -1 or (bool(parts) and parts[0].strand == -1)
        place = transcript_place(parts, first.end - 1 if minus else first.begin)
        if place is None or place < shift:
            continue
        codon = (place - shift) // 3
        residue = _LETTERS.get(match["residue"].upper(), "X")
        if residue == "*" and 3 * codon + 3 > length:
            completed = True
        else:
            found[codon] = residue
    codons = sorted(found)
    return Exceptions(codons, "".join(found[codon] for codon in codons), completed, codes)


def annotated_codes(pseudo: bool, exception: str, trans_spliced: bool) -> Code:
    """Return the codes of a pseudogene, of RNA editing and of trans-splicing."""
    text = exception.lower().replace("_", " ").replace("-", " ")
    codes = Code.C021 if pseudo else NO_FLAG
    if "rna editing" in text:
        codes |= Code.C023
    if trans_spliced or "trans splicing" in text:
        codes |= Code.C024
    return codes


def is_ribosomal(product: str, gene: str) -> bool:
    """Return whether a gene codes for a protein of the ribosome, by its product or, without one, by its name."""
    if product:
        return bool(_RIBOSOMAL_PRODUCT.search(product)) and not _NOT_RIBOSOMAL.search(product)
    return bool(_RIBOSOMAL_GENE.fullmatch(gene))
