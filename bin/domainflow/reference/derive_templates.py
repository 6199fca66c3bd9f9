"""Derive the templates of a reference from domains: secondary structure, 3Di letters and folding units.

All three are derived from the coordinates as the store rounds them. A template copied to another store therefore has
the same values there.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

from domainflow.alignment.folding_units.contacts import backbone_contacts
from domainflow.alignment.folding_units.division import folding_units
from domainflow.run.errors import StoreError
from domainflow.run.heartbeat import Heartbeat
from domainflow.run.isolation import Died, each_isolated
from domainflow.run.task import ONE_THREAD, Task
from domainflow.structures.dssp import assign_states
from domainflow.structures.structure_letters import structure_letters
from domainflow.templates.store import TemplateRow
from domainflow.templates.store_format import ReferenceDomain, check_domain, check_template, stored_backbone

__all__ = ["build_templates", "derived"]

CHUNK = 8
"""Templates that a worker process receives at a time."""


def derived(domain: ReferenceDomain) -> TemplateRow:
    """Return a domain with its secondary structure, 3Di letters and folding units."""
    check_domain(domain)
    backbone = stored_backbone(domain.backbone)
    states = assign_states(backbone, domain.sequence)
    return TemplateRow(
        **vars(domain),
        states=states,
        letters=structure_letters(backbone, None),
        nodes=folding_units(backbone_contacts(backbone, domain.sequence)),
    )


def build_templates(
    names: Sequence[str],
    load: Callable[[str], ReferenceDomain],
    problems: list[tuple[str, str]],
    task: Task = ONE_THREAD,
    heartbeat: Heartbeat | None = None,
) -> Iterator[TemplateRow]:
    """Load and derive templates one after the other.

    Parameters
    ----------
    names : sequence of str
        UIDs.
    load : callable
        Returns the domain of a UID, or raises `StoreError` for one that cannot be used. Domains that do not fit into a
        store are also left out.
    problems : list of (str, str)
        Receives the UIDs that are left out or incomplete, each with a sentence.
    task : Task
        It works in as many processes as it has threads. With `Task.isolate` a template that kills its process is left
        out. The others do not depend on the task.
    heartbeat : Heartbeat, optional
        Counts the templates.

    Raises
    ------
    MemoryError
        If a process died, most likely because memory ran out.
    """
    global _load
    _load = load
    if heartbeat is not None:
        heartbeat.begin()
    for name, result in _derived_all(names, task):
        if heartbeat is not None:
            heartbeat.add()
        if isinstance(result, str):
            problems.append((name, result))
            continue
        problems.extend((name, note) for note in result.notes)
        yield result


_load: Callable[[str], ReferenceDomain]
"""The function `load` of `build_templates`; forked workers inherit it."""


def _load_and_derive(name: str) -> tuple[str, TemplateRow | str]:
    """Return a UID's template, or a sentence with the reason why it was left out."""
    try:
        template = derived(_load(name))
        check_template(template)
        return name, template
    except StoreError as error:
        return name, f"left out: {error}"


class _Named(NamedTuple):
    """A template by its UID."""

    id: str


def _derived_all(names: Sequence[str], task: Task) -> Iterable[tuple[str, TemplateRow | str]]:
    """Yield each UID with its template, or with the reason why it was left out."""
    if task.isolate:
        for found in each_isolated(map(_Named, names), lambda named: _load_and_derive(named.id), task.memory_bytes):
            yield (found.id, f"left out: {found.cause}") if isinstance(found, Died) else found
    elif task.threads == 1:
        yield from map(_load_and_derive, names)
    else:
        # Forked workers share the memory of `load` without a copy.
        with ProcessPoolExecutor(task.threads, multiprocessing.get_context("fork")) as pool:
            try:
                yield from pool.map(_load_and_derive, names, chunksize=CHUNK)
            except BrokenProcessPool as error:
                raise MemoryError("a process that derives templates died") from error
