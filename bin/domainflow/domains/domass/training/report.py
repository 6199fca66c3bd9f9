"""Write the tables and draw the picture of a DOMASS network's accuracy on X-groups that are not in its training."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.domass.network import INPUTS, Network, has_alignment, has_profile_hit
from domainflow.domains.domass.training.evaluation import (
    average_precision,
    calibration,
    calibration_error,
    recall_at_precision,
    roc_auc,
)  # fmt: skip
from domainflow.domains.domass.training.training import CASES, CrossValidation
from domainflow.run.errors import MissingProgramError, StoreError

__all__ = ["BEGIN", "END", "draw_reliability", "insert_report", "report"]

BEGIN = "<!-- written by train_domass.py: begin -->"
END = "<!-- written by train_domass.py: end -->"
CONFIDENT = 0.6
"""Smallest probability of a row that step 17 keeps."""
LEAST_ROWS = 50
"""A bin with fewer rows is not drawn: its share of right rows is chance."""

_REASONS = {
    "related": "same X-group, other homologous group",
    "second": "right for a second known domain",
    "unfair": "template's homologous group has a single PDB entry",
    "nameless": "predicted domain that no known domain covers",
}


def report(found: CrossValidation, network: Network) -> str:
    """Write the report as Markdown without a title."""
    return "\n".join([*_origin(found, network), "", *_comparison(found), "", *_by_case(found), "", *_bins(found), ""])


def insert_report(path: Path, text: str) -> None:
    """Replace the text between the two marks of a document.

    Raises
    ------
    StoreError
        If the document lacks a mark.
    """
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise StoreError(f"{path.name} lacks the lines '{BEGIN}' and '{END}', between which the report goes")
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}")


def draw_reliability(path: Path, found: CrossValidation) -> None:
    """Draw the share of right rows against the probability, with a line for each case of evidence.

    Parameters
    ----------
    path : Path
        The suffix gives the format (``.svg``, ``.png``); equal data give equal bytes.

    Raises
    ------
    MissingProgramError
        If matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingProgramError("matplotlib is not installed; run: pip install -r requirements-train.txt") from None
    with rc_context({"svg.hashsalt": "domainflow", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(5.2, 5.2), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        for (case, chosen), marker in zip(_cases(found), "osv^", strict=False):
            bins = calibration(found.rows.right[chosen], found.probability[case][chosen])
            drawn = bins.rows >= LEAST_ROWS
            label = f"{case} (ECE {calibration_error(bins):.3f})"
            axes.plot(bins.predicted[drawn], bins.observed[drawn], marker=marker, markersize=5, label=label)
        axes.set(
            xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="probability given by the network",
            ylabel="share of rows with the right homologous group", title="X-groups not seen in training",
        )  # fmt: skip
        axes.legend(loc="upper left", frameon=False)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def _cases(found: CrossValidation) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield (case, mask of its decided rows); cases that change nothing are skipped."""
    seen: list[NDArray[np.float32]] = []
    for case, probability in found.probability.items():
        if any(np.array_equal(probability, other, equal_nan=True) for other in seen):
            continue
        seen.append(probability)
        yield case, ~np.isnan(probability) & ~found.rows.related


def _origin(found: CrossValidation, network: Network) -> list[str]:
    counts, rows = found.rows.counts, found.rows
    decided = rows.features[~rows.related]
    found_by_hh, alone = has_profile_hit(decided), ~has_alignment(decided)
    dropped = [f"{counts[name]:,} ({reason})" for name, reason in _REASONS.items() if counts[name]]
    lines = [
        f"{counts['domains']:,} predicted domains of {counts['proteins']:,} proteins and "
        f"{len(np.unique(rows.x_group)):,} X-groups: {counts['right']:,} right rows, {counts['wrong']:,} wrong rows. "
        f"Excluded: {'; '.join(dropped) or 'none'}. "
        f"HH-suite found {found_by_hh.mean():.1%} of the rows; "
        f"{alone.mean():.1%} of all rows were found by HH-suite alone.",
    ]
    return lines if network.reads_profiles else [*lines, "", "No row had HH-suite evidence, so the network ignores it."]


def _comparison(found: CrossValidation) -> list[str]:
    """Compare the network with single features on the same rows."""
    decided = ~found.rows.related
    right, features = found.rows.right[decided], found.rows.features[decided]
    probability = found.probability["all evidence"]
    scores = {
        "**network**": probability[decided],
        "DALI z": features[:, INPUTS.index("dali_z")],
        "q score": features[:, INPUTS.index("q_score")],
        "−rank": -features[:, INPUTS.index("dali_rank")],
    }
    if has_profile_hit(features).any():
        scores["HH probability"] = features[:, INPUTS.index("hh_probability")]
    related = probability[found.rows.related]
    ece = calibration_error(calibration(right, probability[decided]))
    lines = ["| score | AUC | average precision | recall at 95 % precision |", "|---|---|---|---|"]
    for name, score in scores.items():
        cells = roc_auc(right, score), average_precision(right, score), recall_at_precision(right, score)
        lines.append(f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")
    confident = probability[decided] >= CONFIDENT
    lines += [
        "",
        f"Expected calibration error of the network: {ece:.3f}. "
        f"Share of rows with a probability of {CONFIDENT} or more: "
        f"{confident[right].mean():.1%} of the right rows, {confident[~right].mean():.2%} of the wrong rows"
        + (f", {(related >= CONFIDENT).mean():.1%} of the rows of the same X-group." if related.size else "."),
    ]
    return lines


def _by_case(found: CrossValidation) -> list[str]:
    """Write a line for each case of evidence, and for proteins with and without PAE if there are both."""
    lines = [
        "| evidence | rows | right | AUC | average precision | recall at 95 % precision | ECE | AP of DALI z |",
        "|---|---|---|---|---|---|---|---|",
    ]
    cases = [(case, decided, found.probability[case]) for case, decided in _cases(found)]
    everything, z = found.probability["all evidence"], found.rows.features[:, INPUTS.index("dali_z")]
    kinds = [kind for kind in np.unique(found.rows.pae).tolist() if kind]
    if len(kinds) > 1:
        cases += [(f"PAE {kind}", (found.rows.pae == kind) & ~found.rows.related, everything) for kind in kinds]
    for name, chosen, probability in cases:
        right, score = found.rows.right[chosen], probability[chosen]
        cells = (
            roc_auc(right, score),
            average_precision(right, score),
            recall_at_precision(right, score),
            calibration_error(calibration(right, score)),
            average_precision(right, z[chosen]),
        )
        numbers = " | ".join(f"{cell:.3f}" for cell in cells)
        lines.append(f"| {name} | {len(right):,} | {int(right.sum()):,} | {numbers} |")
    notes = []
    if len(list(_cases(found))) < len(CASES):
        notes.append("A case that changes no row is not listed.")
    if len(kinds) < 2:
        said = f"PAE is {kinds[0]} for all proteins" if kinds else "The known domains do not say who has a PAE"
        notes.append(f"{said}, so its effect cannot be measured here.")
    return [*lines, "", " ".join(notes)] if notes else lines


def _bins(found: CrossValidation) -> list[str]:
    lines = ["| evidence | rows | mean probability | share right |", "|---|---|---|---|"]
    for case, chosen in _cases(found):
        bins = calibration(found.rows.right[chosen], found.probability[case][chosen])
        for count, predicted, observed in zip(*bins, strict=True):
            lines.append(f"| {case} | {count:,} | {predicted:.3f} | {observed:.3f} |")
    return lines
