"""Assign one protein's domains to the reference: DPAM's steps 17 to 24 in their order, from predictions to labels."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domainflow.assignment.assign_domains import FinalDomain, assign_domains, label_domains
from domainflow.assignment.confident_hits import confident_hits
from domainflow.assignment.merge_domains import candidate_pairs, judge_pairs, merge_domains
from domainflow.assignment.template_residues import AssignmentFacts, map_confident_hits
from domainflow.hits import Prediction, Residues
from domainflow.io import assignment_files
from domainflow.io.statistics import ReferenceStatistics
from domainflow.io.store import TemplateStore
from domainflow.parameters import DpamParameters
from domainflow.protein import Protein

__all__ = ["AssignedProtein", "assign", "assignment_facts"]


class AssignedProtein(NamedTuple):
    """Final domains by mean residue, DPAM's files of steps 16 to 24 by kind, and what was noticed, for the ledger."""

    domains: list[FinalDomain]
    files: dict[str, str]
    notes: tuple[str, ...]


def assignment_facts(store: TemplateStore, statistics: ReferenceStatistics, uids: Iterable[str]) -> AssignmentFacts:
    """What the reference knows of these templates and their T-groups."""
    rows = {uid: store.row(uid) for uid in sorted(set(uids))}
    t_groups = sorted({store.t_group(row) for row in rows.values()})
    return AssignmentFacts(
        {uid: store.template_id(row) for uid, row in rows.items()},
        {uid: store.length(row) for uid, row in rows.items()},
        {uid: statistics.weights(uid) for uid in rows},
        {t_group: statistics.t_group_length(t_group) for t_group in t_groups},
        {store.t_group(row): store.h_group(row) for row in rows.values()},
    )


def assign(
    protein: Protein,
    domains: Sequence[tuple[str, Residues]],
    predictions: Sequence[Prediction],
    facts: AssignmentFacts,
    parameters: DpamParameters,
) -> AssignedProtein:
    """Final domains of a protein: each of step 13's domains is in exactly one of them.

    Parameters
    ----------
    protein : Protein
        Its atoms, secondary structure and, for the files, its PDB lines are read.
    domains : sequence of (str, ndarray)
        Step 13's domains in order: name ``D<k>`` and 1-based residues.
    predictions : sequence of Prediction
        Step 16's rows in the order of step 15; their domains are among `domains`.
    facts : AssignmentFacts
        Of all templates that `predictions` name.
    parameters : DpamParameters
    """
    residues = dict(domains)
    confident = confident_hits(predictions, parameters, facts.h_groups)
    mapped = map_confident_hits(confident)
    pairs = candidate_pairs(mapped, facts, parameters)
    judged = judge_pairs(pairs, residues, protein.atoms, protein.atom_residue, parameters)
    merged = merge_domains(judged, residues)
    assigned = assign_domains(residues, merged, predictions, mapped, facts, parameters)
    final = label_domains(assigned, protein.states, protein.elements, facts.ecod_ids, parameters)
    files = {
        "predictions": assignment_files.format_predictions(predictions),
        "confident": assignment_files.format_confident_hits(confident),
        "mapped": assignment_files.format_mapped_hits(mapped),
        "pair_support": assignment_files.format_pair_support(pairs),
        "pairs": assignment_files.format_pairs(pairs, residues),
        **assignment_files.domain_models(protein.pdb, pairs, residues),
        "judged": assignment_files.format_judged_pairs(protein.id, judged, residues),
        "merged": assignment_files.format_merged_domains(protein.id, merged),
        "assignments": assignment_files.format_assignments(assigned),
        "final": assignment_files.format_final_domains(final),
    }
    without_length = sorted(
        {row.t_group for row in assigned if row.t_group and row.clarity and not facts.t_group_lengths.get(row.t_group)}
    )
    notes = [f"no usual length is known for {', '.join(without_length)}: the template's was taken"]
    return AssignedProtein(final, files, tuple(notes) if without_length else ())
