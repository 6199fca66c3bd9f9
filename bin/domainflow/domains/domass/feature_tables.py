"""Read and write tables of features, and of the network's probabilities (DPAM steps 15 and 16).

Every cell is kept as text, exactly as it was written.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.domains.domass.network import INPUTS
from domainflow.domains.rounding import probability_text
from domainflow.run.errors import StoreError

__all__ = [
    "ProteinFeatures", "find_tables", "network_inputs", "read_features", "read_training_features", "rows_by_protein",
    "write_predictions",
]  # fmt: skip

FEATURES = ".features.tsv"


class ProteinFeatures(NamedTuple):
    """The rows of one protein in a table of features."""

    id: str
    rows: pd.DataFrame


def find_tables(places: Iterable[Path]) -> list[Path]:
    """Find tables of features, sorted by name: the given files, and ``*.features.tsv`` in the given folders.

    Raises
    ------
    StoreError
        If there is none, or two have the same name.
    """
    places = list(places)
    found = [path for place in places for path in (sorted(place.glob(f"*{FEATURES}")) if place.is_dir() else [place])]
    if not found:
        raise StoreError(f"there is no table *{FEATURES} in {', '.join(str(place) for place in places)}")
    return sorted(found, key=lambda path: path.name)


def read_features(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table of features.

    Parameters
    ----------
    path : Path
    columns : sequence of str, optional
        Columns to read; by default all.

    Raises
    ------
    StoreError
        If it cannot be read, or lacks one of the network's inputs or the column ``protein``.
    """
    wanted = None if columns is None else lambda name: name in columns
    try:
        frame = pd.read_csv(path, sep="\t", dtype=str, na_filter=False, quoting=csv.QUOTE_NONE, usecols=wanted)
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError):
        raise StoreError(f"{path.name} is no table of features; make it again") from None
    missing = [name for name in columns or ("protein", *INPUTS) if name not in frame.columns]
    if missing:
        raise StoreError(f"{path.name} has no column {', '.join(missing)}; it is no table of features")
    return frame


def read_training_features(paths: Sequence[Path]) -> pd.DataFrame:
    """Read several tables as one: the columns that identify a row, and the network's inputs."""
    columns = ("protein", "domain", "range", "t_group", *INPUTS)
    return pd.concat([read_features(path, columns) for path in paths], ignore_index=True)


def rows_by_protein(features: pd.DataFrame) -> list[ProteinFeatures]:
    """Return the rows of each protein, in the order of the table."""
    places = features.groupby("protein", sort=False).indices
    return [ProteinFeatures(str(protein), features.iloc[rows]) for protein, rows in places.items()]


def network_inputs(rows: pd.DataFrame) -> NDArray[np.float32]:
    """Return the network's inputs, shape (n, 13).

    Raises
    ------
    ValueError
        If a cell is not a finite number.
    """
    inputs = rows[list(INPUTS)].to_numpy(dtype=object).astype(np.float32)
    if not np.isfinite(inputs).all():
        raise ValueError("features hold a number that is not finite")
    return inputs.reshape(-1, len(INPUTS))


def write_predictions(path: Path, features: pd.DataFrame, scores: Mapping[str, NDArray[np.floating]]) -> None:
    """Write a table of features with a last column ``probability``, without the proteins that have no scores.

    Parameters
    ----------
    path : Path
    features : DataFrame
        As `read_features` returns it.
    scores : mapping of protein to ndarray, shape=(n,)
        Probability of each of the protein's n rows, in their order.
    """
    rows = features[features["protein"].isin(scores.keys())]
    probabilities = np.full(len(rows), np.nan, np.float32)
    for protein, places in rows.groupby("protein", sort=False).indices.items():
        probabilities[places] = scores[str(protein)]
    texts = [probability_text(probability) for probability in probabilities]
    rows.assign(probability=texts).to_csv(path, sep="\t", index=False, quoting=csv.QUOTE_NONE, lineterminator="\n")
