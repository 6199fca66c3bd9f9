"""Write the section of docs/results.md that sets other programs beside domainflow, on the same proteins.

One scorer judges all: each known domain against its best found partner, as everywhere on the page.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.bars import mean
from domainflow.structures.ranges import parse_range
from evaluation.agreement import best_partners
from evaluation.compare import GOOD_JACCARD, Results
from evaluation.known import Known
from evaluation.peers.programs import PEERS, Peer
from evaluation.peers.table import Answer
from evaluation.two_runs import cpu_seconds

__all__ = ["OWN_NAME", "Judged", "judge", "peers_section", "read_training"]

OWN_NAME = "domainflow"
TRAINING = Path(__file__).resolve().parent / "training_chains.tsv"
NOT_IN_TRAINING = ("no", "test")
"""Parts of proteins without influence on a program's training. The others are train, validation and entry. The last
means that another chain of the same PDB entry is in train."""

Found = Mapping[str, Sequence[str]]
"""Ranges of a program's domains, by protein."""


class Judged(NamedTuple):
    """A known domain: Jaccard index of its best partner, and whether its T-group has a template that may be used."""

    protein: str
    jaccard: float
    possible: bool


def judge(proteins: Sequence[str], found: Found, known: Mapping[str, Known], results: Results) -> list[Judged]:
    """Judge a program's domains of some proteins.

    Parameters
    ----------
    proteins : sequence of str
    found : mapping of protein to ranges
        A protein without an answer has no domain.
    known : mapping of protein to Known
    results : Results
        Says which T-groups have a template.
    """
    judged = []
    for protein in proteins:
        domains = [parse_range(text) for text in found.get(protein, ())]
        groups = results.t_groups(protein)
        wanted = [parse_range(text) for text in known[protein].ranges]
        for partner, group in zip(best_partners(wanted, domains), known[protein].t_groups, strict=True):
            judged.append(Judged(protein, partner.jaccard, group in groups))
    return judged


def read_training() -> dict[tuple[str, str], str]:
    """Read the part that test proteins had in the training of other programs, by program and protein."""
    with TRAINING.open(newline="") as stream:
        lines = [line for line in stream if not line.startswith("#")]
    return {(row["peer"], row["protein"]): row["set"] for row in csv.DictReader(lines, delimiter="\t")}


def peers_section(
    answers: Sequence[Answer], chains: Results, models: Results, known: Mapping[str, Known], own_version: str
) -> list[str]:
    """Write the section.

    Parameters
    ----------
    answers : sequence of Answer
    chains, models : Results
        Results of domainflow's two runs.
    known : mapping of protein to Known
    own_version : str
    """
    tables = {name: _table(answers, results, known) for name, results in (("chains", chains), ("models", models))}
    shown = [peer for peer in PEERS.values() if any(peer.name in table.found for table in tables.values())]
    versions = {answer.peer: answer.version for answer in answers}
    failures = [answer for answer in answers if answer.reason and answer.protein in known]
    lines = [
        "## Peers beside",
        "",
        "Other programs that a user can install, on the same files, with one scorer (`tools/evaluate.py peers`). They "
        "give domains without a classification; domainflow classifies, too. A protein on which a program failed "
        "counts as one without domains. CPU seconds are of one thread. Merizo and Chainsaw took up to 25 "
        "proteins in one process, the others one. domainflow's are those of all tasks of its run.",
        "",
        "The networks learned CATH's domains and are judged by ECOD's. CATH cuts some domains that ECOD keeps whole, "
        "protein kinases for one, which costs them some of their score. On chains of their training they know the "
        "answer.",
        "",
        "| program | version | works with | trained on | these chains in its training |",
        "|---|---|---|---|---|",
        f"| {OWN_NAME} | {own_version} | templates, PAE, coordinates | templates and whole chains of mini-ECOD "
        "(its network), pairs of residues of other chains (evidence from coordinates) | [domass.md](domass.md), "
        "[structure-evidence.md](structure-evidence.md) |",
        *(
            f"| {peer.name} | {_version(peer, versions[peer.name])} | {peer.kind} | {peer.trained_on} | "
            f"{_part_in_training(peer.name, tables['chains'])} |"
            for peer in shown
        ),
        "",
        "PDB chains against ECOD's boundaries. The columns on T-groups have mean Jaccard and share of 0.8 or more, of "
        "the domains whose T-group has a template for domainflow, and of the others:",
        "",
        *_scores(tables["chains"], chains, known, by_template=True),
        "",
        *_unseen(tables["chains"], chains, known),
    ]
    if tables["models"].proteins:
        lines += [
            "Models against published DPAM answers. These favour domainflow, which follows DPAM. AFragmenter and SPAED "
            "read PAE alone, Merizo and Chainsaw coordinates alone:",
            "",
            *_scores(tables["models"], models, known, by_template=False),
            "",
        ]
    if failures:
        lines += ["| program | protein | reason of its failure |", "|---|---|---|"]
        lines += [f"| {answer.peer} | {answer.protein} | {answer.reason} |" for answer in failures]
        lines += [""]
    return lines


class _Table(NamedTuple):
    """Domains and CPU seconds of one set of proteins, by program; `asked` has the proteins a program was run on."""

    proteins: list[str]
    found: dict[str, Found]
    asked: dict[str, list[str]]
    seconds: dict[str, float]


def _table(answers: Sequence[Answer], results: Results, known: Mapping[str, Known]) -> _Table:
    proteins = [protein for protein in results.ledger["protein"] if protein in known]
    own = {protein: list(rows["range"]) for protein, rows in results.domains.groupby("protein")}
    cost = sum(cpu_seconds(results.folder / "pipeline_info" / "execution_trace.txt").values())
    found: dict[str, Found] = {OWN_NAME: own}
    asked = {OWN_NAME: proteins}
    seconds = {OWN_NAME: cost / len(results.ledger)}
    for peer in PEERS.values():
        rows = {answer.protein: answer for answer in answers if answer.peer == peer.name}
        if any(protein in rows for protein in proteins):
            found[peer.name] = {protein: answer.domains for protein, answer in rows.items()}
            asked[peer.name] = [protein for protein in proteins if protein in rows]
            costs = [rows[protein].cpu_seconds for protein in asked[peer.name]]
            seconds[peer.name] = mean(cost for cost in costs if cost is not None)
    return _Table(proteins, found, asked, seconds)


def _scores(table: _Table, results: Results, known: Mapping[str, Known], by_template: bool) -> list[str]:
    """Write a row of scores for each program, on the proteins that it was run on; if not on all, domainflow's below."""
    more = (" T-group has a template | has none |", "---|---|") if by_template else ("", "")
    lines = [
        f"| program | proteins | mean Jaccard | Jaccard ≥ 0.8 | right number |{more[0]} CPU s a protein |",
        f"|---|---|---|---|---|{more[1]}---|",
    ]
    for name, asked in table.asked.items():
        rows = [(name, name)]
        if len(asked) < len(table.proteins):
            rows.append((f"{OWN_NAME}, the same", OWN_NAME))
        for shown, program in rows:
            found = table.found[program]
            judged = judge(asked, found, known, results)
            cells = [shown, str(len(asked)), *_figures(asked, judged, found, known)]
            if by_template:
                for possible in (True, False):
                    some = [row.jaccard for row in judged if row.possible == possible]
                    cells.append(f"{np.mean(some):.3f}, {_share(some)} of {len(some)}" if some else "–")
            seconds = table.seconds[program]
            cells.append("–" if shown != program or np.isnan(seconds) else f"{seconds:.1f}")
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def _unseen(table: _Table, results: Results, known: Mapping[str, Known]) -> list[str]:
    """Write the table of chains that a program was not trained on, domainflow's score on the same beside it."""
    training = read_training()
    lines = []
    for name in table.found:
        parts = {protein: training.get((name, protein), "no") for protein in table.asked[name]}
        seen = [protein for protein, part in parts.items() if part not in NOT_IN_TRAINING]
        unseen = [protein for protein in parts if protein not in seen]
        if seen and unseen:
            for program in (name, OWN_NAME):
                found = table.found[program]
                figures = _figures(unseen, judge(unseen, found, known, results), found, known)
                lines.append(f"| {len(unseen)} that {name} was not trained on | {' | '.join([program, *figures])} |")
    if not lines:
        return []
    return [
        "The same for the chains that took no part in a program's training, and have no other chain of their PDB entry "
        "in it. Their relatives may be in it.",
        "",
        "| chains | program | mean Jaccard | Jaccard ≥ 0.8 | right number |",
        "|---|---|---|---|---|",
        *lines,
        "",
    ]


def _version(peer: Peer, number: str) -> str:
    """Return a version, with the package's name where that is not the program's."""
    return number if peer.package in ("", peer.name.lower()) else f"{peer.package} {number}"


def _part_in_training(name: str, table: _Table) -> str:
    """Say how many of the chains that a program was run on took part in its training."""
    training = read_training()
    counts = Counter(training.get((name, protein), "no") for protein in table.asked.get(name, ()))
    used, entries = counts["train"] + counts["validation"], counts["entry"]
    if not used + entries:
        return "none"
    return f"{used} of {counts.total()}, and {entries} by another chain of their PDB entry"


def _figures(
    proteins: Sequence[str], judged: Sequence[Judged], found: Found, known: Mapping[str, Known]
) -> tuple[str, str, str]:
    """Return mean Jaccard, share of good domains, and proteins with the right number of domains."""
    jaccards = [row.jaccard for row in judged]
    right = sum(len(found.get(protein, ())) == len(known[protein].ranges) for protein in proteins)
    return f"{np.mean(jaccards):.3f}", _share(jaccards), f"{right}/{len(proteins)}"


def _share(jaccards: Sequence[float]) -> str:
    return f"{np.mean(np.array(jaccards) >= GOOD_JACCARD):.1%}"
