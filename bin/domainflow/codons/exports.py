"""Write codon tables in the formats that other programs read: EMBOSS cusp, GCG, Kazusa, and JSON for gene design."""

import json
from collections.abc import Iterator

import numpy as np

from domainflow.codons.genetic_codes import AMINO_ACIDS, CODONS, STOP, GeneticCode
from domainflow.codons.usage import Usage

__all__ = ["cusp_table", "exported", "fractions_json", "gcg_table", "kazusa_table"]

GCG_NAMES = {**AMINO_ACIDS, STOP: "End"}


def exported(usage: Usage, code: GeneticCode) -> Iterator[tuple[str, str]]:
    """Yield (ending, text) of every format; texts with U for T end with ``rna``."""
    yield "cusp", cusp_table(usage, code)
    yield "gcg.cod", gcg_table(usage, code)
    yield "kazusa.txt", kazusa_table(usage)
    yield "json", fractions_json(usage, code)
    yield "rna.json", fractions_json(usage, code, rna=True)


def cusp_table(usage: Usage, code: GeneticCode) -> str:
    """Return the table in the layout of EMBOSS cusp: codons by alphabet of amino acid and codon.

    Fractions have three decimals as there; codons per thousand and numbers follow.
    """
    lines = ["#Codon AA Fraction Frequency Number"]
    order = sorted(
        range(len(CODONS)), key=lambda codon: (code.amino_acids[codon] == STOP, code.amino_acids[codon], CODONS[codon])
    )
    for codon in order:
        fraction, thousand = _number(usage.aa_fraction[codon]), 1000 * _number(usage.freq[codon])
        lines.append(
            f"{CODONS[codon]}    {code.amino_acids[codon]} {fraction:9.3f} {thousand:9.3f} {usage.counts[codon]:6d}"
        )
    return "\n".join(lines) + "\n"


def gcg_table(usage: Usage, code: GeneticCode) -> str:
    """Return the table in the layout of GCG's codon frequency tables."""
    lines = ["AmAcid  Codon     Number    /1000     Fraction   ..", ""]
    names = sorted({*code.amino_acids}, key=lambda letter: GCG_NAMES[letter])
    for letter in names:
        members = [codon for codon in range(len(CODONS)) if code.amino_acids[codon] == letter]
        for codon in sorted(members, key=lambda codon: CODONS[codon], reverse=True):
            fraction, thousand = _number(usage.aa_fraction[codon]), 1000 * _number(usage.freq[codon])
            number = f"{usage.counts[codon]:.2f}"
            lines.append(f"{GCG_NAMES[letter]:<8}{CODONS[codon]}   {number:>12} {thousand:9.2f} {fraction:11.2f}")
        lines.append("")
    return "\n".join(lines)


def kazusa_table(usage: Usage) -> str:
    """Return the block of the Codon Usage Database (Kazusa): RNA letters, per thousand, and the number in brackets."""
    lines = []
    bases = "TCAG"
    for first in bases:
        for third in bases:
            cells = []
            for second in bases:
                codon = CODONS.index(first + second + third)
                rna, thousand = CODONS[codon].replace("T", "U"), 1000 * _number(usage.freq[codon])
                cells.append(f"{rna}{thousand:5.1f}({usage.counts[codon]:6d})")
            lines.append("  ".join(cells))
        lines.append("")
    return "\n".join(lines)


def fractions_json(usage: Usage, code: GeneticCode, rna: bool = False) -> str:
    """Return ``{amino acid: {codon: fraction}}`` with ``*`` for stops, as DNA Chisel and python_codon_tables read it.

    An amino acid that does not occur is left out: nothing is known of its codons.
    """
    table: dict[str, dict[str, float]] = {}
    for codon, letter in enumerate(code.amino_acids):
        if not np.isnan(usage.aa_fraction[codon]):
            name = CODONS[codon].replace("T", "U") if rna else CODONS[codon]
            table.setdefault(letter, {})[name] = float(usage.aa_fraction[codon])
    return json.dumps(dict(sorted(table.items())), indent=1) + "\n"


def _number(value: float) -> float:
    return 0.0 if np.isnan(value) else float(value)
