"""List the templates that a domain may belong to, each superposed on it: the best of each T-group (DPAM step 25)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from domainflow.domains.evidence.alignment_scores import AlignmentBlock
from domainflow.domains.rows import Prediction, Residues
from domainflow.report.superpose import FEWEST_PAIRS, Fit, given_rmsd, refit
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["Alternative", "SUPERPOSED", "alternatives_of", "as_shown", "superposition"]

CA = 1
"""Place of CA among N, CA, C and O."""
SHOWN = 6
"""T-groups of a domain that are listed, beside the assigned template."""
SUPERPOSED = 4
"""Templates of a domain that are superposed, beside the assigned one."""
NONE = "na"
Z_SCALE = 10
"""DOMASS rows hold z divided by this."""


class Alternative(NamedTuple):
    """A template for a domain.

    Attributes
    ----------
    prediction : Prediction
        Its row and probability.
    templates : int
        Number of scored templates of its T-group.
    query, template : ndarray, shape=(n,)
        Pairs inside the domain: residues, and structure indices (1-based); empty without a structure alignment.
    fit : Fit or None
        Superposition of these pairs.
    own_rmsd : float or None
        RMSD of these pairs with the aligner's own superposition, in Å.
    """

    prediction: Prediction
    templates: int
    query: Residues
    template: Residues
    fit: Fit | None
    own_rmsd: float | None


def alternatives_of(
    protein: Protein,
    residues: Residues,
    assigned: str | None,
    predictions: Sequence[Prediction],
    blocks: Mapping[str, AlignmentBlock],
    store: TemplateStore,
) -> list[Alternative]:
    """Return the best template of each T-group by falling probability, and the assigned one.

    Parameters
    ----------
    protein : Protein
    residues : ndarray
        1-based residues of the domain.
    assigned : str or None
        UID of the template that it is assigned to.
    predictions : sequence of Prediction
        Rows of the domain's parts.
    blocks : mapping of hit name to AlignmentBlock
        The protein's structure alignments.
    store : TemplateStore
    """
    ordered = sorted(predictions, key=lambda prediction: (-prediction.probability, prediction.row.uid))
    templates = Counter(t_group for t_group, _ in {(one.row.t_group, one.row.uid) for one in ordered})
    own_group = {one.row.t_group for one in ordered if one.row.uid == assigned}
    chosen: dict[str, Prediction] = {}
    for one in ordered:
        if one.row.uid == assigned or one.row.t_group not in own_group:
            chosen.setdefault(one.row.t_group, one)
    listed = list(chosen.values())
    listed = listed[:SHOWN] + [one for one in listed[SHOWN:] if one.row.uid == assigned]
    return [superposition(protein, residues, one, templates[one.row.t_group], blocks, store) for one in listed]


def superposition(
    protein: Protein,
    residues: Residues,
    prediction: Prediction,
    templates: int,
    blocks: Mapping[str, AlignmentBlock],
    store: TemplateStore,
) -> Alternative:
    """Superpose a template on the pairs of its alignment that are inside a domain."""
    block = blocks.get(prediction.row.dali_name)
    nothing = np.empty(0, np.int64)
    if block is None:
        return Alternative(prediction, templates, nothing, nothing, None, None)
    inside = np.isin(block.query, residues)
    query, template = block.query[inside], block.template[inside]
    if len(query) < FEWEST_PAIRS:
        return Alternative(prediction, templates, query, template, None, None)
    ca = store.backbone(store.row(prediction.row.uid))[template - 1, CA]
    goal = protein.backbone[query - 1, CA]
    own = given_rmsd(block.rotation, block.translation, ca, goal)
    return Alternative(prediction, templates, query, template, refit(ca, goal), own)


def as_shown(alternative: Alternative, superposed: bool, store: TemplateStore) -> dict[str, Any]:
    """Return an alternative as the page reads it, with or without its superposition."""
    row, probability = alternative.prediction
    place, fit = store.row(row.uid), alternative.fit
    shown = superposed and fit is not None
    return {
        "template": row.uid,
        "template_id": store.template_id(place),
        "t_group": row.t_group,
        "t_group_name": store.t_group_name(place),
        "probability": probability,
        "hh_probability": None if row.hh_name == NONE else round(float(row.hh_probability), 3),
        "dali_z": None if row.dali_name == NONE else round(Z_SCALE * float(row.dali_z), 1),
        "templates": alternative.templates,
        "aligned": len(alternative.query) or None,
        "template_length": len(store.backbone(place)),
        "rmsd": None if fit is None else round(fit.rmsd, 2),
        "rmsd_dali": None if alternative.own_rmsd is None else round(alternative.own_rmsd, 2),
        "transform": [*fit.rotation.ravel().tolist(), *fit.shift.tolist()] if shown and fit else None,
        "blocks": _blocks(alternative.query, alternative.template) if shown else None,
    }


def _blocks(query: Residues, template: Residues) -> list[list[int]]:
    """Return the gapless blocks of pairs: first residue, first structure index, length."""
    cuts = np.flatnonzero((np.diff(query) != 1) | (np.diff(template) != 1)) + 1
    pieces = zip(np.split(query, cuts), np.split(template, cuts), strict=True)
    return [[int(one[0]), int(other[0]), len(one)] for one, other in pieces]
