"""Apply DSSP's pattern rules to arrays: hydrogen bonds of the backbone, helices from turns, ladders from bridges.

A hydrogen bond has the electrostatic energy E = q (1/r(ON) + 1/r(CH) - 1/r(OH) - 1/r(CN)) with q = 27.888 kcal/mol Å.
It counts if E is below -0.5 kcal/mol (Kabsch & Sander, *Biopolymers* 1983, 22:2577-2637). The hydrogen is 1 Å from N,
in the direction opposite to the C=O of the residue before. Every N-H keeps its two best partners, as in all DSSP
programs.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["bend_mask", "bonded_acceptors", "bridge_kind", "helix_starts", "strand_states"]

COUPLING = 27.888
"""Charges of both dipoles times 332 kcal Å / (mol e²): 0.42 e × 0.20 e × 332."""
BOND_ENERGY = -0.5
"""kcal/mol; a hydrogen bond has a lower energy."""
LOWEST_ENERGY = -9.9
"""kcal/mol; lower energies are raised to this."""
SHORTEST_DISTANCE = 0.5
"""Å; atoms closer than this get the lowest energy, because 1/r would be too large."""
CA_DISTANCE = 9.0
"""Å; residues whose CA atoms are further apart cannot bond."""
BEND_COSINE = float(np.cos(np.radians(70.0)))
"""Cosine of 70°; a residue is bent if the chain turns by more between the two residues before and the two after."""
NO_RESIDUE = -1
LOOP, BRIDGE, STRAND = 0, 1, 2
PARALLEL, ANTIPARALLEL = 1, 2


@checked_kernel
def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return np.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)


@checked_kernel
def _bond_energy(
    nitrogen: NDArray[np.float64],
    hydrogen: NDArray[np.float64],
    carbon: NDArray[np.float64],
    oxygen: NDArray[np.float64],
) -> float:
    """Return the energy of N-H...O=C in kcal/mol, rounded to three decimals, as DSSP compares it."""
    oh, ch = _distance(oxygen, hydrogen), _distance(carbon, hydrogen)
    cn, on = _distance(carbon, nitrogen), _distance(oxygen, nitrogen)
    if min(min(oh, ch), min(cn, on)) < SHORTEST_DISTANCE:
        return LOWEST_ENERGY
    energy = COUPLING * (1.0 / on + 1.0 / ch - 1.0 / oh - 1.0 / cn)
    return max(np.round(energy * 1000.0) / 1000.0, LOWEST_ENERGY)


@checked_kernel
def bonded_acceptors(backbone: NDArray[np.float64], donates: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the residues whose C=O each N-H is bonded to, shape (L, 2), the better bond first; -1 = none.

    Parameters
    ----------
    backbone : ndarray, shape=(L, 4, 3), dtype=float64
        N, CA, C, O in Å.
    donates : ndarray, shape=(L,), dtype=bool
        False where N has no hydrogen (proline, first residue).

    Notes
    -----
    The loop visits all pairs, but for most of them it computes only one coordinate difference. 5,000 residues take some
    10 ms. For the usual chain this is less than building a grid would take.
    """
    length = backbone.shape[0]
    hydrogens = backbone[:, 0].copy()
    for i in range(1, length):
        carbonyl = backbone[i - 1, 2] - backbone[i - 1, 3]
        hydrogens[i] += carbonyl / max(np.sqrt((carbonyl**2).sum()), 1e-6)
    acceptors = np.full((length, 2), NO_RESIDUE, np.int32)
    energies = np.zeros((length, 2))
    for i in range(length):
        x, y, z = backbone[i, 1]
        for j in range(i + 1, length):
            dx = backbone[j, 1, 0] - x
            if abs(dx) >= CA_DISTANCE:
                continue
            if dx**2 + (backbone[j, 1, 1] - y) ** 2 + (backbone[j, 1, 2] - z) ** 2 >= CA_DISTANCE**2:
                continue
            for donor, acceptor in ((i, j), (j, i)):
                # N-H of a residue and the C=O before it share an amide plane: they do not bond.
                if not donates[donor] or donor == acceptor + 1:
                    continue
                energy = _bond_energy(
                    backbone[donor, 0], hydrogens[donor], backbone[acceptor, 2], backbone[acceptor, 3]
                )
                if energy < energies[donor, 0]:
                    energies[donor, 1], acceptors[donor, 1] = energies[donor, 0], acceptors[donor, 0]
                    energies[donor, 0], acceptors[donor, 0] = energy, acceptor
                elif energy < energies[donor, 1]:
                    energies[donor, 1], acceptors[donor, 1] = energy, acceptor
    for i in range(length):
        for k in range(2):
            if energies[i, k] >= BOND_ENERGY:
                acceptors[i, k] = NO_RESIDUE
    return acceptors


@checked_kernel
def _bonded(acceptors: NDArray[np.int32], donor: int, acceptor: int) -> bool:
    return acceptors[donor, 0] == acceptor or acceptors[donor, 1] == acceptor


@checked_kernel
def helix_starts(acceptors: NDArray[np.int32], segment: NDArray[np.int64], stride: int) -> NDArray[np.bool_]:
    """Return a mask of residues i that begin an n-turn, shape (L,).

    N-H of residue i + n is bonded to C=O of residue i, with no chain break between them.
    """
    length = acceptors.shape[0]
    starts = np.zeros(length, np.bool_)
    for i in range(length - stride):
        starts[i] = segment[i] == segment[i + stride] and _bonded(acceptors, i + stride, i)
    return starts


@checked_kernel
def bridge_kind(acceptors: NDArray[np.int32], i: int, j: int) -> int:
    """Return the kind of the bridge between residues i and j by Kabsch and Sander's four bond patterns; 0 = none."""
    if (_bonded(acceptors, i + 1, j) and _bonded(acceptors, j, i - 1)) or (
        _bonded(acceptors, j + 1, i) and _bonded(acceptors, i, j - 1)
    ):
        return PARALLEL
    if (_bonded(acceptors, i + 1, j - 1) and _bonded(acceptors, j + 1, i - 1)) or (
        _bonded(acceptors, j, i) and _bonded(acceptors, i, j)
    ):
        return ANTIPARALLEL
    return 0


@checked_kernel
def _ladders(acceptors: NDArray[np.int32], segment: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ladders of consecutive bridges: rows (kind, first i, last i, first j, last j, bridges), by first i."""
    length = acceptors.shape[0]
    ladders = np.zeros((8 * length + 1, 6), np.int64)
    count = 0
    partners = np.empty(8, np.int64)
    for i in range(1, length - 4):
        if segment[i - 1] != segment[i + 1]:
            continue
        # Every pattern contains a bond of i or of i + 1, so the acceptor of that bond leads to the partner.
        for k in range(2):
            partners[4 * k] = acceptors[i, k]
            partners[4 * k + 1] = acceptors[i, k] + 1
            partners[4 * k + 2] = acceptors[i + 1, k]
            partners[4 * k + 3] = acceptors[i + 1, k] + 1
        partners.sort()
        previous = NO_RESIDUE
        for partner in partners:
            j = int(partner)
            if j == previous or j < i + 3 or j + 1 >= length or segment[j - 1] != segment[j + 1]:
                continue
            previous = j
            kind = bridge_kind(acceptors, i, j)
            if kind == 0:
                continue
            for ladder in ladders[:count]:
                if ladder[0] != kind or ladder[2] + 1 != i:
                    continue
                if kind == PARALLEL and ladder[4] + 1 == j:
                    ladder[4] = j
                elif kind == ANTIPARALLEL and ladder[3] - 1 == j:
                    ladder[3] = j
                else:
                    continue
                ladder[2] = i
                ladder[5] += 1
                break
            else:
                ladders[count] = np.array([kind, i, i, j, j, 1])
                count += 1
    return ladders[:count]


@checked_kernel
def _join_bulges(ladders: NDArray[np.int64], segment: NDArray[np.int64]) -> None:
    """Join ladders of one kind over a bulge, in place: at most one extra residue on one strand, four on the other.

    A ladder that was joined to an earlier one then has 0 bridges.
    """
    for a in range(ladders.shape[0]):
        for b in range(a + 1, ladders.shape[0]):
            if ladders[a, 5] == 0 or ladders[b, 5] == 0 or ladders[a, 0] != ladders[b, 0]:
                continue
            kind, ib, ie, jb, je = ladders[a, 0], ladders[a, 1], ladders[a, 2], ladders[a, 3], ladders[a, 4]
            next_ib, next_ie, next_jb, next_je = ladders[b, 1], ladders[b, 2], ladders[b, 3], ladders[b, 4]
            if segment[min(ib, next_ib)] != segment[max(ie, next_ie)]:
                continue
            if segment[min(jb, next_jb)] != segment[max(je, next_je)]:
                continue
            step_i = next_ib - ie
            step_j = next_jb - je if kind == PARALLEL else jb - next_je
            if step_i <= 0 or step_i >= 6 or step_j < 0 or not ((step_j < 6 and step_i < 3) or step_j < 3):
                continue
            ladders[a, 2] = next_ie
            if kind == PARALLEL:
                ladders[a, 4] = next_je
            else:
                ladders[a, 3] = next_jb
            ladders[a, 5] += ladders[b, 5]
            ladders[b, 5] = 0


@checked_kernel
def strand_states(acceptors: NDArray[np.int32], segment: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return the state of each residue, shape (L,): 1 in an isolated bridge, 2 in a strand, 0 in neither.

    A strand is a side of a ladder of two or more bridges.
    """
    states = np.zeros(acceptors.shape[0], np.int8)
    ladders = _ladders(acceptors, segment)
    _join_bulges(ladders, segment)
    for ladder in ladders:
        if ladder[5] == 0:
            continue
        state = STRAND if ladder[5] > 1 else BRIDGE
        for first, last in ((ladder[1], ladder[2]), (ladder[3], ladder[4])):
            for i in range(first, last + 1):
                states[i] = max(states[i], state)
    return states


@checked_kernel
def bend_mask(ca: NDArray[np.float64], segment: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return a mask of residues where the chain turns by more than 70°, from five CA atoms each, shape (L,)."""
    length = ca.shape[0]
    bent = np.zeros(length, np.bool_)
    for i in range(2, length - 2):
        if segment[i - 2] == segment[i + 2]:
            before, after = ca[i] - ca[i - 2], ca[i + 2] - ca[i]
            lengths = np.sqrt((before**2).sum() * (after**2).sum())
            bent[i] = (before * after).sum() < BEND_COSINE * lengths
    return bent
