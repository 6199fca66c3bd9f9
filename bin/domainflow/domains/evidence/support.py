"""Choose the HH-suite hits that are evidence, and rate their support of structure hits (DPAM step 9).

A sequence hit is evidence if it covers 40 % of its template and has a probability of 50 %. In addition, better hits of
this template must leave half of its residues uncovered. HH-suite hits support a structure hit of the same homologous
group. The support is their best probability, and the share of a template that such hits cover inside the structure
hit's region (Zhang et al., *Protein Science* 2023, 32:e4548).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from domainflow.domains.evidence.alignment_scores import TemplateFacts
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import SequenceHit, StructureHit, TemplateMapping
from domainflow.structures.ranges import runs

__all__ = ["sequence_support", "structure_support"]

PROBABILITY_TIE = 0.1
"""Largest difference, in percent, from the best probability at which a hit counts as equally good."""


def sequence_support(
    mappings: Sequence[TemplateMapping], facts: Mapping[str, TemplateFacts], parameters: DpamParameters
) -> list[SequenceHit]:
    """Return the HH-suite hits that are evidence, template by template in order of first appearance.

    Parameters
    ----------
    mappings : sequence of TemplateMapping
        Step 5's rows; rows whose template is not in `facts` are dropped.
    facts : mapping of UID to TemplateFacts
    parameters : DpamParameters
        In the v1 layout hits are named ``<uid>_<k>``, in others as in step 5.
    """
    by_template: dict[str, list[TemplateMapping]] = {}
    for mapping in mappings:
        if mapping.uid in facts:
            by_template.setdefault(mapping.uid, []).append(mapping)
    kept = []
    for uid, rows in by_template.items():
        covered: set[int] = set()
        number = 0
        for row in sorted(rows, key=lambda row: -float(row.report.probability)):
            residues = set(row.query.tolist())
            coverage = round(len(residues) / facts[uid].length, 2)
            probability = float(row.report.probability)
            if coverage < parameters.support_coverage or probability < parameters.support_probability:
                continue
            if len(residues - covered) < parameters.support_new_residues * len(residues):
                continue
            covered |= residues
            number += 1
            name = f"{uid}_{number}" if parameters.layout == "v1" else row.hit_name
            kept.append(
                SequenceHit(
                    name, uid, facts[uid].template_id, facts[uid].h_group, probability, coverage, facts[uid].length,
                    row.query, row.template,
                )
            )  # fmt: skip
    return kept


def structure_support(
    hits: Sequence[StructureHit],
    mappings: Sequence[TemplateMapping],
    facts: Mapping[str, TemplateFacts],
    parameters: DpamParameters,
) -> list[StructureHit]:
    """Return the structure hits with `best_probability` (percent) and `best_coverage` filled in."""
    by_group: dict[str, list[TemplateMapping]] = {}
    for mapping in mappings:
        if mapping.uid in facts:
            by_group.setdefault(facts[mapping.uid].h_group, []).append(mapping)
    supported = []
    for hit in hits:
        relatives = by_group.get(hit.h_group, [])
        if not relatives:
            supported.append(hit)
            continue
        region = np.concatenate([np.arange(a, b + 1) for a, b in runs(hit.query, parameters.segment_gap)])
        best = max(float(row.report.probability) for row in relatives)
        coverages = [
            len(np.unique(row.template[np.isin(row.query, region)])) / facts[row.uid].length
            for row in relatives
            if float(row.report.probability) >= best - PROBABILITY_TIE
        ]
        # v2 writes an integer 0 where all probabilities are 0.00
        supported.append(hit._replace(best_probability=best or 0, best_coverage=round(max(coverages), 2)))
    return supported
