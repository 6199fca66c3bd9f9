"""Derive the templates of a reference from domains: secondary structure, 3Di letters and folding units.

All three are derived from the coordinates as the store rounds them. A template copied to another store therefore has
the same values there.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence

from domainflow.alignment.folding_units.contacts import backbone_contacts
from domainflow.alignment.folding_units.division import folding_units
from domainflow.run.errors import StoreError
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
    processes: int = 1,
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
    processes : int
        The result does not depend on it.
    """
    global _load
    _load = load
    if processes == 1:
        yield from _collected(map(_load_and_derive, names), problems)
        return
    # Forked workers share the memory of `load` without a copy.
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from _collected(pool.imap(_load_and_derive, names, CHUNK), problems)


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


def _collected(
    results: Iterator[tuple[str, TemplateRow | str]], problems: list[tuple[str, str]]
) -> Iterator[TemplateRow]:
    for name, result in results:
        if isinstance(result, str):
            problems.append((name, result))
            continue
        problems.extend((name, note) for note in result.notes)
        yield result
