"""Cut one protein: DPAM's steps 8 to 13 in their order, from alignments to domains, and step 15, their features."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from domainflow.disorder import disordered_residues, pae_contacts, spatial_contacts
from domainflow.domass.features import domass_features
from domainflow.evidence import accept_sequence_hits, accept_structure_hits, covered_residues
from domainflow.hits import DomassRow, Residues, SearchHit, TemplateMapping
from domainflow.io import dpam_files
from domainflow.io.feature_files import format_features
from domainflow.io.statistics import ReferenceStatistics
from domainflow.io.store import TemplateStore
from domainflow.pair_probability import pair_probabilities
from domainflow.parameters import DpamParameters
from domainflow.parse_domains import parse_domains
from domainflow.protein import Protein
from domainflow.score_alignments import AlignmentBlock, TemplateFacts, score_alignments
from domainflow.support import sequence_support, structure_support

__all__ = ["ParsedProtein", "cut_protein", "template_facts"]

CA = 1
"""Place of CA among a residue's backbone atoms N, CA, C, O."""


class ParsedProtein(NamedTuple):
    """What steps 8 to 13 and 15 give: domains as 1-based residues, the network's rows, DPAM's files by kind, and what
    was noticed, for the ledger."""

    domains: list[Residues]
    features: list[DomassRow]
    files: dict[str, str]
    notes: tuple[str, ...]


def template_facts(
    store: TemplateStore,
    statistics: ReferenceStatistics,
    uids: Iterable[str],
    left_out: Collection[str] = frozenset(),
    seed: str | None = None,
) -> dict[str, TemplateFacts]:
    """What the reference knows of templates, by UID.

    Parameters
    ----------
    store : TemplateStore
    statistics : ReferenceStatistics
    uids : iterable of str
    left_out : collection of str
        Templates that no statistics may know of.
    seed : str, optional
        The query's id where templates are left out: then no template keeps all of its homologues
        (`ReferenceStatistics.without`).
    """
    facts = {}
    for uid in sorted(set(uids)):
        row = store.row(uid)
        weights, family = statistics.without(uid, left_out, seed)
        facts[uid] = TemplateFacts(
            store.template_id(row), store.h_group(row), store.length(row), statistics.self_z(uid) or 0.0,
            weights, family,
        )  # fmt: skip
    return facts


def cut_protein(
    protein: Protein,
    search_hits: Sequence[SearchHit],
    mappings: Sequence[TemplateMapping],
    blocks: Sequence[AlignmentBlock],
    facts: dict[str, TemplateFacts],
    parameters: DpamParameters,
    store: TemplateStore,
) -> ParsedProtein:
    """Domains of a protein and what the network is to judge.

    Parameters
    ----------
    protein : Protein
    search_hits : sequence of SearchHit
        Step 4's rows; only handed on to the files.
    mappings : sequence of TemplateMapping
        Step 5's rows; empty without an HH-suite search.
    blocks : sequence of AlignmentBlock
        Step 7's alignments, by UID and round.
    facts : dict of UID to TemplateFacts
    parameters : DpamParameters
    store : TemplateStore
        For T-groups and the sequence indices of templates.
    """
    hits = structure_support(score_alignments(blocks, facts), mappings, facts, parameters)
    sequence_hits = sequence_support(mappings, facts, parameters)
    accepted = accept_sequence_hits(sequence_hits, parameters) + accept_structure_hits(hits, facts, parameters)
    if protein.pae is None:
        contacts = spatial_contacts(protein.backbone[:, CA], parameters)
    else:
        contacts = pae_contacts(protein.pae, parameters)
    disordered = disordered_residues(
        contacts, protein.elements, covered_residues(accepted, len(protein)), parameters
    )
    probabilities = pair_probabilities(protein.atoms, protein.atom_residue, protein.pae, accepted, parameters)
    domains = [np.asarray(domain) for domain in parse_domains(probabilities, disordered, parameters)]
    t_groups = {uid: store.t_group(store.row(uid)) for uid in facts}
    features = domass_features(
        [(f"D{number}", domain) for number, domain in enumerate(domains, start=1)], mappings, hits, protein.states,
        protein.elements, t_groups, {uid: store.sequence_index(store.row(uid)) for uid in facts}, parameters,
        {t_groups[uid]: known.h_group for uid, known in facts.items()},
    )  # fmt: skip
    files = {
        "sequence": f">{protein.id}\n{protein.sequence}\n",
        "model": protein.pdb,
        "search_hits": dpam_files.format_search_hits(search_hits),
        "mappings": dpam_files.format_mappings(mappings, parameters.layout),
        "scored": dpam_files.format_scored_alignments(hits, parameters.layout),
        "sequence_support": dpam_files.format_sequence_support(sequence_hits),
        "structure_support": dpam_files.format_structure_support(hits),
        "evidence": dpam_files.format_evidence(accepted, protein.id),
        "elements": dpam_files.format_elements(protein.sequence, protein.states, protein.elements),
        "disorder": dpam_files.format_disorder(disordered),
        "domains": dpam_files.format_domains(domains),
        "features": format_features(features.rows),
    }
    return ParsedProtein(domains, features.rows, files, features.notes)
