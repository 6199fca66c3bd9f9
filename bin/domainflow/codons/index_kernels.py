"""Compute the indices of each gene from its 64 counts (compiled loops, one gene at a time).

A gene's values do not depend on the genes beside it, to the last digit. Undefined values are NaN.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel, exact_stage

__all__ = ["COLUMNS", "gene_indices"]

COLUMNS = (
    "gc", "gc1", "gc2", "gc3", "gc3s", "pr2_a", "pr2_g", "enc", "enc_sun", "cai", "fop", "cbi", "tai", "l_sym", "l_aa",
)  # fmt: skip
"""Columns of the result."""

SMALLEST_HOMOZYGOSITY = 1e-7
"""Families with a homozygosity F up to this are left out of Wright's ENC (as codonW does)."""
SUN_PSEUDOCOUNT = 1.0
"""Added to each codon of a family (Sun et al. 2013)."""
LARGEST_FAMILY = 9
"""More than the codons of any family of NCBI's genetic codes (8)."""


@exact_stage
def _enc_wright(counts, of_codon, sizes, sums):  # type: ignore[no-untyped-def]
    """Return the effective number of codons (Wright 1990)."""
    squares = np.zeros(len(sizes))
    for codon in range(64):
        if of_codon[codon] >= 0:
            squares[of_codon[codon]] += float(counts[codon]) * float(counts[codon])
    total, seen = np.zeros(LARGEST_FAMILY), np.zeros(LARGEST_FAMILY, np.int64)
    families, sense = np.zeros(LARGEST_FAMILY, np.int64), 0
    for family in range(len(sizes)):
        size, n = min(sizes[family], LARGEST_FAMILY - 1), float(sums[family])
        sense += sizes[family]
        families[size] += 1
        if size > 1 and n > 1:
            homozygosity = (squares[family] / n - 1) / (n - 1)
            if homozygosity > SMALLEST_HOMOZYGOSITY:
                total[size] += homozygosity
                seen[size] += 1
    enc = float(families[1])
    for size in range(2, LARGEST_FAMILY):
        if not families[size]:
            continue
        if seen[size]:
            enc += families[size] * seen[size] / total[size]
        elif size == 3 and seen[2] and seen[4]:
            enc += families[size] / ((total[2] / seen[2] + total[4] / seen[4]) / 2)
        else:
            return np.nan
    return min(enc, float(sense))


@exact_stage
def _enc_sun(counts, of_codon, sizes, sums):  # type: ignore[no-untyped-def]
    """Return the effective number of codons (Sun et al. 2013), with pseudocounts."""
    homozygosity = np.zeros(len(sizes))
    for codon in range(64):
        family = of_codon[codon]
        if family >= 0:
            n = sums[family] + SUN_PSEUDOCOUNT * sizes[family]
            homozygosity[family] += ((counts[codon] + SUN_PSEUDOCOUNT) / n) ** 2
    weights, weighted = np.zeros(LARGEST_FAMILY), np.zeros(LARGEST_FAMILY)
    families = np.zeros(LARGEST_FAMILY, np.int64)
    for family in range(len(sizes)):
        size = min(sizes[family], LARGEST_FAMILY - 1)
        n = sums[family] + SUN_PSEUDOCOUNT * sizes[family]
        families[size] += 1
        weights[size] += n
        weighted[size] += n * homozygosity[family]
    enc = float(families[1])
    for size in range(2, LARGEST_FAMILY):
        if families[size]:
            enc += families[size] * weights[size] / weighted[size]
    return enc


@exact_stage
def _geometric_mean(counts, used, logarithms):  # type: ignore[no-untyped-def]
    """Return exp of the mean logarithm of the used codons; NaN without any."""
    total, n = 0.0, 0
    for codon in range(64):
        if used[codon] and counts[codon]:
            total += counts[codon] * logarithms[codon]
            n += counts[codon]
    return np.exp(total / n) if n else np.nan


@exact_kernel
def gene_indices(
    counts: NDArray[np.int32],
    of_codon: NDArray[np.int64],
    sizes: NDArray[np.int64],
    degenerate: NDArray[np.bool_],
    fourfold: NDArray[np.bool_],
    has_reference: bool,
    in_cai: NDArray[np.bool_],
    ln_w: NDArray[np.float64],
    optimal: NDArray[np.bool_],
    in_fop: NDArray[np.bool_],
    expected: NDArray[np.float64],
    in_tai: NDArray[np.bool_],
    ln_trna: NDArray[np.float64],
    values: NDArray[np.float64],
) -> None:
    """Compute the indices of genes.

    Parameters
    ----------
    counts : int32 array, shape (n, 64)
    of_codon, sizes : int64 array
        Family of each codon (-1 for stops) and size of each family, for ENC.
    degenerate : bool array, shape (64,)
        Codons of amino acids with more than one codon: GC3s and l_sym.
    fourfold : bool array, shape (64,)
        Codons whose third base may be any: PR2.
    has_reference : bool
        Whether Fop and CBI are computed.
    in_cai, ln_w : bool and float array, shape (64,)
        Codons of CAI, and logarithms of their relative adaptiveness.
    optimal, in_fop, expected : arrays, shape (64,)
        Optimal codons, codons of amino acids that have one, and the share of optimal codons in each one's family.
    in_tai, ln_trna : bool and float array, shape (64,)
        Codons of tAI, and logarithms of their adaptation to the tRNA genes.
    values : float64 array, shape (n, 15)
        Receives the indices; columns are `COLUMNS`.
    """
    sums = np.zeros(len(sizes), np.int64)
    for gene in range(len(counts)):
        row, out = counts[gene], values[gene]
        sums[:] = 0
        total, sense, synonymous, gc3s = 0, 0, 0, 0
        gc = np.zeros(3, np.int64)
        third = np.zeros(4, np.int64)
        n_fop, n_optimal, n_expected = 0, 0, 0.0
        for codon in range(64):
            n = row[codon]
            if n == 0:
                continue
            bases = (codon // 16, codon // 4 % 4, codon % 4)
            total += n
            for place in range(3):
                gc[place] += n * (bases[place] % 2)
            family = of_codon[codon]
            if family < 0:
                continue
            sums[family] += n
            sense += n
            if degenerate[codon]:
                synonymous += n
                gc3s += n * (bases[2] % 2)
            if fourfold[codon]:
                third[bases[2]] += n
            if in_fop[codon]:
                n_fop += n
                n_optimal += n * optimal[codon]
                n_expected += n * expected[codon]
        out[:] = np.nan
        if total:
            out[0] = gc.sum() / (3 * total)
            for place in range(3):
                out[1 + place] = gc[place] / total
        if synonymous:
            out[4] = gc3s / synonymous
        if third[0] + third[2]:
            out[5] = third[2] / (third[0] + third[2])
        if third[1] + third[3]:
            out[6] = third[3] / (third[1] + third[3])
        if sense:
            out[7] = _enc_wright(row, of_codon, sizes, sums)
            out[8] = _enc_sun(row, of_codon, sizes, sums)
            out[9] = _geometric_mean(row, in_cai, ln_w)
            out[12] = _geometric_mean(row, in_tai, ln_trna)
        if has_reference and n_fop:
            out[10] = n_optimal / n_fop
            if n_fop != n_expected:
                out[11] = (n_optimal - n_expected) / (n_fop - n_expected)
        out[13], out[14] = synonymous, sense
