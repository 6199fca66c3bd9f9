"""Compute step 13 loop by loop: the yardstick for the fast version, not part of the workflow."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from domainflow.domains.parameters import BinTable, DpamParameters


def look_up(table: BinTable, value: float) -> float:
    for bound, probability in zip(table.bounds, table.probabilities, strict=False):
        if (value <= bound) if table.upper else (value < bound):
            return probability
    return table.probabilities[-1]


def parse_plainly(
    atoms: np.ndarray,
    atom_residue: np.ndarray,
    pae: np.ndarray,
    sequence_rows: Sequence[tuple[list[int], float]],
    structure_rows: Sequence[tuple[list[int], float]],
    disordered: set[int],
    length: int,
    parameters: DpamParameters,
) -> list[list[int]]:
    """Return domains as lists of 1-based residues; evidence rows are (residues, score)."""
    atoms_of: dict[int, list[tuple[float, ...]]] = {r: [] for r in range(1, length + 1)}
    for atom, residue in zip(atoms.tolist(), atom_residue.tolist(), strict=True):
        atoms_of[residue + 1].append(tuple(atom))
    sequence_scores: dict[tuple[int, int], list[float]] = {}
    structure_scores: dict[tuple[int, int], list[float]] = {}
    for rows, scores in ((sequence_rows, sequence_scores), (structure_rows, structure_scores)):
        for residues, score in rows:
            for i in residues:
                for j in residues:
                    if i < j:
                        scores.setdefault((i, j), []).append(score)
    probability = {}
    for i in range(1, length + 1):
        for j in range(i + 1, length + 1):
            distance = min(
                ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2) ** 0.5
                for a in atoms_of[i]
                for b in atoms_of[j]
            )
            hh = sequence_scores.get((i, j), [])
            hh_score = 20.0 if not hh else max(hh) + (100 if len(hh) > 10 else 10 * len(hh) - 10)
            dali = structure_scores.get((i, j), [])
            dali_score = 1.0 if not dali else max(dali) + (5 if len(dali) > 5 else len(dali) - 1)
            factors = (
                look_up(parameters.distance_table, distance),
                look_up(parameters.pae_table, (pae[i - 1][j - 1] + pae[j - 1][i - 1]) / 2),
                look_up(parameters.sequence_table, hh_score),
                look_up(parameters.structure_table, dali_score),
            )
            p = 1.0
            for factor, exponent in zip(factors, parameters.exponents, strict=True):
                p *= factor**exponent
            probability[i, j] = p
    chunks = []
    for first in range(1, length + 1, 5):
        chunk = [r for r in range(first, min(first + 5, length + 1)) if r not in disordered]
        if len(chunk) >= 3:
            chunks.append(chunk)
    count: dict[tuple[int, int], int] = {}
    total: dict[tuple[int, int], float] = {}
    pairs = []
    for a in range(len(chunks)):
        for b in range(a + 1, len(chunks)):
            values = [probability[r, q] for r in chunks[a] for q in chunks[b] if r + 5 < q]
            count[a, b] = count[b, a] = len(values)
            total[a, b] = total[b, a] = sum(values)
            if values and sum(values) / len(values) > parameters.pair_threshold:
                pairs.append((a, b, sum(values) / len(values)))
    pairs.sort(key=lambda pair: -pair[2])
    clusters: list[set[int]] = []

    def within(cluster):
        inside = [(i, j) for i in cluster for j in cluster if i < j]
        return sum(count[p] for p in inside), sum(total[p] for p in inside)

    for a, b, _ in pairs:
        holding = [c for c in clusters if a in c or b in c]
        if any(a in c and b in c for c in clusters):
            continue
        if not holding:
            clusters.append({a, b})
        elif len(holding) == 2:
            one, two = holding
            n1, t1 = within(one)
            n2, t2 = within(two)
            n = sum(count[i, j] for i in one for j in two)
            t = sum(total[i, j] for i in one for j in two)
            small = parameters.small_cluster is not None and (
                n1 <= parameters.small_cluster or n2 <= parameters.small_cluster
            )
            if small or t / n * parameters.merge_ratio >= t1 / n1 or t / n * parameters.merge_ratio >= t2 / n2:
                clusters.remove(one)
                clusters.remove(two)
                clusters.append(one | two)
        else:
            cluster = holding[0]
            new = b if a in cluster else a
            n1, t1 = within(cluster)
            n = sum(count[k, new] for k in cluster)
            t = sum(total[k, new] for k in cluster)
            small = parameters.small_cluster is not None and t1 <= parameters.small_cluster
            if small or t / n * parameters.merge_ratio >= t1 / n1:
                cluster.add(new)
    residues = [sorted(r for chunk in cluster for r in chunks[chunk]) for cluster in clusters]
    residues.sort(key=lambda cluster: sum(cluster) / len(cluster))
    kept = [cluster for cluster in residues if len(cluster) >= parameters.cluster_residues]
    everything = {r for cluster in kept for r in cluster}
    filled = []
    for cluster in kept:
        result = set(cluster)
        for left, right in pairwise(cluster):
            gap = list(range(left + 1, right))
            foreign = sum(r in everything for r in gap)
            long = parameters.long_gap is not None and len(gap) <= parameters.long_gap
            if len(gap) <= 10 or (long and foreign <= 10):
                result.update(gap)
        filled.append(sorted(result))
    domains = []
    for number, domain in enumerate(filled):
        others = {r for k, other in enumerate(filled) if k != number for r in other}
        segments = [[domain[0]]]
        for r in domain[1:]:
            if r == segments[-1][-1] + 1:
                segments[-1].append(r)
            else:
                segments.append([r])
        own = [s for s in segments if sum(r not in others for r in s) >= parameters.unique_residues]
        if sum(map(len, own)) >= parameters.domain_residues:
            domains.append([r for s in own for r in s])
    return domains
