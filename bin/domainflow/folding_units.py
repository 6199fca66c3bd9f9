"""Folding units of a chain: the parts that DALI compares when it looks for the largest z-score.

A unit is cut in two where the halves touch least for their size, tau² = (n1 n2 / (n1 + n2)) / I with I the atom pairs
closer than 4 Å between the halves, and the cut stands where tau² is large (Holm & Sander, *Proteins* 1994, 19:256-268).
The order along which cuts are tried is the second eigenvector of the contact graph's random walk. Threshold and
smallest sizes reproduce the units that DaliLite v5 prints for backbone-only chains.
"""

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["folding_units"]

CONTACT = 4.0
"""Å; two atoms of different residues closer than this touch."""
SPLIT = 0.65
"""Residues per atom contact; a cut with a larger tau² separates two units (N, CA, C, O atoms only)."""
SPLIT_SIZE = 80
"""Residues; smaller units are never cut."""
UNIT_SIZE = 41
"""Residues; smaller leaves do not count for z."""
PIECE_SIZE = 10
"""Residues; smallest chain segment and smallest half."""
SHEET_CUT, SHEET_ORDER = 3.0, 4.0
"""Weights of a contact between two strand residues, so that sheets stay whole: for a cut's score and for the order."""
LEAST_CONTACTS = 0.5
"""Contacts taken where two halves do not touch."""
SHIFT = 1.0001
"""Just above the walk's largest eigenvalue, 1: its slowest modes are found by inverting around here."""
MODES = 3
"""Modes sought; the second is used, a third makes it converge faster."""


def folding_units(backbone: NDArray[np.float32], states: str) -> list[NDArray[np.int32]]:
    """Residues of the folding units that count for z: the whole chain, then every smaller unit in the order found.

    Parameters
    ----------
    backbone : ndarray, shape=(L, 4, 3), dtype=float32
        N, CA, C, O in Å, all finite.
    states : str
        L secondary structure states; only ``E`` matters.

    Returns
    -------
    list of ndarray, dtype=int32
        0-based residues of each unit, ascending; the first is the whole chain.

    Raises
    ------
    ValueError
        If `backbone` and `states` do not fit together or a coordinate is not finite.
    """
    length = len(states)
    if backbone.shape != (length, 4, 3):
        raise ValueError(f"backbone has shape {backbone.shape}, expected ({length}, 4, 3) for {length} states")
    if not np.isfinite(backbone).all():
        raise ValueError("backbone holds coordinates that are not finite; leave such residues out")
    root = np.arange(length, dtype=np.int32)
    if length < SPLIT_SIZE:
        return [root]
    contacts = _contact_graph(backbone)
    strand = np.frombuffer(states.encode(), dtype="S1") == b"E"
    units: list[NDArray[np.int32]] = []
    waiting = [root]
    while waiting:
        unit = waiting.pop()
        halves = _cut(unit, contacts, strand) if len(unit) >= SPLIT_SIZE else None
        if halves is not None or len(unit) >= UNIT_SIZE or not units:
            units.append(unit)
        if halves is not None:
            waiting.extend(reversed(halves))
    return units


def _contact_graph(backbone: NDArray[np.float32]) -> scipy.sparse.csr_matrix:
    """Atom pairs closer than 4 Å between every two residues, symmetric, shape (L, L)."""
    length = len(backbone)
    atoms = backbone.reshape(-1, 3).astype(np.float64)
    pairs = cKDTree(atoms).query_pairs(CONTACT, output_type="ndarray") // 4
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    both = np.concatenate((pairs, pairs[:, ::-1]))
    counts = scipy.sparse.coo_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(length, length))
    graph = counts.tocsr()
    graph.sum_duplicates()
    return graph


def _cut(
    unit: NDArray[np.int32], contacts: scipy.sparse.csr_matrix, strand: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
    """Both halves of a unit, that with its first residue first; None where no cut is good enough."""
    inside = contacts[unit][:, unit]
    start, neighbour, counts = inside.indptr, inside.indices, inside.data
    residue = np.repeat(np.arange(len(unit)), np.diff(start))
    sheet = strand[unit[residue]] & strand[unit[neighbour]]
    order = _order(residue, neighbour, np.where(sheet, SHEET_ORDER, 1.0) * counts, len(unit))
    adjacent = np.concatenate(([False], np.diff(unit) == 1))
    side = _best_bisection(order, adjacent, start, neighbour, np.where(sheet, SHEET_CUT, 1.0) * counts)
    if _separation(side, start, neighbour, counts) <= SPLIT:
        return None
    first = side if side[0] else ~side
    return unit[first], unit[~first]


def _order(
    residue: NDArray[np.integer], neighbour: NDArray[np.integer], weight: NDArray[np.float64], size: int
) -> NDArray[np.int64]:
    """Residues along the slowest mode of a random walk on the contacts; pieces that do not touch come largest first."""
    graph = scipy.sparse.csc_matrix((weight, (residue, neighbour)), shape=(size, size))
    pieces, piece = scipy.sparse.csgraph.connected_components(graph, directed=False)
    if pieces > 1:
        return np.lexsort((np.arange(size), piece, -np.bincount(piece)[piece]))
    scale = 1.0 / np.sqrt(np.bincount(residue, weight, size))
    graph.data *= scale[graph.indices] * np.repeat(scale, np.diff(graph.indptr))
    # sparse and on one thread, so that the order depends on nothing but the contacts; so does the start vector
    values, modes = scipy.sparse.linalg.eigsh(graph, k=MODES, sigma=SHIFT, which="LM", v0=np.ones(size))
    mode = modes[:, np.argsort(-values)[1]]
    mode = mode * np.sign(mode[np.argmax(np.abs(mode))])
    return np.argsort(mode * scale, kind="stable")


@njit(cache=True, nogil=True)
def _best_bisection(
    order: NDArray[np.int64],
    adjacent: NDArray[np.bool_],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """The first k residues in order, smoothed along the chain, for the k with the largest separation.

    Parameters
    ----------
    order : ndarray, shape=(n,), dtype=int64
    adjacent : ndarray, shape=(n,), dtype=bool
        Whether a residue follows the one before it in the chain.
    start, neighbour, weight : ndarray
        Contacts in compressed rows.

    Returns
    -------
    ndarray, shape=(n,), dtype=bool
        True in one half; all False where both halves cannot hold ten residues.
    """
    size = len(order)
    prefix = np.zeros(size, np.bool_)
    best_side = np.zeros(size, np.bool_)
    best = -1.0
    for taken in range(size - 1):
        prefix[order[taken]] = True
        side = _smooth(prefix.copy(), adjacent)
        half = side.sum()
        if half < PIECE_SIZE or size - half < PIECE_SIZE:
            continue
        tau2 = _separation(side, start, neighbour, weight)
        if tau2 > best:
            best, best_side = tau2, side
    return best_side


@njit(cache=True, nogil=True)
def _smooth(side: NDArray[np.bool_], adjacent: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Turn runs of less than ten residues over, shortest first; runs that fill a stretch of chain stay."""
    size = len(side)
    first = np.empty(size + 1, np.int64)
    while True:
        runs = 0
        for i in range(size):
            if i == 0 or side[i] != side[i - 1] or not adjacent[i]:
                first[runs] = i
                runs += 1
        first[runs] = size
        shortest, length = -1, PIECE_SIZE
        for run in range(runs):
            begin, end = first[run], first[run + 1]
            joined = adjacent[begin] or (end < size and adjacent[end])
            if joined and end - begin < length:
                shortest, length = run, end - begin
        if shortest < 0:
            return side
        for i in range(first[shortest], first[shortest + 1]):
            side[i] = not side[i]


@njit(cache=True, nogil=True)
def _separation(
    side: NDArray[np.bool_],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> float:
    """tau² of two halves: reduced size over contacts between them; 0 where one is empty."""
    size, half, touching = len(side), 0, 0.0
    for i in range(size):
        if side[i]:
            half += 1
            for entry in range(start[i], start[i + 1]):
                if not side[neighbour[entry]]:
                    touching += weight[entry]
    if half == 0 or half == size:
        return 0.0
    return half * (size - half) / size / max(touching, LEAST_CONTACTS)
