"""Assign final domains to templates as ``full``, ``part`` or ``miss``, and label them (DPAM steps 23 and 24).

r1 is the share of a template that a domain is aligned with. r2 is the domain's length divided by the typical length in
the T-group. Templates are visited by descending probability up to the first with max(r1, r2) >= 0.66 and
min(r1, r2) >= 0.33. The domain is ``full`` if the probability of this template is 0.85 or more. Otherwise it is
``part`` if the most probable template has 0.85 or more; otherwise it is a ``miss``. The label rates the assignment,
given the helices and strands of the domain.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.assignment.confident_hits import CLARITIES
from domainflow.domains.assignment.merge_domains import MergedDomain
from domainflow.domains.assignment.template_residues import (
    AssignmentFacts,
    MappedHit,
    chosen_residues,
    template_coverage,
)
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Prediction, Residues
from domainflow.structures.ranges import format_range

__all__ = [
    "AssignedDomain", "Choice", "FinalDomain", "PassedOver", "assign_templates", "label_domains", "length_ratio",
]  # fmt: skip

FULL, PART, MISS = "full", "part", "miss"


class PassedOver(NamedTuple):
    """A candidate that step 23 visited and did not assign, with its shares r1 and r2.

    `why` is ``coverage`` (the shares are too small) or ``probability`` (below the limit of an assignment).
    """

    uid: str
    t_group: str
    probability: float
    template_coverage: float
    t_group_coverage: float
    why: str


class Choice(NamedTuple):
    """The rest of what step 23 saw of a domain.

    `runner_up` is the best T-group but the domain's own, with its probability. `source` is the part of the domain
    whose row has the answer's probability.
    """

    runner_up: tuple[str, float] | None
    passed_over: tuple[PassedOver, ...]
    source: str | None


class AssignedDomain(NamedTuple):
    """Step 23: a final domain and its template; numbers rounded to three decimals, None where there is none.

    `assignment` is ``full``, ``part`` or ``miss``. `dali_z` is divided by 10, like the network's input. A miss has the
    most probable template of all, if there is any, but no coverage.
    """

    parts: tuple[str, ...]
    residues: Residues
    assignment: str
    uid: str | None = None
    t_group: str | None = None
    probability: float | None = None
    hh_probability: float | None = None
    dali_z: float | None = None
    template_coverage: float | None = None
    t_group_coverage: float | None = None
    clarity: str | None = None
    choice: Choice | None = None


class FinalDomain(NamedTuple):
    """Step 24: the same with a name ``nD<k>``, label, helices and strands.

    `parts` are joined by commas, and `dali_z` is z itself.
    """

    name: str
    range: str
    residues: Residues
    parts: str
    assignment: str
    uid: str | None
    template_id: str | None
    t_group: str | None
    probability: float | None
    hh_probability: float | None
    dali_z: float | None
    template_coverage: float | None
    t_group_coverage: float | None
    clarity: str | None
    label: str
    helices: int
    strands: int
    choice: Choice | None = None


class _Candidate(NamedTuple):
    """A template that a final domain may be assigned to; candidates are sorted by `key`.

    Template residues of several parts are joined one after the other; residues of two parts occur twice.
    """

    uid: str
    t_group: str
    probability: float
    clarity: str
    hh_template: Residues
    dali_template: Residues
    key: float


def assign_templates(
    domains: Mapping[str, Residues],
    merged: Sequence[MergedDomain],
    predictions: Sequence[Prediction],
    mapped: Sequence[MappedHit],
    facts: AssignmentFacts,
    parameters: DpamParameters,
) -> list[AssignedDomain]:
    """Assign every merged domain and every domain that is part of none.

    They are sorted by mean residue. Of equal means, misses come first, then part, then full assignments, as in v2.

    Parameters
    ----------
    domains : mapping of name to ndarray
        1-based residues of all of step 13's domains, in order.
    merged : sequence of MergedDomain
    predictions : sequence of Prediction
        All of step 16's rows.
    mapped : sequence of MappedHit
        Step 18's rows, made from these predictions.
    facts : AssignmentFacts
    parameters : DpamParameters
    """
    joined = {name for group in merged for name in group.parts}
    final = [*merged, *(MergedDomain((name,), members) for name, members in domains.items() if name not in joined)]
    place = {name: number for number, name in enumerate(domains)}
    mapped_of: dict[str, list[MappedHit]] = {}
    for hit in mapped:
        mapped_of.setdefault(hit.domain, []).append(hit)
    predictions_of: dict[str, list[Prediction]] = {}
    for prediction in predictions:
        predictions_of.setdefault(prediction.row.domain, []).append(prediction)
    lengths = {name: len(members) for name, members in domains.items()}
    assigned = []
    for group in final:
        scored = [prediction for part in group.parts for prediction in predictions_of.get(part, [])]
        candidates = _candidates(group, mapped_of, lengths, parameters)
        domain, passed_over = _assign(group, candidates, scored, facts, parameters)
        assigned.append(domain._replace(choice=_choice(domain, passed_over, scored)))
    by_class = (MISS, PART, FULL)
    return sorted(
        assigned,
        key=lambda domain: (
            float(domain.residues.mean()), by_class.index(domain.assignment), place[domain.parts[0]]
        ),
    )  # fmt: skip


def length_ratio(length: int, uid: str, t_group: str, facts: AssignmentFacts) -> float:
    """Divide a domain's length by the T-group's typical length, or by the template's length if that is unknown."""
    usual = facts.t_group_lengths.get(t_group)
    return length / (usual or facts.lengths[uid])


def _candidates(
    domain: MergedDomain,
    mapped_of: Mapping[str, Sequence[MappedHit]],
    lengths: Mapping[str, int],
    parameters: DpamParameters,
) -> list[_Candidate]:
    """Return a domain's candidates, by descending best probability times the length of the domain.

    With `compat_v2` the probability and the length are those of the first part that has the template.
    """
    by_template: dict[str, _Candidate] = {}
    for part in domain.parts:
        for hit in mapped_of.get(part, []):
            held = by_template.get(hit.uid)
            if held is None:
                by_template[hit.uid] = _Candidate(
                    hit.uid, hit.t_group, hit.probability, hit.clarity, hit.hh_template, hit.dali_template,
                    hit.probability * lengths[part],
                )  # fmt: skip
            else:
                by_template[hit.uid] = held._replace(
                    probability=max(held.probability, hit.probability),
                    clarity=max(held.clarity, hit.clarity, key=CLARITIES.index),
                    hh_template=np.concatenate([held.hh_template, hit.hh_template]),
                    dali_template=np.concatenate([held.dali_template, hit.dali_template]),
                )
    candidates = list(by_template.values())
    if not parameters.compat_v2:
        length = len(domain.residues)
        candidates = [candidate._replace(key=candidate.probability * length) for candidate in candidates]
    return sorted(candidates, key=lambda candidate: -candidate.key)


def _assign(
    domain: MergedDomain,
    candidates: Sequence[_Candidate],
    predictions: Sequence[Prediction],
    facts: AssignmentFacts,
    parameters: DpamParameters,
) -> tuple[AssignedDomain, list[PassedOver]]:
    """Assign one final domain; return it with the other candidates that were visited."""
    part_hit = None
    visited: list[PassedOver] = []
    for candidate in candidates:
        residues = chosen_residues(candidate.hh_template, candidate.dali_template, parameters)
        r1 = template_coverage(candidate.uid, residues, facts, uniform=parameters.compat_v2)
        r2 = length_ratio(len(domain.residues), candidate.uid, candidate.t_group, facts)
        hit = (candidate, r1, r2)
        part_hit = part_hit or hit
        covered = max(r1, r2) >= parameters.full_coverage and min(r1, r2) >= parameters.least_coverage
        if covered and candidate.probability >= parameters.assigned_probability:
            return _assigned(domain, FULL, hit, predictions), visited
        why = "probability" if covered else "coverage"
        visited.append(PassedOver(*candidate[:3], r1, r2, why))
        if covered:
            break
    if part_hit and part_hit[0].probability >= parameters.assigned_probability:
        return _assigned(domain, PART, part_hit, predictions), visited[1:]
    # v2 looks predictions up by the domain's name, and a joined domain has none under its own name
    if not predictions or (parameters.compat_v2 and len(domain.parts) > 1):
        return AssignedDomain(domain.parts, domain.residues, MISS), visited
    row, probability = max(predictions, key=lambda prediction: prediction.probability)
    missed = AssignedDomain(
        domain.parts, domain.residues, MISS, row.uid, row.t_group, round(probability, 3),
        round(float(row.hh_probability), 3), round(float(row.dali_z), 3),
    )  # fmt: skip
    return missed, visited


def _choice(domain: AssignedDomain, visited: Sequence[PassedOver], predictions: Sequence[Prediction]) -> Choice:
    """Return what else was seen of a domain; of equal probabilities, the first row counts."""
    others = [prediction for prediction in predictions if prediction.row.t_group != domain.t_group]
    best = max(others, key=lambda prediction: prediction.probability, default=None)
    own = [prediction for prediction in predictions if prediction.row.uid == domain.uid]
    source = max(own, key=lambda prediction: prediction.probability, default=None)
    return Choice(
        None if best is None else (best.row.t_group, best.probability),
        tuple(visited),
        None if source is None else source.row.domain,
    )


def _assigned(
    domain: MergedDomain,
    assignment: str,
    hit: tuple[_Candidate, float, float],
    predictions: Sequence[Prediction],
) -> AssignedDomain:
    """Assign a domain to a candidate, with the best HH-suite probability and z of its template in any part."""
    candidate, r1, r2 = hit
    rows = [row for row, _ in predictions if row.uid == candidate.uid]
    return AssignedDomain(
        domain.parts, domain.residues, assignment, candidate.uid, candidate.t_group, round(candidate.probability, 3),
        round(max(float(row.hh_probability) for row in rows), 3), round(max(float(row.dali_z) for row in rows), 3),
        round(r1, 3), round(r2, 3), candidate.clarity,
    )  # fmt: skip


def label_domains(
    domains: Sequence[AssignedDomain],
    states: str,
    elements: NDArray[np.integer],
    template_ids: Mapping[str, str],
    parameters: DpamParameters,
) -> list[FinalDomain]:
    """Return final domains with names and labels, in the order given.

    Parameters
    ----------
    domains : sequence of AssignedDomain
        Sorted by mean residue.
    states : str
        L secondary structure states ``H``, ``E`` or ``-``.
    elements : ndarray, shape=(L,)
        Element of each residue, 0 = none.
    template_ids : mapping of UID to domain id
    parameters : DpamParameters
    """
    letters = np.array(list(states))
    with_helix, with_strand = (np.unique(elements[letters == letter]) for letter in "HE")
    final = []
    for number, domain in enumerate(domains, start=1):
        inside = elements[domain.residues - 1]
        members, counts = np.unique(inside[inside > 0], return_counts=True)
        helices = int((np.isin(members, with_helix) & (counts >= parameters.helix_residues)).sum())
        strands = int((np.isin(members, with_strand) & (counts >= parameters.strand_residues)).sum())
        z = domain.dali_z
        final.append(
            FinalDomain(
                f"nD{number}", format_range(domain.residues), domain.residues, ",".join(domain.parts),
                domain.assignment, domain.uid, template_ids.get(domain.uid or ""), domain.t_group,
                domain.probability, domain.hh_probability, None if z is None else round(10 * z, 1),
                domain.template_coverage, domain.t_group_coverage, domain.clarity,
                _label(domain, helices + strands, parameters), helices, strands, domain.choice,
            )
        )  # fmt: skip
    return final


def _label(domain: AssignedDomain, n_elements: int, parameters: DpamParameters) -> str:
    """Return DPAM's label; a domain of few elements must resemble its template closely."""
    structured = n_elements >= parameters.structured_elements
    if domain.assignment == MISS:
        return "low_confidence" if structured else "simple_topology"
    close = (
        (domain.hh_probability or 0.0) >= parameters.simple_probability
        and (domain.template_coverage or 0.0) >= parameters.simple_coverage
        and (domain.t_group_coverage or 0.0) >= parameters.simple_coverage
    )
    if not (structured or close):
        return "simple_topology"
    return "good_domain" if domain.assignment == FULL else "partial_domain"
