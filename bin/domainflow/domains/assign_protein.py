"""Assign one protein's domains to the reference, from predictions to labels (DPAM steps 17 to 24)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domainflow.domains.assignment.confident_hits import ConfidentHit, confident_hits
from domainflow.domains.assignment.final_domains import AssignedDomain, FinalDomain, assign_templates, label_domains
from domainflow.domains.assignment.merge_domains import (
    DomainPair,
    JudgedPair,
    MergedDomain,
    candidate_pairs,
    judge_pairs,
    merge_domains,
)
from domainflow.domains.assignment.template_residues import AssignmentFacts, MappedHit, map_confident_hits
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.parsing.coordinates.domain_ends import move_ends
from domainflow.domains.parsing.coordinates.structure_evidence import ordered_residues, unbonded_residues
from domainflow.domains.rows import EVIDENCE, ParsedDomain, Prediction, Residues
from domainflow.structures.protein import Protein
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

__all__ = ["AssignedProtein", "assign_protein", "assignment_facts"]


class AssignedProtein(NamedTuple):
    """Results of steps 17 to 24 for a protein.

    Attributes
    ----------
    confident : list of ConfidentHit
        Step 17.
    mapped : list of MappedHit
        Step 18.
    pairs : list of DomainPair
        Step 19.
    judged : list of JudgedPair
        Step 21.
    merged : list of MergedDomain
        Step 22.
    assignments : list of AssignedDomain
        Step 23.
    domains : list of FinalDomain
        Step 24: final domains, sorted by mean residue.
    ends : list of ndarray
        1-based residues of each final domain with its ends moved; without coordinates as evidence those of `domains`.
    evidence : list of str
        What each final domain rests on, as in `ParsedDomain`.
    notes : tuple of str
        Remarks for the ledger.
    """

    confident: list[ConfidentHit]
    mapped: list[MappedHit]
    pairs: list[DomainPair]
    judged: list[JudgedPair]
    merged: list[MergedDomain]
    assignments: list[AssignedDomain]
    domains: list[FinalDomain]
    ends: list[Residues]
    evidence: list[str]
    notes: tuple[str, ...]


def assignment_facts(store: TemplateStore, statistics: ReferenceStatistics, uids: Iterable[str]) -> AssignmentFacts:
    """Return the reference's facts on these templates and their T-groups."""
    rows = {uid: store.row(uid) for uid in sorted(set(uids))}
    t_groups = sorted({store.t_group(row) for row in rows.values()})
    return AssignmentFacts(
        {uid: store.template_id(row) for uid, row in rows.items()},
        {uid: store.length(row) for uid, row in rows.items()},
        {uid: statistics.weights(uid) for uid in rows},
        {t_group: statistics.t_group_length(t_group) for t_group in t_groups},
        {store.t_group(row): store.h_group(row) for row in rows.values()},
    )


def assign_protein(
    protein: Protein,
    domains: Sequence[ParsedDomain],
    predictions: Sequence[Prediction],
    facts: AssignmentFacts,
    parameters: DpamParameters,
    structure: bool = False,
) -> AssignedProtein:
    """Assign the domains of a protein; each domain of step 13 becomes part of exactly one final domain.

    Parameters
    ----------
    protein : Protein
        Its atoms and secondary structure are read.
    domains : sequence of ParsedDomain
        Step 13's domains in order.
    predictions : sequence of Prediction
        Step 16's rows in the order of step 15; their domains are among `domains`.
    facts : AssignmentFacts
        Of all templates that `predictions` name.
    parameters : DpamParameters
    structure : bool
        Whether coordinates are evidence. Then ends are moved, but not with `compat_v2`.
    """
    residues = {domain.domain: domain.range for domain in domains}
    confident = confident_hits(predictions, parameters, facts.h_groups)
    mapped = map_confident_hits(confident)
    pairs = candidate_pairs(mapped, facts, parameters)
    judged = judge_pairs(pairs, residues, protein.atoms, protein.atom_residue, parameters)
    merged = merge_domains(judged, residues)
    assigned = assign_templates(residues, merged, predictions, mapped, facts, parameters)
    final = label_domains(assigned, protein.states, protein.elements, facts.template_ids, parameters)
    ends = [domain.residues for domain in final]
    if structure and not parameters.compat_v2:
        ends = move_ends(ends, protein.elements, unbonded_residues(protein), ordered_residues(protein))
    rests = {domain.domain: set(domain.evidence.split(",")) for domain in domains}
    evidence = [
        ",".join(kind for kind in EVIDENCE if any(kind in rests[part] for part in domain.parts.split(",")))
        for domain in final
    ]
    without_length = sorted(
        {row.t_group for row in assigned if row.t_group and row.clarity and not facts.t_group_lengths.get(row.t_group)}
    )
    notes = (f"no typical length is known for {', '.join(without_length)}: the template's was used",)
    return AssignedProtein(
        confident, mapped, pairs, judged, merged, assigned, final, ends, evidence, notes if without_length else ()
    )  # fmt: skip
