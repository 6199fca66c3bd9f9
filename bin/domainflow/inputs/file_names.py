"""Read names of files as predictors and databases give them: protein, model, and the rank of the model.

Content decides what a file is; its name only tells which files belong together.
"""

import re
from typing import NamedTuple

from domainflow.inputs.listed_file import PACKED_ENDINGS, PAE_ENDINGS, STRUCTURE_ENDINGS

__all__ = ["FileName", "accession", "file_name", "folder_name", "stem_of"]

LAST = 10_000
"""Rank of a model that the name does not rank."""
_ENDINGS = frozenset((*STRUCTURE_ENDINGS, *PAE_ENDINGS, ".csv", ".tsv"))
_SAMPLE_FOLDER = re.compile(r"seed-(\d+)_sample-(\d+)")
_INNER_FOLDER = re.compile(r"predictions|seed_\d+|seed-\d+_sample-\d+")
"""Folders that a program makes inside that of a protein (Protenix, AlphaFold 3)."""
_GENERIC = re.compile(
    r"(?:summary_)?confidences?|full_data|model|pae|structure|scores|result|predicted_aligned_error(?:_v\d+)?|"
    r"ranking_debug|timings|features|ranking_scores",
    re.IGNORECASE,
)
_AFFIX = re.compile(
    r"^(?:pae|plddt|pde|confidence)_(?=.)|"
    r"(?<=.)[._-](?:(?:summary_)?confidences|model|pae|scores|predicted_aligned_error(?:_v\d+)?)$",
    re.IGNORECASE,
)


class FileName(NamedTuple):
    """Facts that the name of a file gives.

    Attributes
    ----------
    folder : str
        Folder of the protein, without the folders that a program makes inside it.
    protein : str
        Name of the protein; empty if the name does not say.
    model : str
        Name of the model among others of the protein; empty if there is one only.
    rank : tuple of int
        Lowest is best: number of the model, relaxed before not, mmCIF before PDB.
    numbered : bool
        True if the name is a name and a number, which count models only if other files of the program are there.
    plain : bool
        True if nothing but the ending was taken off the name.
    """

    folder: str
    protein: str
    model: str
    rank: tuple[int, int, int]
    numbered: bool = False
    plain: bool = False


_PATTERNS = (
    # AlphaFold DB: AF-P12931-F1-model_v4
    re.compile(r"(?P<protein>AF-.+-F\d+)-(?:model|predicted_aligned_error|confidence)_v\d+"),
    # ColabFold: NAME_unrelaxed_rank_001_…, NAME_scores_rank_001_…, in 2021 NAME_unrelaxed_rank_1_model_3_scores
    re.compile(r"(?P<protein>.+?)_(?:(?P<worse>un)?relaxed|scores)_rank_0*(?P<number>\d+)_.+"),
    # AlphaFold 2: ranked_0
    re.compile(r"ranked_(?P<number>\d+)"),
    # AlphaFold 2: relaxed_model_1_ptm_pred_0, result_model_1_ptm_pred_0
    re.compile(r"(?:(?P<worse>un)?relaxed|result|confidence|pae)_(?P<model>model_\d+.*)"),
    # AlphaFold 3: NAME_seed-1_sample-0_model
    re.compile(
        r"(?P<protein>.+)_(?P<model>seed-(?P<later>\d+)_sample-(?P<number>\d+))_(?:summary_confidences|confidences|model)"
    ),
    # Chai: pred.model_idx_0, scores.model_idx_0; its server's pae.model_idx_3.rank_0 and pred.rank_0
    re.compile(r"(?:pred|pae|scores|plddt|pde)\.(?:model_idx_\d+\.rank|model_idx|rank)_(?P<number>\d+)"),
    # AlphaFold 3's server: NAME_full_data_0, NAME_summary_confidences_0
    re.compile(r"(?P<protein>.+)_(?:full_data|summary_confidences)_(?P<number>\d+)"),
    # Protenix: NAME_sample_0, NAME_summary_confidence_sample_0, NAME_full_data_sample_0
    re.compile(r"(?P<protein>.+?)(?:_seed_\d+)?(?:_summary_confidence|_full_data)?_sample_(?P<number>\d+)"),
    # Boltz and AlphaFold 3's server: NAME_model_0, pae_NAME_model_0
    re.compile(r"(?:(?:pae|pde|plddt|confidence)_)?(?P<protein>.+)_model_(?P<number>\d+)"),
)
_NUMBERED = _PATTERNS[-2:]
_FRAGMENT = re.compile(r"(AF-.+)-F\d+")


def file_name(path: str) -> FileName:
    """Return what a path below the input says.

    Examples
    --------
    >>> file_name("boltz/pae_fab_model_0.npz")[:3]
    ('boltz', 'fab', '0')
    """
    place, _, last = path.removeprefix("./").rpartition("/")
    stem, form = _stem(last)
    folder, sample = _protein_folder(place) if place else ("", None)
    if sample is not None and (_GENERIC.fullmatch(stem) or f"seed-{sample[0]}_sample-{sample[1]}" in stem):
        model = f"seed-{sample[0]}_sample-{sample[1]}"
        name = re.sub(rf"_{model}.*", "", stem) if model in stem else ""
        return FileName(folder, name, model, (LAST + sample[0] * 1000 + sample[1], 0, form))
    for pattern in _PATTERNS:
        match = pattern.fullmatch(stem)
        if match:
            return _matched(folder, match.groupdict(), form, pattern in _NUMBERED)
    if _GENERIC.fullmatch(stem):
        return FileName(folder, "", "", (0, 0, form))
    short = _AFFIX.sub("", stem)
    return FileName(folder, short, "", (0, 0, form), plain=short == stem)


def folder_name(folder: str) -> str:
    """Return the last part of a folder's path."""
    return folder.rpartition("/")[2]


def stem_of(name: str) -> str:
    """Return a file name without the endings that say how it is packed and written."""
    short = _stem(name)[0]
    return short.removesuffix(".tar").removesuffix(".tgz") or name


def accession(protein: str) -> str:
    """Return the name that the fragments of a long protein share: ``AF-X`` of ``AF-X-F2``."""
    match = _FRAGMENT.fullmatch(protein) if protein.startswith("AF-") else None
    return match[1] if match else protein


def _matched(folder: str, found: dict[str, str | None], form: int, numbered: bool) -> FileName:
    number = found.get("number")
    model = found.get("model") or (str(int(number)) if number else "")
    rank = int(number) if number else LAST if model else 0
    later = 0 if found.get("later") is None else LAST + 1000 * int(found["later"] or 0)
    worse = 1 if found.get("worse") else 0
    return FileName(folder, found.get("protein") or "", model, (rank + later, worse, form), numbered)


def _stem(name: str) -> tuple[str, int]:
    """Return a file name without its endings, and the preference of its format: 0 for mmCIF, 1 for others."""
    short, dot, ending = name.rpartition(".")
    if short and f"{dot}{ending.lower()}" in PACKED_ENDINGS:
        name = short
        short, dot, ending = name.rpartition(".")
    if short and f"{dot}{ending.lower()}" in _ENDINGS:
        return short, 0 if "cif" in ending.lower() else 1
    return name, 1


def _protein_folder(place: str) -> tuple[str, tuple[int, int] | None]:
    """Return the folder of the protein, and seed and sample if they are folders inside it."""
    folder, _, last = place.rpartition("/")
    sample = _SAMPLE_FOLDER.fullmatch(last)
    while last and _INNER_FOLDER.fullmatch(last):
        place = folder
        folder, _, last = place.rpartition("/")
    return place, (int(sample[1]), int(sample[2])) if sample else None
