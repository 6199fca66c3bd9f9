#!/usr/bin/env python3
"""Write the made-up genes of assets/codons: two genomes of different bias as FASTA, and a small circular one (GenBank).

Nothing in them is from nature, so that they can be shipped. In each genome, genes of ribosomal proteins follow its
preferred codons most. The same seed gives the same files.
"""

import gzip
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assets" / "codons"
SEED = 20261130
CODONS = [one + two + three for one in "TCAG" for two in "TCAG" for three in "TCAG"]
AMINO_ACIDS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
GENOMES = {"gc_rich": 1.2, "at_rich": -1.0}
"""Preference for C and G at the third position: logarithm of the odds."""
GENES = 60
RIBOSOMAL = 8


def codon_weights(rng: np.random.Generator, preference: float) -> np.ndarray:
    """Weights of codons: composition of the third base and a random taste."""
    third = np.array([1.0 if codon[2] in "CG" else 0.0 for codon in CODONS])
    return np.exp(preference * third + rng.normal(0, 0.7, 64))


def gene(rng: np.random.Generator, weights: np.ndarray, strength: float, length: int) -> str:
    """A gene of sense codons between ATG and a stop; `strength` says how much it follows the weights."""
    members = {
        letter: [codon for codon in range(64) if AMINO_ACIDS[codon] == letter] for letter in set(AMINO_ACIDS) - {"*"}
    }
    chosen = []
    for letter in rng.choice(sorted(members), length):
        choices = np.array(members[letter])
        odds = weights[choices] ** strength
        chosen.append(CODONS[rng.choice(choices, p=odds / odds.sum())])
    return "ATG" + "".join(chosen) + ["TAA", "TGA", "TAG"][rng.choice(3, p=[0.6, 0.3, 0.1])]


def genome_text(rng: np.random.Generator, name: str, preference: float) -> str:
    """Genes of one genome as FASTA, with headers in NCBI's style."""
    weights = codon_weights(rng, preference)
    lines = []
    for number in range(1, GENES + 1):
        ribosomal = number <= RIBOSOMAL
        product = f"50S ribosomal protein L{number}" if ribosomal else "hypothetical protein"
        strength = 2.0 if ribosomal else rng.uniform(0.2, 1.5)
        lines.append(f">{name}_{number} [gene=g{number}] [protein={product}] [transl_table=11]")
        lines.append(gene(rng, weights, strength, int(rng.integers(80, 400))))
    return "\n".join(lines) + "\n"


def complement(text: str) -> str:
    """The other strand."""
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))


def circle(rng: np.random.Generator) -> str:
    """A circular genome with a gene over its origin, one in two parts, one twice, and a pseudogene."""
    weights = codon_weights(rng, -0.5)
    genes = [gene(rng, weights, 1.0, 120) for _ in range(6)]
    over_origin, split, twice, pseudo, minus, edited = genes
    pseudo = pseudo[:60] + "TAA" + pseudo[63:]
    edited = "ACG" + edited[3:]
    begin, sequence = len(over_origin) // 2, ""
    features: list[tuple[str, str, list[str]]] = []

    def place(text: str) -> str:
        nonlocal sequence
        sequence += "".join(rng.choice(list("ACGT"), 50)) + text
        return f"{len(sequence) - len(text) + 1}..{len(sequence)}"

    sequence = over_origin[begin:]
    parts = [place(split[:100]), place(split[100:])]
    features.append((f"join({','.join(parts)})", "split", []))
    features.append((place(twice), "twice", []))
    features.append((f"complement({place(complement(twice))})", "twice", []))
    features.append((place(pseudo), "old", ["pseudo"]))
    features.append((f"complement({place(complement(minus))})", "minus", ['product="30S ribosomal protein S7"']))
    features.append((place(edited), "edited", ['exception="RNA editing"']))
    tail = place(over_origin[:begin])
    features.append((f"join({tail},1..{len(over_origin) - begin})", "origin", ['product="50S ribosomal protein L2"']))
    head = [f"LOCUS       MADE0001{len(sequence):>20} bp    DNA     circular BCT 30-NOV-2026"]
    head += ["DEFINITION  A made-up circular genome.", "ACCESSION   MADE0001", "VERSION     MADE0001.1"]
    head += ["FEATURES             Location/Qualifiers"]
    for number, (location, name, qualifiers) in enumerate(features, start=1):
        head.append(f"     CDS             {location}")
        said = [f'gene="{name}"', f'locus_tag="M{number}"', "transl_table=11", *qualifiers]
        head += [f"                     /{text}" for text in said]
    head.append("ORIGIN")
    for at in range(0, len(sequence), 60):
        line = sequence[at : at + 60].lower()
        head.append(f"{at + 1:>9} " + " ".join(line[block : block + 10] for block in range(0, len(line), 10)))
    return "\n".join([*head, "//"]) + "\n"


def main() -> None:
    rng = np.random.default_rng(SEED)
    FOLDER.mkdir(exist_ok=True)
    for name, preference in GENOMES.items():
        (FOLDER / f"{name}.ffn.gz").write_bytes(gzip.compress(genome_text(rng, name, preference).encode(), mtime=0))
    (FOLDER / "circle.gb").write_text(circle(rng))
    rows = [f"{name},{name}.ffn.gz,11,{name},ribosomal" for name in GENOMES]
    header = "sample,file,genetic_code,group,reference"
    (FOLDER / "test.csv").write_text("\n".join([header, *rows, "circle,circle.gb,11,circle,ribosomal"]) + "\n")


if __name__ == "__main__":
    main()
