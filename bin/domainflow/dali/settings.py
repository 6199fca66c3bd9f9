"""How hard the search for the best alignment tries: numbers of candidates at each stage, and the refinement's phases."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.cells import EVERY_PAIR, NEIGHBOURS

__all__ = ["PHASE", "Settings", "default_settings"]

PHASE = np.dtype(
    [
        ("rounds", np.int32),
        ("stride", np.int32),
        ("exclude", np.int32),
        ("local_weight", np.float32),
        ("whole", np.bool_),
        ("from_best", np.bool_),
    ]
)
"""A phase of refinement: most rounds; every how many pairs vote; `NEIGHBOURS` or `EVERY_PAIR`; weight of the gapless
stretch around a cell; whole matrix instead of the corridor; start from the best alignment instead of the latest."""

COARSE = [(3, 4, NEIGHBOURS, 1.0, False, False)]
START = (1, 3, NEIGHBOURS, 1.0, True, False)
UNBIASED = (4, 1, NEIGHBOURS, 1.0, False, False)
UNBIASED_BLOCKS = (3, 1, NEIGHBOURS, 0.0, False, False)
"""Without the gapless stretch: blocks of a least length are gapless anyway."""
PLAIN = (10, 1, EVERY_PAIR, 0.0, False, True)


class Settings(NamedTuple):
    """Parameters of one comparison.

    Attributes
    ----------
    matches : int
        Pairs of fragment pairs that are superposed.
    cells_per_seed_share : float
        Seeds = this / (L1 L2), within the two limits below: small pairs can afford more.
    fewest_seeds, most_seeds : int
    relative_rank : float
        Smallest rank of a seed, as a share of the best one's.
    coarse_share : float
        Share of seeds whose alignments are refined coarsely.
    fewest_coarse : int
    coarse_by_score : int
        How many of these are picked by S instead of z.
    fine : int
        Alignments refined finely; the last is picked by S.
    corridor : float
        Smallest share of the best path's score of paths that stay open.
    rigid_gate, coarse_gate : float
        Where the best z after the rigid and the coarse stage is lower, the pair is given up.
    z_gap : float
        Alignments whose z is lower than the best refined one's by more are not refined.
    z_tie : float
        The answer has the largest S of all alignments whose z is within this of the best.
    knockouts : int
        Times that every block is tried without; 0 = never.
    min_block : int
        Shortest gapless block of the answer.
    coarse_phases, fine_phases : ndarray, dtype=PHASE
    """

    matches: int
    cells_per_seed_share: float
    fewest_seeds: int
    most_seeds: int
    relative_rank: float
    coarse_share: float
    fewest_coarse: int
    coarse_by_score: int
    fine: int
    corridor: float
    rigid_gate: float
    coarse_gate: float
    z_gap: float
    z_tie: float
    knockouts: int
    min_block: int
    coarse_phases: NDArray[np.void]
    fine_phases: NDArray[np.void]

    def seeds(self, query_length: int, template_length: int) -> int:
        """Seeds for chains of two lengths."""
        affordable = int(self.cells_per_seed_share / (query_length * template_length))
        return min(self.most_seeds, max(self.fewest_seeds, affordable))


def default_settings(min_block: int = 4) -> Settings:
    """Settings that find what DaliLite finds at z >= 4 in a fiftieth of its time.

    Parameters
    ----------
    min_block : int
        Shortest gapless block, residues. DaliLite reports none under 4; 1 gives larger S and z.
    """
    fine = [START, UNBIASED, *([UNBIASED_BLOCKS] if min_block > 1 else []), PLAIN]
    return Settings(
        matches=1500,
        cells_per_seed_share=1.6e6,
        fewest_seeds=20,
        most_seeds=50,
        relative_rank=0.6,
        coarse_share=0.34,
        fewest_coarse=4,
        coarse_by_score=2,
        fine=3,
        corridor=0.93,
        rigid_gate=0.5,
        coarse_gate=1.5,
        z_gap=0.7,
        z_tie=0.3,
        knockouts=0,
        min_block=min_block,
        coarse_phases=np.array(COARSE, PHASE),
        fine_phases=np.array(fine, PHASE),
    )
