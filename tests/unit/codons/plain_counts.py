"""Count codons and compute ENC in slow and obvious ways, to compare the compiled loops with."""

from collections import Counter

import numpy as np

from domainflow.codons.count_kernels import base_numbers
from domainflow.codons.genetic_codes import CODONS


def counts_by_slices(sequence, frame=0):
    """Counts of 64 codons, and the number of other triplets, by Python's slices."""
    text = sequence.upper().replace("U", "T")
    triplets = Counter(text[at : at + 3] for at in range(frame, len(text) - 2, 3))
    known = [triplets.pop(codon, 0) for codon in CODONS]
    return known, sum(triplets.values())


def counts_by_numpy(sequence, frame=0):
    """Counts of 64 codons by numpy's bincount."""
    numbers = base_numbers("count")[np.frombuffer(sequence.encode("latin-1"), np.uint8)][frame:]
    triplets = numbers[: len(numbers) // 3 * 3].reshape(-1, 3).astype(np.int64)
    known = triplets[(triplets < 4).all(1)]
    return np.bincount(known @ [16, 4, 1], minlength=64)


def wright(counts, amino_acids):
    """Wright's ENC of a gene, as spec and paper write it; None if it is not defined."""
    values, families = {}, Counter()
    for letter in sorted(set(amino_acids) - {"*"}):
        members = [n for n, a in zip(counts, amino_acids, strict=True) if a == letter]
        k, n = len(members), sum(members)
        families[k] += 1
        if k > 1 and n > 1:
            f = (n * sum((m / n) ** 2 for m in members) - 1) / (n - 1)
            if f > 1e-7:
                values.setdefault(k, []).append(f)
    mean = {k: sum(found) / len(found) for k, found in values.items()}
    if 3 in families and 3 not in mean and 2 in mean and 4 in mean:
        mean[3] = (mean[2] + mean[4]) / 2
    if any(k not in mean for k in families if k > 1):
        return None
    return min(families[1] + sum(n / mean[k] for k, n in families.items() if k > 1), 64 - amino_acids.count("*"))
