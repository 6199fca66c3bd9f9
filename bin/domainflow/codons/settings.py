"""Settings of a run: the parameters that shape results, checked once where they enter."""

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["CountSettings", "IndexSettings", "PrepareSettings", "settings_of"]


class PrepareSettings(NamedTuple):
    """Settings of reading files into batches.

    Attributes
    ----------
    batch_size, max_batch_bases : int
        Largest number of sequences and of bases in a batch.
    first_records : int or None
        Use only so many records of each sample.
    dup_ids : str
        ``error`` rejects a record whose id was seen before, ``suffix`` renames it to ``id~2``.
    ir_copies : str
        ``all`` or ``once``: count copies of a gene in one sequence, or the first alone.
    """

    batch_size: int = 5000
    max_batch_bases: int = 512 * 1024**2
    first_records: int | None = None
    dup_ids: str = "error"
    ir_copies: str = "all"


class CountSettings(NamedTuple):
    """Settings of counting, and of what rejects a sequence.

    Attributes
    ----------
    mode : str
        ``cds``: each record is a gene. ``frame``: any DNA, read in triplets.
    frame : int
        Bases to skip in ``frame`` mode.
    soft_mask : str
        ``count`` or ``skip`` lower case.
    partial, ambiguous : str
        ``flag`` or ``reject`` genes whose length is no multiple of three, or with many ambiguous codons.
    internal_stop : str
        ``flag``, ``reject`` or ``truncate``.
    max_ambiguous : float
        Largest share of ambiguous codons without a flag.
    translate : bool
        Whether to write the proteins.
    """

    mode: str = "cds"
    frame: int = 0
    soft_mask: str = "count"
    partial: str = "flag"
    ambiguous: str = "flag"
    internal_stop: str = "flag"
    max_ambiguous: float = 0.05
    translate: bool = False

    @property
    def skipped_bases(self) -> int:
        """Bases before the first codon."""
        return self.frame if self.mode == "frame" else 0


class IndexSettings(NamedTuple):
    """Conventions of the indices.

    Attributes
    ----------
    mode, frame
        As in `CountSettings`.
    families : str
        ``aa``: one family per amino acid. ``box``: families divided by their first two bases (4 + 2).
    exclude_stops : bool
        Leave stop codons out of the frequencies.
    rscu_stops : bool
        Give the stop codons RSCU, as one family.
    count_ambiguous : bool
        Count ambiguous triplets as a class ``NNN`` of their own.
    cai_zero : float
        Count of a codon that the reference lacks.
    cai_exclude : str
        Amino acids that CAI leaves out (``M,W``), ``auto`` (families of one codon) or ``none``.
    tai_exclude : str
        Amino acids that tAI leaves out, as in `cai_exclude`.
    per_sequence : bool
        Whether to write the table of genes.
    trna_domain : str
        ``eukaryote`` or ``prokaryote``: how ATA is read (tAI).
    """

    mode: str = "cds"
    frame: int = 0
    families: str = "aa"
    exclude_stops: bool = False
    rscu_stops: bool = False
    count_ambiguous: bool = False
    cai_zero: float = 0.5
    cai_exclude: str = "M,W"
    tai_exclude: str = "M"
    trna_domain: str = "eukaryote"
    per_sequence: bool = True

    def excluded(self, given: str) -> str:
        """Return the letters of a list such as ``M,W``, none for ``none``."""
        return "" if given == "none" else given.upper().replace(" ", "").replace(",", "")


def settings_of(kind: Any, given: Mapping[str, Any]) -> Any:
    """Return settings of a kind; names that this kind does not have, and values of null, are ignored.

    Parameters
    ----------
    kind : PrepareSettings, CountSettings or IndexSettings
    given : mapping of name to value
    """
    return kind(**{name: given[name] for name in kind._fields if given.get(name) is not None})
