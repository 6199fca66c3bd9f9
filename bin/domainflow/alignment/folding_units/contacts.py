"""Count the contacts between the residues of a chain, as DaliLite does to find folding units.

A contact is a pair of atoms closer than 4 Å. A DSSP bridge counts as 15 more contacts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel
from domainflow.structures.dssp import chain_breaks, hydrogen_donors
from domainflow.structures.dssp_kernels import bonded_acceptors, bridge_kind

__all__ = ["ContactGraph", "all_atom_contacts", "backbone_contacts", "part_of"]

CONTACT = 4.0
"""Å; two atoms of different residues closer than this touch."""
BRIDGE = 15.0
"""Number of contacts that a bridge between two strands counts as."""


@dataclass(frozen=True)
class ContactGraph:
    """Contacts between the residues of a chain and within each residue, in compressed sparse rows, symmetric.

    Attributes
    ----------
    start : ndarray, shape=(L + 1,), dtype=int32
        Index of the first entry of each residue's row, and M at the end.
    neighbour : ndarray, shape=(M,), dtype=int32
        The residue itself and those that touch it, ascending; then those that only bridge to it, ascending.
    bound : ndarray, shape=(M,), dtype=float64
        Number of atom pairs closer than 4 Å, plus 15 for a bridge. Within a residue, each atom also pairs with itself.
    atoms : ndarray, shape=(L,), dtype=int64
        Number of atoms of each residue.
    ca : ndarray, shape=(L, 3), dtype=float64
        CA atoms in Å.
    """

    start: NDArray[np.int32]
    neighbour: NDArray[np.int32]
    bound: NDArray[np.float64]
    atoms: NDArray[np.int64]
    ca: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.atoms)


def backbone_contacts(backbone: NDArray[np.float32], sequence: str) -> ContactGraph:
    """Count contacts of the atoms N, CA, C, O alone; the parameters are those of `all_atom_contacts`."""
    residue = np.repeat(np.arange(len(backbone), dtype=np.int32), backbone.shape[1])
    return all_atom_contacts(backbone, sequence, backbone.reshape(-1, 3), residue)


def all_atom_contacts(
    backbone: NDArray[np.float32], sequence: str, atoms: NDArray[np.floating], residue: NDArray[np.integer]
) -> ContactGraph:
    """Count contacts of all heavy atoms of a chain.

    This is for files with side chains: DaliLite counts all atoms that a file has.

    Parameters
    ----------
    backbone : ndarray, shape=(L, 4, 3), dtype=float32
        N, CA, C, O in Å, all finite; they define the bridges.
    sequence : str
        L one-letter codes; only proline matters, because it donates no hydrogen bond.
    atoms : ndarray, shape=(A, 3), dtype=float
        Coordinates in Å of all heavy atoms, N, CA, C, O included; all finite.
    residue : ndarray, shape=(A,), dtype=int
        0-based residue of each atom.

    Raises
    ------
    ValueError
        If a coordinate is not finite.
    """
    if not (np.isfinite(backbone).all() and np.isfinite(atoms).all()):
        raise ValueError("there are coordinates that are not finite; leave such residues out")
    length = len(backbone)
    points = np.ascontiguousarray(atoms, np.float64)
    if length:
        # Sorting along the longest side of the chain leaves few atoms close in the first coordinate.
        longest = int(np.argmax(points.max(axis=0) - points.min(axis=0)))
        along = np.argsort(points[:, longest], kind="stable")
        points, residue = np.ascontiguousarray(np.roll(points[along], -longest, axis=1)), residue[along]
    bridges = _bridges(np.ascontiguousarray(backbone, np.float64), sequence)
    start, neighbour, bound = _contacts(points, residue.astype(np.int32), bridges, length)
    ca = np.ascontiguousarray(backbone[:, 1], np.float64).reshape(-1, 3)
    return ContactGraph(start, neighbour, bound, np.bincount(residue, minlength=length), ca)


def _bridges(backbone: NDArray[np.float64], sequence: str) -> NDArray[np.int32]:
    """Return the pairs of residues with a DSSP bridge, shape (B, 2), the first before the second; some occur twice."""
    if not len(backbone):
        return np.empty((0, 2), np.int32)
    breaks = np.concatenate(([False], chain_breaks(backbone)))
    # After a chain break the C=O that defines the hydrogen's position may be missing.
    donates = hydrogen_donors(sequence) & ~breaks
    return _bridged_pairs(bonded_acceptors(backbone, donates), np.cumsum(breaks))


@checked_kernel
def _bridged_pairs(acceptors: NDArray[np.int32], segment: NDArray[np.int64]) -> NDArray[np.int32]:
    """Find bridges from hydrogen bonds; a bond can only belong to bridges of the residues next to it."""
    length = len(acceptors)
    pair = np.empty((8 * length, 2), np.int32)
    found = 0
    for donor in range(length):
        for bond in range(2):
            acceptor = acceptors[donor, bond]
            if acceptor < 0:
                continue
            for near_donor in range(donor - 1, donor + 1):
                for near_acceptor in range(acceptor, acceptor + 2):
                    forward = near_donor < near_acceptor
                    i, j = (near_donor, near_acceptor) if forward else (near_acceptor, near_donor)
                    if i < 1 or j < i + 3 or j > length - 2:
                        continue
                    if segment[i - 1] != segment[i + 1] or segment[j - 1] != segment[j + 1]:
                        continue
                    if bridge_kind(acceptors, i, j) != 0:
                        pair[found, 0], pair[found, 1] = i, j
                        found += 1
    return pair[:found].copy()


@checked_kernel
def _contacts(
    points: NDArray[np.float64], residue: NDArray[np.int32], bridges: NDArray[np.int32], length: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return `start`, `neighbour` and `bound` of a `ContactGraph`, from atoms sorted by their first coordinate."""
    room = 16 * len(points) + len(bridges) + 16
    pair = np.empty((room, 2), np.int32)
    for i in range(len(bridges)):
        pair[i] = bridges[i]
    found = len(bridges)
    within = np.zeros(length, np.float64)
    for i in range(len(points)):
        x, y, z = points[i]
        within[residue[i]] += 1.0
        for j in range(i + 1, len(points)):
            dx = points[j, 0] - x
            if dx > CONTACT:
                break
            dy, dz = points[j, 1] - y, points[j, 2] - z
            if dx * dx + dy * dy + dz * dz > CONTACT * CONTACT:
                continue
            if residue[i] == residue[j]:
                within[residue[i]] += 2.0
                continue
            if found == room:
                more = np.empty((2 * room, 2), np.int32)
                more[:room] = pair
                pair, room = more, 2 * room
            pair[found, 0], pair[found, 1] = residue[i], residue[j]
            found += 1
    total = np.zeros(length + 1, np.int64)
    for i in range(found):
        total[pair[i, 0] + 1] += 1
        total[pair[i, 1] + 1] += 1
    place = np.cumsum(total)
    following = place.copy()
    # A bridge is twice the partner's number, a contact one more: sorting puts a bridge before the contacts of its pair.
    partner = np.empty(2 * found, np.int64)
    for i in range(found):
        one, other = pair[i]
        contact = 0 if i < len(bridges) else 1
        partner[following[one]] = 2 * other + contact
        following[one] += 1
        partner[following[other]] = 2 * one + contact
        following[other] += 1
    start = np.zeros(length + 1, np.int32)
    neighbour = np.empty(2 * found + length, np.int32)
    bound = np.zeros(2 * found + length, np.float64)
    filled = 0
    for one in range(length):
        row = np.sort(partner[place[one] : place[one + 1]])
        # First the residues that touch, with the residue itself in order; then those that only bridge.
        for touching in (True, False):
            first = 0
            own = touching
            while first < len(row) or own:
                other = row[first] // 2 if first < len(row) else length
                if own and other > one:
                    neighbour[filled], bound[filled] = one, within[one]
                    filled += 1
                    own = False
                    continue
                after = first
                bridged, contacts = False, 0.0
                while after < len(row) and row[after] // 2 == other:
                    if row[after] % 2 == 0:
                        bridged = True
                    else:
                        contacts += 1.0
                    after += 1
                first = after
                if touching == (contacts > 0.0):
                    neighbour[filled] = other
                    bound[filled] = contacts + (BRIDGE if bridged else 0.0)
                    filled += 1
        start[one + 1] = filled
    return start, neighbour[:filled].copy(), bound[:filled].copy()


@checked_kernel
def part_of(
    kept: NDArray[np.int32],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    bound: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return the contacts of the kept residues, ascending, with each other: start, neighbour and bound."""
    number = np.full(len(start) - 1, -1, np.int32)
    entries = 0
    for i in range(len(kept)):
        number[kept[i]] = i
        entries += start[kept[i] + 1] - start[kept[i]]
    begin = np.zeros(len(kept) + 1, np.int32)
    column, content = np.empty(entries, np.int32), np.empty(entries, np.float64)
    filled = 0
    for i in range(len(kept)):
        for entry in range(start[kept[i]], start[kept[i] + 1]):
            if number[neighbour[entry]] >= 0:
                column[filled], content[filled] = number[neighbour[entry]], bound[entry]
                filled += 1
        begin[i + 1] = filled
    return begin, column[:filled].copy(), content[:filled].copy()
