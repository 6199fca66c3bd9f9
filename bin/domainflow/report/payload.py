"""Collect all that a protein's page shows, as plain values: lists, numbers, texts, None where a value is unknown."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.assignment.final_domains import PassedOver
from domainflow.domains.evidence.alignment_scores import AlignmentBlock
from domainflow.domains.protein_evidence import ProteinEvidence
from domainflow.domains.results import DomainRow
from domainflow.domains.rows import Prediction
from domainflow.report.alternatives import SUPERPOSED, Alternative, alternatives_of, as_shown
from domainflow.report.doubt import doubt
from domainflow.report.packed_arrays import PROBABILITY_LEVELS, packed_coordinates, packed_matrix, packed_pae
from domainflow.report.words import note_in_words, reason
from domainflow.structures.b_factors import plddt_of
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import parse_range, runs
from domainflow.templates.store import TemplateStore

__all__ = ["Seen", "domain_values", "known", "number", "protein_alternatives", "protein_payload"]

NONE = "na"
PER_CENT = 100
WHY = {
    "coverage": "its share of the template and of the T-group's length is too small",
    "probability": "it fits in length, but its probability is below the limit",
}
"""Reasons of step 23 to pass over a candidate, in words."""


class Seen(NamedTuple):
    """All that the steps found on a protein.

    Attributes
    ----------
    protein : Protein
    evidence : ProteinEvidence
    rows : list of DomainRow
        Its domains.
    predictions : list of Prediction
    blocks : dict of hit name to AlignmentBlock
    choices : dict of domain to mapping
        What ASSIGN_DOMAINS wrote into ``BUCKET.choices.json``.
    """

    protein: Protein
    evidence: ProteinEvidence
    rows: Sequence[DomainRow]
    predictions: Sequence[Prediction]
    blocks: Mapping[str, AlignmentBlock]
    choices: Mapping[str, Any]


def known(text: str) -> str | None:
    """Return a cell of a table, or None for ``na``."""
    return None if text == NONE else text


def number(text: str) -> float | None:
    """Return the number in a cell of a table, or None for ``na``."""
    return None if text == NONE else float(text)


def domain_values(row: DomainRow) -> dict[str, Any]:
    """Return the values of a row of domains.tsv as the page names them."""
    probability, clarity = number(row.probability), known(row.clarity)
    return {
        "name": row.domain,
        "range": row.range,
        "segments": [list(pair) for pair in runs(np.sort(parse_range(row.range)))],
        "author_range": row.author_range,
        "length": int(row.length),
        "parts": row.parts,
        "label": row.label,
        "assignment": row.assignment,
        "clarity": clarity,
        "t_group": known(row.t_group),
        "t_group_name": known(row.t_group_name),
        "template": known(row.template),
        "template_id": known(row.template_id),
        "probability": probability,
        "hh_probability": number(row.hh_probability),
        "dali_z": number(row.dali_z),
        "template_coverage": number(row.template_coverage),
        "length_ratio": number(row.t_group_coverage),
        "helices": int(row.helices),
        "strands": int(row.strands),
        "plddt": number(row.plddt),
        "dpam_range": known(row.dpam_range),
        "evidence": known(row.evidence),
        "doubt": doubt(row.label, probability, clarity),
    }


def protein_alternatives(seen: Seen, store: TemplateStore) -> list[list[Alternative]]:
    """Return the alternatives of each of a protein's domains."""
    return [
        alternatives_of(
            seen.protein,
            parse_range(row.range),
            known(row.template),
            [one for one in seen.predictions if one.row.domain in row.parts.split(",")],
            seen.blocks,
            store,
        )
        for row in seen.rows
    ]


def protein_payload(
    seen: Seen,
    alternatives: Sequence[Sequence[Alternative]],
    store: TemplateStore,
    thresholds: Mapping[str, Sequence[float]],
    hh_suite: bool,
) -> dict[str, Any]:
    """Return the content of a protein's page, without its scripts.

    Parameters
    ----------
    seen : Seen
    alternatives : sequence of sequences of Alternative
        Of each domain, from `protein_alternatives`.
    store : TemplateStore
    thresholds : mapping
        DPAM's limits, as the page shows them.
    hh_suite : bool
        Whether HH-suite was run.
    """
    protein, evidence = seen.protein, seen.evidence
    length, plddt = len(protein), plddt_of(protein)
    counted = protein.author.labels == tuple(str(place) for place in range(1, length + 1))
    cells = evidence.same_domain / PER_CENT
    domains: list[dict[str, Any]] = []
    templates: dict[str, Any] = {}
    for row, found in zip(seen.rows, alternatives, strict=True):
        domain, used = _domain(row, found, seen, store, thresholds)
        if not hh_suite:
            domain["hh_probability"] = None
        domains.append(domain)
        templates |= used
    return {
        "id": protein.id,
        "length": length,
        "sequence": protein.sequence,
        "states": protein.states,
        "status": "ok" if domains else "no_domain",
        "notes": note_in_words("; ".join(protein.notes) or None),
        "author": None if counted else {"chain": protein.author.chain or None, "labels": list(protein.author.labels)},
        "plddt": None if plddt is None else np.rint(plddt).astype(int).tolist(),
        "disorder": evidence.disorder,
        "disorder_from": evidence.disorder_from,
        "depth": evidence.depth,
        "evidence": _evidence(evidence, store),
        "hh_suite": hh_suite,
        "model": packed_coordinates(protein.backbone),
        "pae": None if protein.pae is None else packed_pae(protein.pae),
        "same_domain": packed_matrix(cells, -(-length // len(cells)), PROBABILITY_LEVELS),
        "between": _between([parse_range(row.range) - 1 for row in seen.rows], protein.pae, cells, length),
        "domains": domains,
        "templates": templates,
    }


def _domain(
    row: DomainRow,
    alternatives: Sequence[Alternative],
    seen: Seen,
    store: TemplateStore,
    thresholds: Mapping[str, Sequence[float]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a domain's values, and the templates that are superposed on it."""
    runner_up, passed_over, source = seen.choices.get(row.domain) or (None, [], None)
    superposed = [one.prediction.row.uid for one in alternatives if one.fit is not None][:SUPERPOSED]
    shown = {*superposed, row.template}
    listed = [as_shown(one, one.prediction.row.uid in shown, store) for one in alternatives]
    names = {one["t_group"]: one["t_group_name"] for one in listed}
    domain = domain_values(row) | {
        "runner_up": runner_up
        and {"t_group": runner_up[0], "t_group_name": names.get(runner_up[0]), "probability": runner_up[1]},
        "passed_over": [_passed_over(PassedOver(*one), store) for one in passed_over],
        "source": source if "," in row.parts else None,
        "alternatives": listed,
    }
    domain["reason"] = reason(domain, thresholds)
    templates = {}
    for one in listed:
        if one["transform"] is not None:
            place = store.row(one["template"])
            templates[one["template"]] = packed_coordinates(store.backbone(place)) | {
                "sequence": store.sequences[place], "states": store.states[place],
            }  # fmt: skip
    return domain, templates


def _passed_over(one: PassedOver, store: TemplateStore) -> dict[str, Any]:
    place = store.row(one.uid)
    shares = f" ({one.template_coverage:.2f} and {one.t_group_coverage:.2f})" if one.why == "coverage" else ""
    return {
        "template_id": store.template_id(place), "t_group": one.t_group, "t_group_name": store.t_group_name(place),
        "probability": round(one.probability, 3), "why": WHY[one.why] + shares,
    }  # fmt: skip


def _evidence(evidence: ProteinEvidence, store: TemplateStore) -> list[dict[str, Any]]:
    """Return the best hits; one that is best in two domains is listed once."""
    listed: list[dict[str, Any]] = []
    for row in evidence.rows:
        place = store.row(row.uid)
        shown = {
            "source": row.source, "template": row.uid, "template_id": store.template_id(place),
            "t_group": store.t_group(place), "t_group_name": store.t_group_name(place), "value": row.value,
            "segments": row.segments,
        }  # fmt: skip
        if shown not in listed:
            listed.append(shown)
    return listed


def _between(
    domains: Sequence[NDArray[np.int64]], pae: NDArray[np.float64] | None, cells: NDArray[np.float64], length: int
) -> dict[str, Any]:
    """Return medians between domains: of PAE, and of the cells of the matrix of step 13."""
    cell = -(-length // len(cells))

    def medians(matrix: NDArray[np.float64], k: int, digits: int) -> list[list[float]]:
        places = [residues // k for residues in domains]
        return [[round(float(np.median(matrix[np.ix_(a, b)])), digits) for b in places] for a in places]

    return {"pae": None if pae is None else medians(pae, 1, 1), "same_domain": medians(cells, cell, 2)}
