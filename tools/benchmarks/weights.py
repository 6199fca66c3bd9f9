"""`bench.py weights`: compare position weights with uniform ones, on hits of templates that are used as proteins.

The q-score is the share of a template's weight that an alignment covers. It should be high for templates of the query's
own homologous group and low for those of other X-groups. The query and its PDB entry are excluded from the statistics.
All other templates lose one homologue (`ReferenceStatistics.without`).
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from domainflow.alignment.engine import backbone_chain
from domainflow.alignment.native.engine import align
from domainflow.search.native.engine import search
from domainflow.structures.protein import Protein
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

__all__ = ["add_parser", "bench_weights"]

REFERENCE = Path(__file__).resolve().parents[2] / "assets" / "mini-ecod"
CANDIDATES = 64
"""Number of templates aligned with a query, the best ones."""
FEWEST_PAIRS = 20
Z_BINS = (2, 2.5, 3, 4, 5, 7, 10, np.inf)
RESAMPLINGS = 200
SCORES = "uniform", "weights"

Entries = dict[str, set[str]]
"""PDB entries in each homologous group."""


class Hit(NamedTuple):
    """A hit on a template with M homologues left; `positive` is true for the same homologous group, else false."""

    group: str
    positive: bool
    homologues: int
    z: float
    uniform: float
    weights: float


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py weights``."""
    parser = commands.add_parser("weights", help=bench_weights.__doc__)
    parser.add_argument("--reference", type=Path, default=REFERENCE / "templates.arrow")
    parser.add_argument("--statistics", type=Path, default=REFERENCE / "statistics.arrow")
    parser.add_argument("--queries", type=int, default=150, help="templates used as queries")
    parser.add_argument("--threads", type=int, default=2)
    parser.set_defaults(run=bench_weights)


def bench_weights(args: argparse.Namespace) -> int:
    """Measure how well q-scores separate homologues from other templates, by position weights and uniform weights."""
    store = TemplateStore.open(args.reference)
    statistics = ReferenceStatistics.open(args.statistics, store)
    entries = _entries(store)
    queries = _queries(store, entries, args.queries)
    hits = [hit for row in queries for hit in _hits(store, statistics, entries, row, args.threads)]
    kinds: dict[str, Callable[[Hit], bool]] = {
        "M >= 1": lambda hit: hit.homologues >= 1,
        "M = 1": lambda hit: hit.homologues == 1,
        "M = 2-3": lambda hit: 2 <= hit.homologues <= 3,
        "M >= 4": lambda hit: hit.homologues >= 4,
    }
    positive = sum(hit.positive for hit in hits)
    print(f"{len(queries)} queries: {positive} hits of the same H-group, {len(hits) - positive} of other X-groups\n")
    print(f"{'':<10}{'same H':>8}{'other X':>9}{'AUC of q-score':>28}{'AUC inside bins of z':>28}")
    print(f"{'':<10}{'':>8}{'':>9}" + "".join(f"{name:>14}" for name in SCORES * 2))
    figures = {}
    for name, kind in kinds.items():
        chosen = [hit for hit in hits if kind(hit)]
        figures[name] = _figures(chosen)
        count = sum(hit.positive for hit in chosen)
        values = "".join(f"{value:>14.3f}" for value in figures[name].values())
        print(f"{name:<10}{count:>8}{len(chosen) - count:>9}{values}")
    whole = figures["M >= 1"]
    gains = {"auc": whole["weights"] - whole["uniform"], "in_bins": whole["weights, bins"] - whole["uniform, bins"]}
    ranges = _gain_ranges([hit for hit in hits if hit.homologues])
    print()
    for (name, gain), (low, high) in zip(gains.items(), ranges, strict=True):
        print(f"gain, {name}: {gain:+.3f} (95 % of resamplings of the queries' H-groups: {low:+.3f} to {high:+.3f})")
    passed = all(gain > 0 for gain in gains.values())
    result = {
        "benchmark": "weights",
        "queries": len(queries),
        "hits": len(hits),
        "auc": {name: {key: round(value, 4) for key, value in row.items()} for name, row in figures.items()},
        "gain": {name: round(gain, 4) for name, gain in gains.items()},
        "passed": passed,
    }
    print(json.dumps(result).replace("NaN", "null"))
    return 0 if passed else 1


def _entries(store: TemplateStore) -> Entries:
    entries: Entries = defaultdict(set)
    for row in range(len(store)):
        entries[store.h_group(row)].add(store.pdb(row))
    return entries


def _queries(store: TemplateStore, entries: Entries, count: int) -> list[int]:
    """Draw templates that have a homologue of another PDB entry, from the H-groups in turn."""
    draw = random.Random("queries")
    members: dict[str, list[int]] = defaultdict(list)
    for row in range(len(store)):
        if len(entries[store.h_group(row)]) > 1:
            members[store.h_group(row)].append(row)
    groups = sorted(members)
    draw.shuffle(groups)
    for rows in members.values():
        draw.shuffle(rows)
    rounds = max(map(len, members.values()), default=0)
    return [members[group][turn] for turn in range(rounds) for group in groups if turn < len(members[group])][:count]


def _hits(
    store: TemplateStore, statistics: ReferenceStatistics, entries: Entries, row: int, threads: int
) -> Iterator[Hit]:
    """Yield the query's hits on templates that have a homologue in another PDB entry."""
    query = store.uids[row]
    same_entry = {uid for other, uid in enumerate(store.uids) if store.pdb(other) == store.pdb(row)}
    targets = [name.removesuffix(".pdb") for name in search([_protein(store, row)], store, 1)[0]["target"]]
    uids = [uid for uid in dict.fromkeys(targets) if uid not in same_entry][:CANDIDATES]
    chain = backbone_chain(store.backbone(row), store.sequences[row])
    jobs = [(store.row(uid), np.arange(len(chain))) for uid in uids]
    for uid, alignment in zip(uids, align(chain, store, jobs, threads), strict=True):
        other = store.row(uid)
        positive = store.h_group(other) == store.h_group(row)
        if alignment is None or len(alignment.query) < FEWEST_PAIRS or len(entries[store.h_group(other)]) < 2:
            continue
        if not positive and _x_group(store, other) == _x_group(store, row):
            continue
        weights, family = statistics.without(uid, same_entry, query)
        covered = len(alignment.template) / int(store.lengths[other])
        score = covered if weights is None else float(weights[alignment.template].sum() / weights.sum())
        members = 0 if family is None else len(family[0])
        yield Hit(store.h_group(row), positive, members, alignment.z, covered, score)


def _x_group(store: TemplateStore, row: int) -> str:
    return store.h_group(row).partition(".")[0]


def _protein(store: TemplateStore, row: int) -> Protein:
    """Return a template as a query of the search."""
    chain = backbone_chain(store.backbone(row), store.sequences[row])
    length = len(chain)
    return Protein(
        id=store.uids[row], sequence=store.sequences[row], backbone=chain.backbone,
        cbeta=np.full((length, 3), np.nan, np.float32), atoms=chain.atoms, atom_residue=chain.atom_residue,
        states=store.states[row], elements=np.zeros(length, np.int32), pae=None, notes=(), pdb="",
    )  # fmt: skip


def _figures(hits: Sequence[Hit]) -> dict[str, float]:
    """Compute the AUC of both scores, over all hits and inside bins of z."""
    positive = np.array([hit.positive for hit in hits], np.bool_)
    bins = np.digitize([hit.z for hit in hits], Z_BINS)
    scores = {name: np.array([getattr(hit, name) for hit in hits]) for name in SCORES}
    whole = {name: _auc(positive, values, np.zeros(len(hits))) for name, values in scores.items()}
    return whole | {f"{name}, bins": _auc(positive, values, bins) for name, values in scores.items()}


def _auc(positive: NDArray[np.bool_], scores: NDArray[np.float64], bins: NDArray[np.integer]) -> float:
    """Compute the share of pairs (positive, negative) in the same bin in which the positive has the higher score."""
    right, pairs = 0.0, 0
    for number in np.unique(bins):
        chosen = bins == number
        ranks, labels = rankdata(scores[chosen]), positive[chosen]
        count = int(labels.sum())
        right += ranks[labels].sum() - count * (count + 1) / 2
        pairs += count * (len(labels) - count)
    return right / pairs if pairs else float("nan")


def _gain_ranges(hits: Sequence[Hit]) -> list[tuple[float, float]]:
    """Compute 95 % intervals of the gains in AUC, over all hits and in bins, by resampling the queries' H-groups."""
    by_group: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_group[hit.group].append(hit)
    groups = sorted(by_group)
    draw = random.Random("resamplings")
    gains = []
    for _ in range(RESAMPLINGS):
        figures = _figures([hit for group in draw.choices(groups, k=len(groups)) for hit in by_group[group]])
        gains.append([figures[f"weights{end}"] - figures[f"uniform{end}"] for end in ("", ", bins")])
    low, high = np.quantile(gains, [0.025, 0.975], axis=0).tolist()
    return list(zip(low, high, strict=True))
