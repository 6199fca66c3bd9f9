"""Draw random rows of step 15 in which z, q-score and HH-suite probability are better for the right family."""

from pathlib import Path

import numpy as np
import pandas as pd

from domainflow.domains.domass.network import INPUTS

X_GROUPS = 30


def synthetic_tables(
    seed: int, domains: int = 240, rows_each: int = 30, with_hh: bool = True
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw (features, labels) of proteins with one domain each; an eighth of the templates are of the right family."""
    draw = np.random.default_rng(seed)
    features, labels = [], []
    for number in range(domains):
        protein, x_group, length = f"P{number:04d}", number % X_GROUPS + 1, int(draw.integers(60, 400))
        labels.append((protein, f"1-{length}", f"{x_group}.1", f"{x_group}.1.1", ("present", "absent")[number % 2]))
        own = draw.random(rows_each) < 0.125
        near = ~own & (draw.random(rows_each) < 0.1)
        strength = draw.normal(own * 1.6 + near * 0.8, 1)
        z = np.round(np.exp(0.5 * strength + 1.1 + draw.normal(0, 0.25, rows_each)), 1).clip(2)
        order = np.argsort(-z, kind="stable")
        rank = np.empty(rows_each)
        rank[order] = np.cumsum(~own[order]) * 0.5 + 1
        q = np.round(1 / (1 + np.exp(-strength + draw.normal(0, 0.6, rows_each))), 2)
        tiles = np.round(1 / (1 + np.exp(strength + draw.normal(0, 0.8, (2, rows_each)))), 2)
        nameless = draw.random(rows_each) < 0.2
        hh = draw.random(rows_each) < np.where(own, 0.5, 0.15) * with_hh
        aligned = ~hh | (draw.random(rows_each) < 0.7)
        hh_probability = np.round(1 / (1 + np.exp(-2.5 * (draw.normal(own * 1.5 - 1, 0.7, rows_each)))), 3)
        for row in range(rows_each):
            family = "1" if own[row] else ("2" if near[row] else "")
            other = int(draw.integers(1, X_GROUPS)) + x_group
            group = f"{x_group}.{family}.1" if family else f"{(other - 1) % X_GROUPS + 1}.1.1"
            both = hh[row] and aligned[row]
            statistics = (-1, -1, -1) if nameless[row] else (q[row], *tiles[:, row])
            features.append(
                (
                    protein, "D1", f"1-{length}", group, f"{number * rows_each + row:09d}", length, length // 40,
                    length // 30,
                    *((hh_probability[row], 0.8, round(0.1 + 0.2 * draw.random(), 2)) if hh[row] else (0, 0, 100)),
                    *((z[row] / 10, *statistics, rank[row] / 10) if aligned[row] else (0, 0, 10, 10, 100)),
                    *((round(abs(draw.normal(0, 2 if own[row] else 9)), 2), 0.7) if both else (-1, 0)),
                )
            )  # fmt: skip
    columns = ["protein", "domain", "range", "t_group", "uid", *INPUTS]
    table = pd.DataFrame(features, columns=columns).astype(str)
    return table, pd.DataFrame(labels, columns=["protein", "range", "h_group", "t_group", "pae"])


def write_synthetic(folder: Path, **options: int | bool) -> tuple[Path, Path]:
    """Write BUCKET.features.tsv of two buckets and labels.tsv; return (folder of the features, labels)."""
    features, labels = synthetic_tables(**options)
    (folder / "features").mkdir(parents=True)
    late = features["protein"] >= "P0100"
    features[~late].to_csv(folder / "features" / "bucket-0.features.tsv", sep="\t", index=False)
    features[late].to_csv(folder / "features" / "bucket-1.features.tsv", sep="\t", index=False)
    labels.to_csv(folder / "labels.tsv", sep="\t", index=False)
    return folder / "features", folder / "labels.tsv"
