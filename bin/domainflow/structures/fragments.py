"""Join the fragments that AlphaFold DB cuts a long protein into, windows of 1,400 residues in steps of 200.

Each residue is taken from the fragment in which it is farthest from an end, and so is the PAE of each pair. Fragments
are superposed on the residues around the place where one follows another. Pairs that no fragment holds have the largest
PAE: nothing is known of them.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from domainflow.run.errors import InputError
from domainflow.structures.decimals import moved_to_origin
from domainflow.structures.messages import listed
from domainflow.structures.pdb_text import parse_pdb_text

__all__ = ["STEP", "WINDOW", "Fragment", "JoinedFragments", "first_position", "join_fragments"]

WINDOW, STEP = 1_400, 200
"""Residues of a fragment, and between the beginnings of two (AlphaFold DB's documentation)."""
UNKNOWN_PAE = 31.75
"""Å; the largest PAE that AlphaFold 2 gives."""
AROUND = 100
"""Residues on each side of a seam that fragments are superposed on."""
SAME = 0.02
"""Å; fragments that lie so close are in the same place, and their coordinates are copied."""
APART = 60.0
"""Å between fragments that share no residue."""
FEWEST_EQUAL = 0.95
"""Share of the residues that two fragments have in common which must be of the same type."""


class Fragment(NamedTuple):
    """A fragment: its number, ATOM lines, the residue numbers of its file, and its PAE or None."""

    number: int
    pdb: str
    labels: list[str]
    pae: NDArray[np.float64] | None


class JoinedFragments(NamedTuple):
    """A protein joined from fragments.

    Attributes
    ----------
    pdb : str
        ATOM lines, chain A, residues 1..L.
    positions : list of int
        L positions in the full-length protein.
    fragments : list of int
        Number of the fragment that each residue is taken from.
    pae : ndarray, shape=(L, L), dtype=float64, or None
    notes : list of str
    """

    pdb: str
    positions: list[int]
    fragments: list[int]
    pae: NDArray[np.float64] | None
    notes: list[str]


class _Placed(NamedTuple):
    """A fragment with full-length positions, types, atom lines and CA atoms of its n residues."""

    fragment: Fragment
    positions: NDArray[np.int64]
    sequence: str
    lines: list[list[str]]
    trace: NDArray[np.float64]


def first_position(number: int, labels: Sequence[str]) -> int:
    """Return the full-length position of a fragment's residue 1, whether or not its file counts from 1 again."""
    return 1 if number == 1 or not labels[0].isdigit() or int(labels[0]) > STEP else 1 + (number - 1) * STEP


def join_fragments(fragments: Sequence[Fragment], name: str) -> JoinedFragments:
    """Join fragments into one protein.

    Parameters
    ----------
    fragments : sequence of Fragment
        In the order of their numbers.
    name : str
        Name of the protein for messages.

    Raises
    ------
    InputError
        If two fragments do not have the same residues where they overlap, or the protein is too large for PDB.
    """
    placed = [_placed(fragment) for fragment in fragments]
    for one, two in pairwise(placed):
        _check_overlap(one, two, name)
    owner = _owners(placed)
    positions = sorted(owner)
    notes = _notes(placed, positions)
    moved = _moved(placed)
    lines: list[str] = []
    coordinates: list[tuple[str, str, str]] = []
    for residue, position in enumerate(positions, start=1):
        place = owner[position]
        fragment, (rotation, shift) = placed[place], moved[place]
        row = int(np.searchsorted(fragment.positions, position))
        for line in fragment.lines[row]:
            lines.append(f"{line[:22]}{residue:4d}{line[26:]}")
            coordinates.append(_transformed(line, rotation, shift))
    fitting = moved_to_origin(coordinates, name, notes)
    text = "".join(
        f"{line[:6]}{serial % 100_000:5d}{line[11:30]}{x:>8s}{y:>8s}{z:>8s}{line[54:]}\n"
        for serial, (line, (x, y, z)) in enumerate(zip(lines, fitting, strict=True), start=1)
    )
    numbers = [placed[owner[position]].fragment.number for position in positions]
    return JoinedFragments(text, positions, numbers, _joined_pae(placed, positions, notes), notes)


def _placed(fragment: Fragment) -> _Placed:
    start = first_position(fragment.number, fragment.labels)
    lines: list[list[str]] = [[] for _ in fragment.labels]
    for line in fragment.pdb.splitlines():
        lines[int(line[22:26]) - 1].append(line)
    model = parse_pdb_text(fragment.pdb)
    positions = np.array([int(label) + start - 1 for label in fragment.labels], np.int64)
    return _Placed(fragment, positions, model.sequence, lines, model.backbone[:, 1].astype(np.float64))


def _check_overlap(one: _Placed, two: _Placed, name: str) -> None:
    common, here, there = np.intersect1d(one.positions, two.positions, return_indices=True)
    equal = sum(one.sequence[a] == two.sequence[b] for a, b in zip(here, there, strict=True))
    if common.size and equal < FEWEST_EQUAL * common.size:
        raise InputError(
            f"fragments {one.fragment.number} and {two.fragment.number} of {name} differ where they should overlap "
            f"(residues {common[0]}-{common[-1]}); give each as an input of its own"
        )


def _owners(placed: Sequence[_Placed]) -> dict[int, int]:
    """Return for every position the place of the fragment in which it is farthest from an end."""
    best: dict[int, tuple[int, int]] = {}
    for place, fragment in enumerate(placed):
        first, last = int(fragment.positions[0]), int(fragment.positions[-1])
        for position in fragment.positions.tolist():
            depth = min(position - first, last - position)
            if position not in best or depth > best[position][0]:
                best[position] = depth, place
    return {position: place for position, (_, place) in best.items()}


def _notes(placed: Sequence[_Placed], positions: Sequence[int]) -> list[str]:
    numbers = [fragment.fragment.number for fragment in placed]
    notes = [f"joined from {len(numbers)} fragments (F{numbers[0]}-F{numbers[-1]})"]
    missing = sorted(set(range(1, numbers[-1] + 1)) - set(numbers))
    if missing:
        notes.append(f"without the fragments {listed([f'F{number}' for number in missing])}")
    gaps = [f"{a + 1}-{b - 1}" for a, b in pairwise(positions) if b - a > 1]
    if gaps:
        notes.append(f"residues in no fragment: {listed(gaps)}")
    return notes


def _moved(placed: Sequence[_Placed]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return rotation and translation of each fragment into the frame of the first."""
    moves = [(np.eye(3), np.zeros(3))]
    for one, two in pairwise(placed):
        rotation, shift = moves[-1]
        trace = one.trace @ rotation.T + shift
        _, here, there = np.intersect1d(one.positions, two.positions, return_indices=True)
        if here.size < 3:
            farthest = trace.max(axis=0)[0] + APART - two.trace.min(axis=0)[0]
            moves.append((np.eye(3), np.array([farthest, 0.0, 0.0])))
            continue
        middle = here.size // 2
        near = slice(max(0, middle - AROUND), middle + AROUND)
        fixed, moving = trace[here[near]], two.trace[there[near]]
        if np.abs(fixed - moving).max() < SAME:
            moves.append((np.eye(3), np.zeros(3)))
            continue
        found, _ = Rotation.align_vectors(fixed - fixed.mean(axis=0), moving - moving.mean(axis=0))
        matrix = found.as_matrix()
        moves.append((matrix, fixed.mean(axis=0) - moving.mean(axis=0) @ matrix.T))
    return moves


def _transformed(line: str, rotation: NDArray[np.float64], shift: NDArray[np.float64]) -> tuple[str, str, str]:
    texts = line[30:38].strip(), line[38:46].strip(), line[46:54].strip()
    if not shift.any() and np.array_equal(rotation, np.eye(3)):
        return texts
    x, y, z = rotation @ np.array([float(text) for text in texts]) + shift
    return f"{x:.3f}", f"{y:.3f}", f"{z:.3f}"


def _joined_pae(placed: Sequence[_Placed], positions: Sequence[int], notes: list[str]) -> NDArray[np.float64] | None:
    without = [f"F{fragment.fragment.number}" for fragment in placed if fragment.fragment.pae is None]
    if without:
        notes.append("pae=absent" if len(without) == len(placed) else f"pae=absent: {listed(without)} without PAE")
        return None
    length = len(positions)
    joined = np.full((length, length), UNKNOWN_PAE)
    best = np.full((length, length), -1, np.int16)
    for fragment in placed:
        pae = fragment.fragment.pae
        assert pae is not None, "checked above"
        first, last = fragment.positions[0], fragment.positions[-1]
        rows = np.searchsorted(positions, fragment.positions)
        depth = np.minimum(fragment.positions - first, last - fragment.positions).astype(np.int16)
        depths = np.minimum(depth[:, None], depth[None, :])
        place = np.ix_(rows, rows)
        better = depths > best[place]
        joined[place] = np.where(better, pae, joined[place])
        best[place] = np.where(better, depths, best[place])
    return joined
