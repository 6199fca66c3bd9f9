"""Align each template of a reference with others of its homologous group, to compute position weights from them.

Every template draws partners: all other members of its group, or 20 at random if there are more. Random partners are
more informative than the most similar ones. A pair is aligned once and counts for both templates. The cost is therefore
at most 20 alignments per template (some 40 ms each), whatever the size of the groups. A template of a large group ends
up with some 40 homologues.
"""

import random
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.engine import Alignment, backbone_chain
from domainflow.alignment.native.engine import LEAST_Z, align
from domainflow.run.heartbeat import Heartbeat
from domainflow.structures.ranges import runs
from domainflow.templates.homologue_pairs import HomologuePair
from domainflow.templates.store import TemplateStore

__all__ = ["MOST_HOMOLOGUES", "align_homologues", "bucket_of", "homologue_pairs"]

MOST_HOMOLOGUES = 20
"""Partners that a template draws from its group. Scores hardly improve beyond 8, percentiles beyond 20."""
FEWEST_PAIRS = 20
"""Residue pairs an alignment must have to make a homologue; DPAM step 7 has the same limit for a hit."""
MIN_BLOCK = 4
UNKNOWN = "na"


def homologue_pairs(h_groups: Mapping[str, str], most: int = MOST_HOMOLOGUES) -> list[tuple[str, str]]:
    """Choose the pairs of templates to align.

    Parameters
    ----------
    h_groups : mapping of str to str
        Homologous group of each UID; ``na`` for a template without one.
    most : int
        Partners that a template draws from its group.

    Returns
    -------
    list of (str, str)
        UIDs, ascending, the lower one of a pair first. The partners of a template depend only on its UID and its group.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for uid in sorted(h_groups):
        if h_groups[uid] != UNKNOWN:
            members[h_groups[uid]].append(uid)
    pairs = set()
    for group in members.values():
        for place, uid in enumerate(group):
            wanted: Iterable[int] = range(len(group) - 1)
            if len(group) - 1 > most:
                wanted = random.Random(uid).sample(range(len(group) - 1), most)
            for number in wanted:
                # a template is not its own partner: numbers from its own place on move up by one
                other = group[number + (number >= place)]
                pairs.add((min(uid, other), max(uid, other)))
    return sorted(pairs)


def bucket_of(uid: str, buckets: int) -> int:
    """Return the bucket, from 0, of the pairs with this query."""
    return zlib.crc32(uid.encode()) % buckets


def align_homologues(store: TemplateStore, pairs: Sequence[tuple[str, str]], threads: int = 1) -> list[HomologuePair]:
    """Align pairs of templates.

    Parameters
    ----------
    store : TemplateStore
    pairs : sequence of (str, str)
        UIDs.
    threads : int
        Queries aligned at a time; the result does not depend on it.

    Returns
    -------
    list of HomologuePair
        Pairs with z >= 2 and at least 20 pairs of residues, sorted by query and template.
    """
    templates_of: dict[str, list[str]] = defaultdict(list)
    for query, template in sorted(pairs):
        templates_of[query].append(template)

    heartbeat = Heartbeat("ALIGN_HOMOLOGUES", len(templates_of))
    heartbeat.begin()

    def align_one(query: str) -> list[HomologuePair]:
        found = _align_query(store, query, templates_of[query])
        heartbeat.add()
        return found

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        aligned = [pair for found in pool.map(align_one, templates_of) for pair in found]
    heartbeat.end()
    return aligned


def _align_query(store: TemplateStore, query: str, templates: Sequence[str]) -> list[HomologuePair]:
    row = store.row(query)
    chain = backbone_chain(store.backbone(row), store.sequences[row])
    whole = np.arange(len(chain))
    units = store.nodes(row)
    jobs = [(store.row(template), whole) for template in templates]
    alignments = align(chain, store, jobs, 1, MIN_BLOCK, lambda _: units, LEAST_Z)
    return [
        HomologuePair(query, template, alignment.z, _bounds(alignment.query), _bounds(alignment.template))
        for template, alignment in zip(templates, alignments, strict=True)
        if alignment is not None and _counts(alignment)
    ]


def _counts(alignment: Alignment) -> bool:
    return len(alignment.query) >= FEWEST_PAIRS


def _bounds(residues: NDArray[np.integer]) -> list[int]:
    """Bounds of the runs of 0-based residues: first, last, first, last …, 1-based."""
    return [bound + 1 for run in runs(residues) for bound in run]
