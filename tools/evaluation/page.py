"""Write the page of results: totals, the losses of each step, and every protein."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.bars import Bar, mean
from domainflow.domains.domass.network import INPUTS, Network, score_domains
from domainflow.domains.domass.training.evaluation import average_precision, calibration, calibration_error, roc_auc
from domainflow.domains.domass.training.labels import KnownDomain, label_rows
from domainflow.structures.ranges import parse_range
from domainflow.templates.classification import h_group_of
from evaluation.compare import GOOD_JACCARD, Comparison, Results, compare
from evaluation.ends import table_of_ends
from evaluation.known import UNKNOWN, Known
from evaluation.peers.section import peers_section
from evaluation.peers.table import Answer
from evaluation.single_chains import ChainsLeftWhole, table_of_single_chains

__all__ = ["BARS", "Runs", "figures_with_bars", "page", "read_notes"]

BARS = (
    Bar("H-group right, good_domain", 0.95),
    Bar("T-group right, good_domain", 0.92),
    Bar("mean Jaccard, all known domains", 0.90),
)
"""Least values on the chains; `tools/evaluate.py page` prints them beside what a run reaches."""

LABELS = ("good_domain", "partial_domain", "low_confidence", "simple_topology", "none")


CONFIDENT = 0.85
"""Least probability of a `good_domain` (DPAM step 24)."""


class Runs(NamedTuple):
    """Runs and answers of other programs that the page is made from; all but the first two may be missing."""

    models: Results
    chains: Results
    without_pae: Results | None = None
    single: ChainsLeftWhole | None = None
    peers: Sequence[Answer] = ()


def page(runs: Runs, known: dict[str, Known], weights: Network, record: dict, notes: dict[str, str]) -> str:
    """Write the page as Markdown.

    Parameters
    ----------
    runs : Runs
    known : mapping of protein to Known
    weights : Network
        The runs' network.
    record : mapping
        ``provenance.json`` of the chains' run.
    notes : mapping of protein to text
        A sentence on the difference, for the tables of single proteins; under ``""`` a text for the whole page.
    """
    models, chains = runs.models, runs.chains
    v2, v1 = (of_source(compared(models, known), known, source) for source in ("DPAM v2", "DPAM v1"))
    of_chains = compared(chains, known)
    lines = [
        "# Results on proteins with known domains",
        "",
        "`tools/evaluate.py` made this page from runs of `main.nf`. Its first lines explain how to repeat them.",
        "",
        settings(record),
        "",
        "Jaccard: residues shared by a known domain and its best found partner, divided by residues in either. In the "
        "chains' run, templates from the chain's own PDB entry and those more than 70 % identical to it were excluded "
        "(`--leave_out related`). Chains have no PAE; the published method has no such mode.",
        "",
        "## Domains",
        "",
        "| set | proteins | known domains | found | same number | mean Jaccard | Jaccard ≥ 0.8 |",
        "|---|---|---|---|---|---|---|",
        totals("models, published DPAM v2 answers", v2, models),
        *without_pae(runs.without_pae, known, "DPAM v2"),
        totals("models with published DPAM v1 answers only", v1, models),
        *without_pae(runs.without_pae, known, "DPAM v1"),
        totals("PDB chains, ECOD boundaries", of_chains, chains),
        totals("… domains whose T-group has another template", of_chains, chains, possible=True),
        totals("… domains whose T-group has none", of_chains, chains, possible=False),
        "",
        "Chains have no PAE, so their coordinates are evidence ([structure-evidence.md](structure-evidence.md)). Its "
        "weights and rules were chosen on other chains. Known ends, without those within three residues of the "
        "chain's:",
        "",
        *table_of_ends(chains, known),
        "",
        "Known domains of the chains without a partner of Jaccard 0.8, by cause:",
        "",
        *counts(row.boundary_loss for row in flat(of_chains)),
        "",
        *(table_of_single_chains(runs.single) if runs.single else []),
        *(peers_section(runs.peers, chains, models, known, record["versions"]["domainflow"]) if runs.peers else []),
        "## Groups",
        "",
        "Known domains whose T-group has a template that was not excluded, by the label of the best found partner. "
        "`none`: nothing was found there.",
        "",
        "| set | label | domains | H-group right | T-group right |",
        "|---|---|---|---|---|",
        *groups("chains", flat(of_chains)),
        *groups("models, v2", flat(v2)),
        "",
        "Domains of the chains whose T-group has a template but was not assigned, by the first step that loses it:",
        "",
        *counts(row.group_loss for row in flat(of_chains)),
        "",
        "## The network on the chains",
        "",
        "Rows of step 16 for the chains' domains, scored without the excluded templates. *Right*: domain and template "
        "are of the same homologous group. *Wrong*: they are of different X-groups. [domass.md](domass.md) has the "
        "same for X-groups that training never saw.",
        "",
        *network(chains, known, weights),
        "",
        notes.get("", "").strip(),
        "",
        "## Models against the published DPAM v2 answers",
        "",
        *singles(v2, known, models, notes),
        "",
        "## Models with a published v1 answer only (here run with the v2 parameters)",
        "",
        *singles(v1, known, models, notes),
        "",
        "## Models without a published answer",
        "",
        "| protein | found | ledger |",
        "|---|---|---|",
        *unlabelled(models, known),
        "",
        "## PDB chains against ECOD's boundaries",
        "",
        *singles(of_chains, known, chains, notes),
    ]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def compared(results: Results, known: dict[str, Known]) -> dict[str, list[Comparison]]:
    """Compare all proteins of a run that have known domains."""
    proteins = [protein for protein in results.ledger["protein"] if protein in known]
    return {protein: list(compare(protein, known[protein], results)) for protein in proteins}


def of_source(
    of_proteins: dict[str, list[Comparison]], known: dict[str, Known], source: str
) -> dict[str, list[Comparison]]:
    """Return the comparisons with known domains of one source."""
    return {protein: rows for protein, rows in of_proteins.items() if known[protein].source == source}


def without_pae(results: Results | None, known: dict[str, Known], source: str) -> list[str]:
    """Write the row of the table of domains for the same models without their PAE, if they were run."""
    if results is None:
        return []
    return [totals("… the same without their PAE", of_source(compared(results, known), known, source), results)]


def flat(of_proteins: dict[str, list[Comparison]]) -> list[Comparison]:
    """Return the comparisons of all proteins in one list."""
    return [row for rows in of_proteins.values() for row in rows]


def settings(record: dict) -> str:
    """Return the sentence that names what the run was made with."""
    parameters = record["parameters"]
    files = ", ".join(f"{name} ({checksum[:12]}…)" for name, checksum in sorted(record["files"].items()))
    hhsuite = "with" if parameters.get("hh_database") else "without"
    return (
        f"Parameters {parameters['parameters']}, search engine {parameters['search_engine']}, alignment engine "
        f"{parameters['alignment_engine']} (min_block {parameters['min_block']}), {hhsuite} HH-suite, domainflow "
        f"{record['versions']['domainflow']}, {files}."
    )


def totals(name: str, of_proteins: dict[str, list[Comparison]], results: Results, possible: bool | None = None) -> str:
    """Write one row of the table of domains: of all, or of those whose T-group has a template or has none."""
    rows = [row for row in flat(of_proteins) if possible is None or row.possible == possible]
    jaccards = np.array([row.jaccard for row in rows])
    found = {protein: int((results.domains["protein"] == protein).sum()) for protein in of_proteins}
    same = sum(found[protein] == len(known) for protein, known in of_proteins.items())
    counted = "– | –" if possible is not None else f"{sum(found.values())} | {same}/{len(of_proteins)}"
    values = f"{jaccards.mean():.3f} | {np.mean(jaccards >= GOOD_JACCARD):.1%}" if len(rows) else "– | –"
    proteins = len({row.protein for row in rows})
    return f"| {name} | {proteins} | {len(rows)} | {counted} | {values} |"


def groups(name: str, rows: Sequence[Comparison]) -> list[str]:
    """Write the rows of the table of groups."""
    possible = [row for row in rows if row.possible and row.known_group != UNKNOWN]
    lines = []
    for label in (*LABELS, "all"):
        of_label = [row for row in possible if label in (row.label, "all")]
        if of_label:
            right_h, right_t = sum(row.right_h for row in of_label), sum(row.right_t for row in of_label)
            n = len(of_label)
            lines.append(f"| {name} | {label} | {n} | {right_h} ({right_h / n:.1%}) | {right_t} ({right_t / n:.1%}) |")
    return lines


def counts(causes: Iterable[str]) -> list[str]:
    """Write a table of causes, the most frequent first."""
    rows = Counter(cause for cause in causes if cause).most_common()
    return ["| cause | domains |", "|---|---|", *(f"| {cause} | {number} |" for cause, number in rows)]


def figures_with_bars(chains: Results, known: dict[str, Known]) -> dict[str, float]:
    """Return the figures of the chains' run that have a bar, by name."""
    rows = flat(compared(chains, known))
    good = [row for row in rows if row.label == "good_domain" and row.possible]
    return {
        "H-group right, good_domain": mean(row.right_h for row in good),
        "T-group right, good_domain": mean(row.right_t for row in good),
        "mean Jaccard, all known domains": mean(row.jaccard for row in rows),
    }


def network(results: Results, known: dict[str, Known], weights: Network) -> list[str]:
    """Return the table of how well the network and single features separate right rows from wrong ones."""
    labels = {
        protein: [
            KnownDomain(frozenset(parse_range(text).tolist()), h_group_of(group), "")
            for text, group in zip(known[protein].ranges, known[protein].t_groups, strict=True)
        ]
        for protein in results.ledger["protein"]
        if protein in known
    }
    rows = label_rows(results.features(), labels)
    rows = rows.take(~rows.related)
    right = rows.right
    place = {name: number for number, name in enumerate(INPUTS)}
    scores = {
        "network": score_domains(weights, rows.features),
        "DALI z": rows.features[:, place["dali_z"]],
        "q score": rows.features[:, place["q_score"]],
        "−rank": -rows.features[:, place["dali_rank"]],
    }
    lines = [
        f"| score | AUC | average precision | ECE | rows ≥ {CONFIDENT} | right of these | of all right rows |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, score in scores.items():
        cells = ["", "", "", ""]
        if name == "network":
            high = score >= CONFIDENT
            error = calibration_error(calibration(right, score))
            cells = [f"{error:.3f}", str(int(high.sum())), f"{right[high].mean():.1%}", f"{high[right].mean():.1%}"]
        first = (f"{roc_auc(right, score):.3f}", f"{average_precision(right, score):.3f}")
        lines.append(f"| {' | '.join((name, *first, *cells))} |")
    return [f"{right.sum()} right and {(~right).sum()} wrong rows.", "", *lines]


def singles(
    of_proteins: dict[str, list[Comparison]], known: dict[str, Known], results: Results, notes: dict[str, str]
) -> list[str]:
    """Write a row per protein: known domains, found domains, and the note on it."""
    lines = ["| protein | known | found | mean Jaccard | T-group right | remark |", "|---|---|---|---|---|---|"]
    for protein, rows in of_proteins.items():
        scores = known[protein].scores or [""] * len(rows)
        wanted = "; ".join(
            row.range + ("" if row.known_group == UNKNOWN else f" ({row.known_group}{', ' * bool(score)}{score})")
            for row, score in zip(rows, scores, strict=True)
        )
        right = sum(row.right_t for row in rows)
        judged = "–" if rows[0].known_group == UNKNOWN else f"{right}/{len(rows)}"
        mean = f"{np.mean([row.jaccard for row in rows]):.2f}"
        cells = (protein, wanted, found_text(results, protein), mean, judged, notes.get(protein, ""))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def found_text(results: Results, protein: str) -> str:
    """Write a protein's domains: range, T-group, probability and label."""
    rows = results.domains[results.domains["protein"] == protein]
    texts = [f"{row.range} ({row.t_group}, {row.probability}, {row.label})" for row in rows.itertuples()]
    return "; ".join(texts) or "none"


def unlabelled(results: Results, known: dict[str, Known]) -> list[str]:
    """Write the rows of the proteins without known domains."""
    rows = results.ledger[~results.ledger["protein"].isin(list(known))]
    return [f"| {row.protein} | {found_text(results, row.protein)} | {row.status} |" for row in rows.itertuples()]


def read_notes(path: Path | None) -> dict[str, str]:
    """Read notes by protein, one line ``- PROTEIN: sentence`` each; text before the first such line is for the page."""
    notes: dict[str, list[str]] = {"": []}
    if path is None:
        return {}
    current = ""
    for line in path.read_text().splitlines():
        if line.startswith("- ") and ": " in line:
            current, _, sentence = line[2:].partition(": ")
            notes[current] = [sentence]
        else:
            notes[current].append(line.strip() if current else line)
    return {name: (" " if name else "\n").join(lines).strip() for name, lines in notes.items()}
