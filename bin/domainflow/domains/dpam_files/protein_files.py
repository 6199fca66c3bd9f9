"""Write all DPAM files of one protein as texts, under the names that a layout gives them."""

from collections.abc import Sequence

from domainflow.domains.assign_protein import AssignedProtein
from domainflow.domains.dpam_files import steps_1_to_13, steps_16_to_24
from domainflow.domains.dpam_files.names import named_files
from domainflow.domains.dpam_files.step_15 import format_features
from domainflow.domains.parse_protein import ParsedProtein
from domainflow.domains.rows import ParsedDomain, Prediction
from domainflow.domains.tables import Searched
from domainflow.structures.protein import Protein

__all__ = ["assigned_files", "assigned_texts", "parsed_files"]


def parsed_files(
    protein: Protein,
    searched: Searched,
    alignments: str,
    parsed: ParsedProtein,
    layout: str,
) -> list[tuple[str, str]]:
    """Return the files of steps 1 to 13 and 15 as (name, text).

    Parameters
    ----------
    protein : Protein
    searched : Searched
        Steps 3 to 6.
    alignments : str
        Step 7's text.
    parsed : ParsedProtein
        Steps 8 to 13 and 15.
    layout : str
        ``v1`` or ``v2``.
    """
    candidates = searched.candidates
    texts = {
        "sequence": f">{protein.id}\n{protein.sequence}\n",
        "model": protein.pdb,
        "search_hits": steps_1_to_13.format_search_hits(candidates.hits),
        "mappings": steps_1_to_13.format_mappings(candidates.mappings, layout),
        "scored": steps_1_to_13.format_scored_alignments(parsed.hits, layout),
        "sequence_support": steps_1_to_13.format_sequence_support(parsed.sequence_hits),
        "structure_support": steps_1_to_13.format_structure_support(parsed.hits),
        "evidence": steps_1_to_13.format_evidence(parsed.accepted, protein.id),
        "elements": steps_1_to_13.format_elements(protein.sequence, protein.states, protein.elements),
        "disorder": steps_1_to_13.format_disorder(parsed.disordered),
        "domains": steps_1_to_13.format_domains([domain.range for domain in parsed.domains]),
        "features": format_features(parsed.features),
        "search": steps_1_to_13.format_search_table(searched.hits),
        "candidates": steps_1_to_13.format_candidates(candidates.uids),
        "alignments": alignments,
    }
    return named_files(texts, protein.id, layout)


def assigned_files(
    protein: Protein,
    domains: Sequence[ParsedDomain],
    predictions: Sequence[Prediction],
    assigned: AssignedProtein,
    layout: str,
) -> list[tuple[str, str]]:
    """Return the files of steps 16 to 24 as (name, text); see `assigned_texts`."""
    return named_files(assigned_texts(protein, domains, predictions, assigned), protein.id, layout)


def assigned_texts(
    protein: Protein,
    domains: Sequence[ParsedDomain],
    predictions: Sequence[Prediction],
    assigned: AssignedProtein,
) -> dict[str, str]:
    """Return the texts of steps 16 to 24, by kind of file (`domainflow.domains.dpam_files.names`).

    Parameters
    ----------
    protein : Protein
    domains : sequence of ParsedDomain
        Step 13's domains, as given to `assign_protein`.
    predictions : sequence of Prediction
        Step 16's rows.
    assigned : AssignedProtein
        Steps 17 to 24.
    """
    residues = {domain.domain: domain.range for domain in domains}
    return {
        "predictions": steps_16_to_24.format_predictions(predictions),
        "confident": steps_16_to_24.format_confident_hits(assigned.confident),
        "mapped": steps_16_to_24.format_mapped_hits(assigned.mapped),
        "pair_support": steps_16_to_24.format_pair_support(assigned.pairs),
        "pairs": steps_16_to_24.format_pairs(assigned.pairs, residues),
        **steps_16_to_24.domain_models(protein.pdb, assigned.pairs, residues),
        "judged": steps_16_to_24.format_judged_pairs(protein.id, assigned.judged, residues),
        "merged": steps_16_to_24.format_merged_domains(protein.id, assigned.merged),
        "assignments": steps_16_to_24.format_assignments(assigned.assignments),
        "final": steps_16_to_24.format_final_domains(assigned.domains),
    }
