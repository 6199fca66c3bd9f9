"""Make sequence profiles of queries and templates as HH-suite's text, from all that is known of their homologues.

A profile has one column per residue of the model. Columns of an alignment are therefore residue numbers (of a query) or
structure indices (of a template).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.sequences.a3m import AlignedRow, first_sequence, is_annotation, keep_columns, read_a3m
from domainflow.sequences.hhm import hhm_sequence, hhm_text, named_hhm, one_hot
from domainflow.sequences.hhsuite import QUERY, aligned_with_uniref, hhm_of_alignment
from domainflow.sequences.profile_files import Frequencies, ProfileText

__all__ = ["SequenceSearch", "query_profile", "template_profile"]

Given = Frequencies | ProfileText | None


@dataclass(frozen=True)
class SequenceSearch:
    """Settings of the search for homologues of a query.

    Attributes
    ----------
    uniref : Path or None
        Prefix of UniRef30. If None, a query without a given profile is searched as a single sequence.
    predict : bool
        Let addss.pl predict secondary structure from the homologues.
    threads : int
    """

    uniref: Path | None = None
    predict: bool = True
    threads: int = 1


def query_profile(sequence: str, given: Given, search: SequenceSearch, folder: Path) -> str:
    """Return the profile of a query (first half of DPAM step 2).

    Parameters
    ----------
    sequence : str
        L amino acids.
    given : Frequencies, ProfileText or None
        The user's profile; if there is one, nothing is searched.
    search : SequenceSearch
    folder : Path
        Working folder of the programs.

    Raises
    ------
    InputError
        If the given profile is of another sequence.
    """
    if isinstance(given, Frequencies):
        return hhm_text(QUERY, sequence, given.table)
    if given is not None and given.kind == "hhm":
        _check(hhm_sequence(given.text), sequence)
        return named_hhm(given.text, QUERY)
    if given is not None:
        rows = read_a3m(given.text)
        _check(first_sequence(rows), sequence)
        return hhm_of_alignment(rows, QUERY, folder)
    if search.uniref is not None:
        rows = aligned_with_uniref(sequence, search.uniref, search.predict, search.threads, folder)
    else:
        rows = [AlignedRow(QUERY, sequence)]
    return hhm_of_alignment(rows, QUERY, folder)


def template_profile(
    uid: str,
    sequence: str,
    states: str,
    whole: int,
    present: NDArray[np.integer] | None,
    given: Given,
    folder: Path,
) -> str:
    """Return the profile of a template.

    Parameters
    ----------
    uid : str
        Name of the template in reports.
    sequence, states : str
        Amino acids and secondary structure of the L residues with coordinates.
    whole : int
        Length of the whole sequence.
    present : ndarray, shape=(L,), or None
        1-based positions of the residues in the whole sequence. Frequencies or an alignment of the whole sequence are
        reduced to these columns.
    given : Frequencies, ProfileText or None
        If None, the profile is made of the template's sequence alone.
    folder : Path
        Working folder of the programs.

    Raises
    ------
    InputError
        If the given profile is not of this template.
    """
    length = len(sequence)
    if given is None:
        return hhm_text(uid, sequence, one_hot(sequence), states)
    if isinstance(given, Frequencies):
        table = given.table
        if present is not None and length < len(table) == whole:
            table = table[present - 1]
        return hhm_text(uid, sequence, table, states)
    if given.kind == "hhm":
        _check(hhm_sequence(given.text), sequence)
        return named_hhm(given.text, uid)
    rows = read_a3m(given.text)
    columns = len(first_sequence(rows))
    if present is not None and length < columns == whole:
        rows = keep_columns(rows, np.isin(np.arange(1, columns + 1), present))
    _check(first_sequence(rows), sequence)
    rows = [AlignedRow("ss_dssp", states.replace("-", "C")), *(row for row in rows if not is_annotation(row.name))]
    return hhm_of_alignment(rows, uid, folder)


def _check(columns: str, sequence: str) -> None:
    """Check that a profile has as many columns as a sequence has residues, and that nine of ten are the same."""
    if len(columns) != len(sequence):
        raise InputError(
            f"the profile has {len(columns)} columns, the model {len(sequence)} residues; give one column per residue"
        )
    known = [(a, b) for a, b in zip(columns, sequence, strict=True) if a not in "-X" and b != "X"]
    if sum(a != b for a, b in known) * 10 > len(known):
        raise InputError("the profile is of another sequence than the model; give its own, first in the alignment")
