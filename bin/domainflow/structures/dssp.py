"""Assign secondary structure to a chain by DSSP's rules, from its backbone alone.

Hydrogen bonds define turns and bridges. Two turns in a row make a helix, and bridges in a row make a ladder of two
strands (Kabsch & Sander, *Biopolymers* 1983, 22:2577-2637).

Where patterns overlap, the precedence is that of mkdssp 4: alpha helix, strand, bridge, 3-10 helix, pi helix (which may
replace alpha), turn, bend. DPAM reduces them to three states (step 11).
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.dssp_kernels import bend_mask, bonded_acceptors, helix_starts, strand_states

__all__ = ["assign_states", "chain_breaks", "dssp_states", "hydrogen_donors"]

PEPTIDE_BOND = 2.5
"""Å; a longer distance from C to the next N is a chain break."""
THREE_STATES = str.maketrans("HGIEBTS-", "HHHEE---")
STRAND_LETTERS = np.frombuffer(b"-BE", "S1")


def assign_states(backbone: NDArray[np.floating], sequence: str) -> str:
    """Assign one of three states to each residue: ``H`` (DSSP's G, H, I), ``E`` (E, B) or ``-``.

    Parameters
    ----------
    backbone : ndarray, shape=(L, 4, 3)
        N, CA, C, O in Å, all finite.
    sequence : str
        L one-letter codes; only proline matters, because its N has no hydrogen.

    Returns
    -------
    str
        L letters.

    Raises
    ------
    ValueError
        If the lengths differ or a coordinate is not finite.
    """
    return dssp_states(backbone, sequence).translate(THREE_STATES)


def dssp_states(backbone: NDArray[np.floating], sequence: str) -> str:
    """Assign DSSP's letters H, G, I, E, B, T, S and ``-`` (loop).

    Parameters and errors are those of `assign_states`. Polyproline helices (``P`` of mkdssp 4) are loop here, as in the
    paper.
    """
    chain = np.ascontiguousarray(backbone, dtype=np.float64)
    if chain.shape != (len(sequence), 4, 3):
        raise ValueError(f"backbone has shape {chain.shape}, expected ({len(sequence)}, 4, 3) for this sequence")
    if not np.isfinite(chain).all():
        raise ValueError("backbone holds coordinates that are not finite; leave such residues out")
    if not sequence:
        return ""
    segment = np.cumsum(np.concatenate(([False], chain_breaks(chain))))
    acceptors = bonded_acceptors(chain, hydrogen_donors(sequence))

    states = STRAND_LETTERS[strand_states(acceptors, segment)]
    starts = {stride: helix_starts(acceptors, segment, stride) for stride in (3, 4, 5)}
    _write_helices(states, starts[4], 4, b"H", replaces=b"-BEH")
    _write_helices(states, starts[3], 3, b"G", replaces=b"-G")
    _write_helices(states, starts[5], 5, b"I", replaces=b"-IH")
    inside_turn = np.zeros(len(sequence), bool)
    for stride, start in starts.items():
        for step in range(1, stride):
            inside_turn[step:] |= start[:-step]
    loop = states == b"-"
    loop[[0, -1]] = False
    states[loop & bend_mask(chain[:, 1], segment)] = b"S"
    states[loop & inside_turn] = b"T"
    return states.tobytes().decode()


def chain_breaks(backbone: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return a mask of chain breaks, shape (L-1,): C of a residue and N of the next are more than 2.5 Å apart."""
    return np.linalg.norm(np.asarray(backbone[1:, 0]) - np.asarray(backbone[:-1, 2]), axis=-1) > PEPTIDE_BOND


def hydrogen_donors(sequence: str) -> NDArray[np.bool_]:
    """Return a mask of residues whose N has a hydrogen, shape (L,): all but the first residue and prolines."""
    donates = np.array([letter != "P" for letter in sequence], np.bool_)
    donates[:1] = False
    return donates


def _write_helices(
    states: NDArray[np.bytes_], starts: NDArray[np.bool_], stride: int, letter: bytes, replaces: bytes
) -> None:
    """Write helices in place: n-turns at i - 1 and i make residues i..i+n-1 a helix if all of them may be replaced."""
    for i in np.flatnonzero(starts[1:] & starts[:-1]) + 1:
        window = states[i : i + stride]
        if all(state in replaces for state in window):
            window[:] = letter
