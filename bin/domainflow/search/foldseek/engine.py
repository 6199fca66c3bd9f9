"""Search all proteins of a run with Foldseek in one process (DPAM step 3).

Starting Foldseek costs more than searching with one query, so that one search of all queries is some nine times cheaper
than one per query. Query files get short numbers as names, in the order of the proteins' ids.
"""

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from domainflow.run.errors import EngineError, StoreError
from domainflow.run.scratch import scratch_folder, scratch_place
from domainflow.search.engine import HIT_COLUMNS, BucketSearch, Found, SearchSettings
from domainflow.search.foldseek.database import build_database, database_prefix, names_in, uid_of
from domainflow.search.foldseek.program import QUIET, option_words, run_foldseek
from domainflow.structures.archive import model_bytes, protein_ids, read_models
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["foldseek_engine"]

NOT_SEARCHED = "Foldseek took no residue of it into its database, so that it was not searched"
QUERIES, HITS = "queries", "hits.tsv"
HITS_PER_EVALUE = 2
"""Hits of a query for each unit of the largest e-value: one is expected by chance, and relatives come on top."""
BYTES_PER_TEMPLATE = 20
"""A line of the prefilter."""
BYTES_PER_HIT = 250
"""A line of the alignments in Foldseek's result, and two of the table (one while it is written by several threads)."""


@contextmanager
def foldseek_engine(archives: Sequence[Path], store: TemplateStore, settings: SearchSettings) -> Iterator[BucketSearch]:
    """Search the proteins of all archives; yield a function that returns those of a bucket.

    Parameters
    ----------
    archives : sequence of Path
        ``BUCKET.proteins.zip`` of all buckets; only one model is in memory at a time.
    store : TemplateStore
        The database must hold templates of it only.
    settings : SearchSettings

    Raises
    ------
    StoreError
        If the database is incomplete, or holds a template that the store does not have.
    EngineError
        If Foldseek fails.
    """
    if settings.database is None:
        raise StoreError("Foldseek needs a database of the templates; give --foldseek_db its file prefix")
    prefix = database_prefix(settings.database)
    _check_templates(prefix, store)
    ids = sorted(protein for archive in archives for protein in protein_ids(archive))
    numbers = {protein: f"{place:0{len(str(len(ids)))}d}" for place, protein in enumerate(ids, start=1)}
    place = scratch_place(settings.scratch, Path.cwd())
    with scratch_folder(place, Path.cwd(), _needed_bytes(archives, len(ids), len(store), settings)) as scratch:
        folder, notes = scratch.folder, tuple(filter(None, (scratch.note,)))
        models = ((numbers[protein], text) for archive in archives for protein, text in read_models(archive))
        searched = set(build_database(models, folder / QUERIES, settings.threads)) if ids else set()
        if searched:
            _search(folder, prefix, settings)
        hits = _HitsFile(folder / HITS, set(numbers.values()), store) if searched else None

        def found(protein: Protein) -> Found:
            number = numbers[protein.id]
            table = _no_hits() if hits is None else hits.of(number, protein.id)
            return Found(table, notes if number in searched else (*notes, NOT_SEARCHED))

        yield lambda proteins: [found(protein) for protein in proteins]


def _needed_bytes(archives: Sequence[Path], queries: int, templates: int, settings: SearchSettings) -> int:
    """Estimate the space that a search takes: models, their database, results of the prefilter, and hits."""
    models = sum(model_bytes(archive) for archive in archives)
    hits = min(templates, HITS_PER_EVALUE * settings.evalue)
    return int(2 * models + queries * (templates * BYTES_PER_TEMPLATE + hits * BYTES_PER_HIT))


def _search(folder: Path, prefix: Path, settings: SearchSettings) -> None:
    """Write the hits of all queries to `HITS`."""
    threads = ("--threads", settings.threads, *QUIET)
    run_foldseek(folder, "search", QUERIES, prefix, "result", "tmp", *option_words(settings), *threads)
    columns = ("--format-output", ",".join(HIT_COLUMNS))
    run_foldseek(folder, "convertalis", QUERIES, prefix, "result", HITS, *columns, *threads)


def _check_templates(prefix: Path, store: TemplateStore) -> None:
    """Check that the store has every template of a database; say how many of the store's the database lacks."""
    names = names_in(prefix)
    known = {uid_of(name, store) for name in names}
    if None in known:
        unknown = [name for name in names if uid_of(name, store) is None]
        raise _foreign(unknown[0], f"and {len(unknown) - 1} others" if len(unknown) > 1 else "", prefix.name, store)
    lacking = len(store) - len(known)
    if lacking:
        print(f"The Foldseek database {prefix.name} lacks {lacking} of {len(store)} templates of {store.path.name}.")


def _foreign(name: str, others: str, database: str, store: TemplateStore) -> StoreError:
    return StoreError(
        f"the Foldseek database {database} holds {' '.join(filter(None, (name, others)))}, which {store.path.name} "
        "does not have; make it again with --workflow reference --from REFERENCE --foldseek"
    )


def _no_hits() -> pd.DataFrame:
    return pd.DataFrame(columns=list(HIT_COLUMNS)).astype(HIT_COLUMNS)


class _HitsFile:
    """Hits of all queries in Foldseek's file, read from it query by query.

    Parameters
    ----------
    path : Path
    queries : set of str
        Names of the queries.
    store : TemplateStore

    Raises
    ------
    EngineError, StoreError
        If a row names an unknown query or an unknown template.
    """

    def __init__(self, path: Path, queries: set[str], store: TemplateStore) -> None:
        self._path = path
        self._uids: dict[str, str] = {}
        self._spans: Mapping[str, list[tuple[int, int]]] = defaultdict(list)
        end = 0
        with path.open("rb") as lines:
            for line in lines:
                query, target, _ = (part.decode() for part in line.split(b"\t", 2))
                begin, end = end, end + len(line)
                if target not in self._uids:
                    self._uids[target] = self._uid(target, store)
                spans = self._spans[query]
                if spans and spans[-1][1] == begin:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((begin, end))
        unknown = sorted(self._spans.keys() - queries)
        if unknown:
            raise EngineError(f"foldseek convertalis lists hits of {unknown[0]}, which is not one of the queries")

    @staticmethod
    def _uid(target: str, store: TemplateStore) -> str:
        uid = uid_of(target, store)
        if uid is None:
            raise _foreign(target, "", "that was searched", store)
        return uid

    def of(self, query: str, protein: str) -> pd.DataFrame:
        """Return the hits of a query, in Foldseek's order, under the protein's id and the templates' UIDs."""
        spans = self._spans.get(query, [])
        if not spans:
            return _no_hits()
        with self._path.open("rb") as file:
            parts = []
            for begin, end in spans:
                file.seek(begin)
                parts.append(file.read(end - begin))
        types = HIT_COLUMNS | {"query": str, "target": str}
        table = pd.read_csv(
            io.BytesIO(b"".join(parts)), sep="\t", names=list(HIT_COLUMNS), dtype=types, keep_default_na=False
        )
        return table.assign(query=protein, target=[f"{self._uids[target]}.pdb" for target in table["target"]])
