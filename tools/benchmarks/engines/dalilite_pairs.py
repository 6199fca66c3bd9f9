"""Prepare pairs of the recorded answers for DaliLite: what a task gets, and the templates' PDB files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.oracle import DaliPair, Oracle
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.dalilite.template_archive import SourceChain, write_archive
from domainflow.alignment.engine import Alignment
from domainflow.domains.tables import read_candidates, write_candidates
from domainflow.structures.archive import read_proteins, write_proteins
from domainflow.templates.store import TemplateStore

__all__ = ["Found", "Pairs", "agree", "as_recorded", "prepare_pairs", "spread"]

Found = dict[tuple[str, str], list[tuple[int, Alignment]]]
"""Alignments of pairs: round and alignment, by query and template's UID."""
DECIMALS = 1
"""Of z, as DaliLite prints it."""


@dataclass(frozen=True)
class Pairs:
    """Pairs to align, as files of a folder."""

    folder: Path

    @property
    def proteins(self) -> Path:
        """Structures of the queries."""
        return self.folder / "b.proteins.zip"

    @property
    def candidates(self) -> Path:
        """UIDs of the templates to align with each query."""
        return self.folder / "b.candidates.tsv"

    @property
    def store(self) -> Path:
        """Store of the templates."""
        return self.folder / "templates.arrow"

    @property
    def imported(self) -> Path:
        """The templates as DaliLite reads them."""
        return self.folder / "dali.arrow"

    @property
    def structures(self) -> Path:
        """Folder of the templates' PDB files, ``UID.pdb``."""
        return self.folder / "pdb"

    @property
    def count(self) -> int:
        """Number of pairs."""
        return sum(map(len, self.chosen().values()))

    def chosen(self) -> dict[str, list[str]]:
        """Return the templates of each query."""
        return read_candidates(self.candidates)

    def part(self, folder: Path, chosen: Mapping[str, Sequence[str]]) -> "Pairs":
        """Return other pairs of these queries and templates, in a new folder."""
        folder.mkdir()
        made = Pairs(folder)
        write_candidates(made.candidates, chosen)
        write_proteins(made.proteins, (protein for protein in read_proteins(self.proteins) if protein.id in chosen))
        for path in (self.store, self.imported, self.structures):
            (folder / path.name).symlink_to(path.resolve())
        return made


def spread(listed: Sequence[str], most: int) -> list[str]:
    """Return at most so many of a list, evenly spread over it."""
    count = min(most, len(listed))
    return [listed[place * len(listed) // count] for place in range(count)]


def prepare_pairs(
    oracle: Oracle, most: Mapping[str, int], folder: Path
) -> tuple[Pairs, dict[tuple[str, str], DaliPair]]:
    """Write pairs of the recorded answers and import their templates; return them, and the answers by query and UID.

    Parameters
    ----------
    oracle : Oracle
    most : mapping of str to int
        Queries, and the most templates of each, evenly spread over its recorded ones.
    folder : Path
        Made here.
    """
    recorded = {(pair.query, pair.template): pair for pair in oracle.pairs}
    if unknown := most.keys() - {query for query, _ in recorded}:
        raise SystemExit(f"not a query of the recorded answers: {', '.join(sorted(unknown))}")
    named = {query: spread([name for other, name in recorded if other == query], most[query]) for query in most}
    proteins, missing = oracle.queries(most)
    if missing:
        raise SystemExit(f"queries without a structure: {'; '.join(missing)}")
    folder.mkdir()
    pairs = Pairs(folder)
    uids = _write_templates(oracle, {name for names in named.values() for name in names}, pairs)
    write_proteins(pairs.proteins, (replace(proteins[query], id=query) for query in most))
    write_candidates(pairs.candidates, {query: [uids[name] for name in names] for query, names in named.items()})
    answers = {(query, uids[name]): recorded[query, name] for query, names in named.items() for name in names}
    return pairs, answers


def _write_templates(oracle: Oracle, names: set[str], pairs: Pairs) -> dict[str, str]:
    """Write the store of templates, their PDB files, and what DaliLite imports of these; return the UIDs by name."""
    uids, texts = oracle.write_templates(pairs.store, names), oracle.template_texts(names)
    if lacking := names - set(uids):
        raise SystemExit(f"templates without a structure: {', '.join(sorted(lacking))}")
    pairs.structures.mkdir()
    for name, uid in uids.items():
        (pairs.structures / f"{uid}.pdb").write_text(texts[name])
    store = TemplateStore.open(pairs.store)
    chains = (
        SourceChain(uid, texts[store.template_id(row)], int(store.lengths[row])) for row, uid in enumerate(store.uids)
    )
    with TemporaryDirectory() as scratch:
        write_archive(pairs.imported, chains, find_dalilite(), 1, Path(scratch))
    return uids


def agree(found: Found, other: Found) -> int:
    """Return the number of pairs with the same alignments in both: rounds, z and residue pairs."""
    return sum(_numbers(found[pair]) == _numbers(other[pair]) for pair in found)


def as_recorded(found: Found, answers: Mapping[tuple[str, str], DaliPair]) -> int:
    """Return the number of pairs with the recorded alignments: rounds, z and residue pairs."""
    recorded = {
        pair: [(hit.round, round(hit.z, DECIMALS), hit.pairs.tolist()) for hit in answers[pair].hits] for pair in found
    }
    return sum(_numbers(found[pair]) == recorded[pair] for pair in found)


def _numbers(alignments: Sequence[tuple[int, Alignment]]) -> list[tuple[int, float, list[list[int]]]]:
    return [
        (number, round(alignment.z, DECIMALS), np.stack([alignment.query, alignment.template]).tolist())
        for number, alignment in alignments
    ]
