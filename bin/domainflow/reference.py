"""Make the templates of a reference from domains: secondary structure, 3Di letters and folding units of each backbone.

The embedded reference, mini-ECOD, is cut from PDB chains of ProMod3's structure database; a table says which residues
of which chain form a template and which ECOD T-group it belongs to.
"""

import csv
import gzip
import io
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from domainflow.contacts import backbone_contacts
from domainflow.dssp import assign_states
from domainflow.errors import StoreError
from domainflow.folding_units import folding_units
from domainflow.io.promod3 import Promod3Database
from domainflow.io.store import TemplateRow
from domainflow.io.store_format import ReferenceDomain, check_template
from domainflow.ranges import parse_range
from domainflow.structure_letters import structure_letters

__all__ = ["build_templates", "cut_domain", "derived", "read_template_facts"]

FACTS_COLUMNS = ("uid", "id", "pdb", "chain", "segments", "ecod_t", "ecod_tname")
CHUNK = 8
"""Templates a worker takes at a time."""


def derived(domain: ReferenceDomain) -> TemplateRow:
    """A domain with its secondary structure, 3Di letters and folding units."""
    backbone = np.asarray(domain.backbone, np.float32)
    states = assign_states(backbone, domain.sequence)
    return TemplateRow(
        **vars(domain),
        states=states,
        letters=structure_letters(backbone, domain.cbeta),
        nodes=folding_units(backbone_contacts(backbone)),
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
        Gives the domain of a UID, or raises `StoreError` for one that cannot be used. Domains that do not fit into a
        store are left out like those.
    problems : list of (str, str)
        UIDs that are left out or incomplete are added, each with a sentence.
    processes : int
        The result does not depend on it.
    """
    global _load
    _load = load
    if processes == 1:
        yield from _collected(map(_load_and_derive, names), problems)
        return
    # Forked workers share what `load` holds in memory.
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from _collected(pool.imap(_load_and_derive, names, CHUNK), problems)


def read_template_facts(path: Path) -> dict[str, dict[str, str]]:
    """Rows of a table of template facts (plain or gzipped) by UID.

    Raises
    ------
    StoreError
        If the file cannot be read, lacks a column, has a cell too few or a UID twice.
    """
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()
    except (OSError, EOFError, UnicodeDecodeError):
        raise StoreError(f"{path.name} cannot be read; give a table of template facts") from None
    reader = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [column for column in FACTS_COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise StoreError(f"{path.name} lacks the columns {', '.join(missing)}; give a table of template facts")
    facts: dict[str, dict[str, str]] = {}
    for row in reader:
        if not all(row[column] for column in FACTS_COLUMNS):
            raise StoreError(f"line {reader.line_num} of {path.name} has an empty cell; fill it (na if unknown)")
        if row["uid"] in facts:
            raise StoreError(f"{path.name} has the UID {row['uid']} twice; every UID must be there once")
        facts[row["uid"]] = row
    return facts


def cut_domain(facts: Mapping[str, str], database: Promod3Database) -> ReferenceDomain:
    """A template cut from its chain, several segments joined in their order.

    Raises
    ------
    StoreError
        If the database lacks the chain or the chain some of the residues.
    """
    where = f"chain {facts['chain']} of {facts['pdb']}"
    try:
        chain = database.chain(facts["pdb"].upper(), facts["chain"])
    except KeyError:
        raise StoreError(f"the structure database lacks {where}; use the one the table was made for") from None
    try:
        residues = parse_range(facts["segments"]) - 1
    except ValueError as error:
        raise StoreError(f"{error}; correct the column segments") from None
    if not residues.size or residues.min() < 0 or residues.max() >= len(chain.sequence):
        raise StoreError(f"{where} has {len(chain.sequence)} residues, not all of {facts['segments']}")
    return ReferenceDomain(
        uid=facts["uid"],
        id=facts["id"],
        pdb=facts["pdb"].lower(),
        chain=facts["chain"],
        range=",".join(f"{facts['chain']}:{segment}" for segment in facts["segments"].split(",")),
        t_group=facts["ecod_t"],
        t_group_name=facts["ecod_tname"],
        h_group=".".join(facts["ecod_t"].split(".")[:2]),
        length=len(residues),
        sequence="".join(chain.sequence[residue] for residue in residues),
        backbone=chain.backbone[residues],
    )


_load: Callable[[str], ReferenceDomain]
"""What `build_templates` was given, where its workers find it."""


def _load_and_derive(name: str) -> tuple[str, TemplateRow | str]:
    """A UID's template, or the sentence that says why there is none."""
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
