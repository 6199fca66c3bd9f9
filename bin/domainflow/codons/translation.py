"""Translate a coding sequence into its protein."""

from collections.abc import Sequence
from functools import lru_cache

from domainflow.codons.genetic_codes import CODONS, STOP, GeneticCode

__all__ = ["START", "UNKNOWN", "translate"]

UNKNOWN = "X"
START = "M"


def translate(
    sequence: bytes, code: GeneticCode, exceptions: Sequence[int] = (), residues: str = "", whole: bool = True
) -> str:
    """Return the protein of a sequence that begins with a codon; bases after the last whole codon are ignored.

    Parameters
    ----------
    sequence : bytes
        DNA or RNA in any case.
    code : GeneticCode
    exceptions : sequence of int
        Codons, from 0, whose residue is not that of the code.
    residues : str
        Letters of these.
    whole : bool
        Whether the sequence holds the gene's begin: a start codon there is translated as ``M``.

    Returns
    -------
    str
        Without the final stop; ``*`` for stops inside, ``X`` for codons with other letters than T, C, A and G.
    """
    text = sequence.decode("latin-1").upper().replace("U", "T")
    letters, starts, stops = _tables(code.amino_acids, code.is_start.tobytes(), code.is_stop.tobytes())
    triplets = [text[at : at + 3] for at in range(0, len(text) - 2, 3)]
    protein = [letters.get(triplet, UNKNOWN) for triplet in triplets]
    excepted = dict(zip(exceptions, residues, strict=True))
    for codon, residue in excepted.items():
        if codon < len(protein):
            protein[codon] = residue
    if protein and whole and 0 not in excepted and triplets[0] in starts:
        protein[0] = START
    if len(protein) and (protein[-1] == STOP or (triplets[-1] in stops and len(protein) - 1 not in excepted)):
        protein.pop()
    return "".join(protein)


@lru_cache(maxsize=64)
def _tables(amino_acids: str, starts: bytes, stops: bytes) -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Return residues by codon, start codons and stop codons."""
    chosen = [frozenset(codon for codon, yes in zip(CODONS, marks, strict=True) if yes) for marks in (starts, stops)]
    return dict(zip(CODONS, amino_acids, strict=True)), chosen[0], chosen[1]
