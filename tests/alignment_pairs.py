"""Two chains for the aligner, without a template store: what the tests give it, and what it returns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.chain import TemplateChains, prepare_chain
from domainflow.alignment.native.many import align_many
from domainflow.alignment.native.pairwise import STANDARD
from domainflow.alignment.native.workspace import buffers
from domainflow.structures.ranges import runs

__all__ = ["Templates", "align_pair"]

Units = list[NDArray[np.int32]]


@dataclass(frozen=True)
class Templates:
    """What the engine reads of a template store."""

    ca: NDArray[np.float32]
    offsets: NDArray[np.int64]
    units: list[Units]

    @property
    def node_bounds(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        units = [unit for units in self.units for unit in units]
        bounds = [[bound + 1 for run in runs(unit) for bound in run] for unit in units]
        counts = ([len(units) for units in self.units], [len(unit) for unit in bounds])
        starts = (np.cumsum([0, *count]).astype(np.int32) for count in counts)
        return (*starts, np.concatenate(bounds).astype(np.int32))


def align_pair(
    query: tuple[NDArray[np.float32], Units], template: tuple[NDArray[np.float32], Units]
) -> tuple[NDArray[np.int32], float]:
    """Pairs, shape (2, n), and z of two chains, each given as CA atoms and folding units; n = 0 if nothing is found.

    The compiled entry is the one that a run uses.
    """
    ca = np.ascontiguousarray(template[0], np.float32)
    templates = Templates(ca, np.array([0, len(ca)]), [template[1]])
    chains = TemplateChains(templates.ca, templates.offsets, *templates.node_bounds)
    memory = buffers(len(query[0]), len(ca))
    found = align_many(prepare_chain(*query), chains, np.array([0]), 4, STANDARD, -np.inf, memory)
    return found.pairs[0, :, : found.size[0]], float(found.z[0])
