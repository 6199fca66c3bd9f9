"""Parse one protein: from alignments to domains, and to the features of each domain (DPAM steps 8 to 13 and 15)."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.domass.features import domass_features
from domainflow.domains.evidence.accepted import (
    AcceptedHit,
    accept_sequence_hits,
    accept_structure_hits,
    covered_residues,
)
from domainflow.domains.evidence.alignment_scores import AlignmentBlock, TemplateFacts, score_alignments
from domainflow.domains.evidence.support import sequence_support, structure_support
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.parsing.clustering import domains_by_clustering
from domainflow.domains.parsing.coordinates.structure_evidence import structure_evidence
from domainflow.domains.parsing.coordinates.uncovered_domains import extend_domains, kept_domains
from domainflow.domains.parsing.disorder import disordered_residues, pae_contacts, spatial_contacts
from domainflow.domains.parsing.pair_probability import pair_probabilities
from domainflow.domains.rows import (
    EVIDENCE,
    DomassRow,
    ParsedDomain,
    Residues,
    SequenceHit,
    StructureHit,
    TemplateMapping,
)
from domainflow.structures.b_factors import plddt_of
from domainflow.structures.protein import Protein
from domainflow.structures.thinned import thinned
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

__all__ = ["ParsedProtein", "parse_protein", "template_facts"]

COVERED_SHARE = 0.5
"""Share of a domain's residues that hits must cover for it to rest on templates where there is PAE, too."""
CA = 1
"""Index of CA among the backbone atoms N, CA, C, O."""
SHOWN_CELLS = 256
"""Largest number of cells a side that the report shows of the matrix of step 13."""


class ParsedProtein(NamedTuple):
    """Results of steps 8 to 13 and 15 for a protein of L residues.

    Attributes
    ----------
    hits : list of StructureHit
        Steps 8 and 9: alignments, each with its scores and its support from HH-suite.
    sequence_hits : list of SequenceHit
        Step 9: HH-suite hits that are good enough.
    accepted : list of AcceptedHit
        Step 10: the evidence.
    disordered : ndarray, shape=(L,), dtype=bool
        Step 12: True for disordered residues.
    domains : list of ParsedDomain
        Step 13: domains, each with what it rests on.
    features : list of DomassRow
        Step 15: the network's inputs.
    notes : tuple of str
        Remarks for the ledger.
    disorder_from : str
        What tells disorder: ``PAE``, ``contacts``, ``pLDDT``, or ``none`` for resolved residues of an experiment.
    same_domain : ndarray, shape=(n, n), dtype=float64
        Step 13's probabilities that two residues share a domain, as means over the cells that the report shows.
    """

    hits: list[StructureHit]
    sequence_hits: list[SequenceHit]
    accepted: list[AcceptedHit]
    disordered: NDArray[np.bool_]
    domains: list[ParsedDomain]
    features: list[DomassRow]
    notes: tuple[str, ...]
    disorder_from: str
    same_domain: NDArray[np.float64]


def template_facts(
    store: TemplateStore,
    statistics: ReferenceStatistics,
    uids: Iterable[str],
    left_out: Collection[str] = frozenset(),
    seed: str | None = None,
) -> dict[str, TemplateFacts]:
    """Return the reference's facts on templates, by UID.

    Parameters
    ----------
    store : TemplateStore
    statistics : ReferenceStatistics
    uids : iterable of str
    left_out : collection of str
        Templates that are excluded from all statistics.
    seed : str, optional
        The query's id, if templates are left out. No template then keeps all of its homologues
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


def parse_protein(
    protein: Protein,
    mappings: Sequence[TemplateMapping],
    blocks: Sequence[AlignmentBlock],
    facts: dict[str, TemplateFacts],
    parameters: DpamParameters,
    store: TemplateStore,
    structure: bool = False,
) -> ParsedProtein:
    """Parse a protein into domains, and list the network's inputs for each.

    Parameters
    ----------
    protein : Protein
    mappings : sequence of TemplateMapping
        Step 5's rows; empty without an HH-suite search.
    blocks : sequence of AlignmentBlock
        Step 7's alignments, sorted by UID and round.
    facts : dict of UID to TemplateFacts
    parameters : DpamParameters
    store : TemplateStore
        For T-groups and the sequence indices of templates.
    structure : bool
        Whether coordinates are evidence.
    """
    hits = structure_support(score_alignments(blocks, facts), mappings, facts, parameters)
    sequence_hits = sequence_support(mappings, facts, parameters)
    accepted = accept_sequence_hits(sequence_hits, parameters) + accept_structure_hits(hits, facts, parameters)
    own = structure_evidence(protein) if structure else None
    covered = covered_residues(accepted, len(protein))
    if own is not None and protein.pae is None:
        disordered, told_by = ~own.ordered, "none" if plddt_of(protein) is None else "pLDDT"
    else:
        ca, pae = protein.backbone[:, CA], protein.pae
        contacts = spatial_contacts(ca, parameters) if pae is None else pae_contacts(pae, parameters)
        disordered = disordered_residues(contacts, protein.elements, covered, parameters)
        told_by = "contacts" if pae is None else "PAE"
    probabilities = pair_probabilities(protein.atoms, protein.atom_residue, protein.pae, accepted, parameters)
    domains = [np.asarray(domain) for domain in domains_by_clustering(probabilities, disordered, parameters)]
    before = domains
    if own is not None:
        before = kept_domains(domains, own)
        domains = extend_domains(before, ~disordered, own)
    old = np.concatenate([np.empty(0, np.int64), *before])
    parsed = [
        ParsedDomain(f"D{number}", domain, domain_evidence(domain, covered, protein.pae is not None, old))
        for number, domain in enumerate(domains, start=1)
    ]
    t_groups = {uid: store.t_group(store.row(uid)) for uid in facts}
    features = domass_features(
        [(domain.domain, domain.range) for domain in parsed], mappings, hits, protein.states,
        protein.elements, t_groups, {uid: store.sequence_index(store.row(uid)) for uid in facts}, parameters,
        {t_groups[uid]: known.h_group for uid, known in facts.items()},
    )  # fmt: skip
    np.fill_diagonal(probabilities, 1)
    cells, _ = thinned(probabilities, SHOWN_CELLS)
    found = hits, sequence_hits, accepted, disordered, parsed, features.rows, features.notes
    return ParsedProtein(*found, told_by, cells)


def domain_evidence(domain: Residues, covered: NDArray[np.bool_], has_pae: bool, before: Residues) -> str:
    """Return what a domain rests on: some of `EVIDENCE`, joined by commas.

    Parameters
    ----------
    domain : ndarray
        1-based residues.
    covered : ndarray, shape=(L,), dtype=bool
        Residues that accepted hits cover.
    has_pae : bool
    before : ndarray
        1-based residues of the domains of step 13 that were kept.
    """
    old = np.isin(domain, before)
    rests = (
        bool(old.any()) and (not has_pae or covered[domain - 1].mean() >= COVERED_SHARE),
        bool(old.any()) and has_pae,
        not old.all(),
    )
    return ",".join(name for name, true in zip(EVIDENCE, rests, strict=True) if true)
