"""Training on random rows: it learns, is repeatable, separates X-groups, and copes with missing evidence."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from domainflow.domains.domass.feature_tables import find_tables, read_training_features
from domainflow.domains.domass.network import (
    INPUTS,
    MISSING_RANK,
    has_alignment,
    has_profile_hit,
    probabilities,
    read_network,
)
from domainflow.domains.domass.training.evaluation import average_precision, calibration, calibration_error, roc_auc
from domainflow.domains.domass.training.labels import label_rows, read_labels
from domainflow.domains.domass.training.report import BEGIN, END, insert_report
from domainflow.domains.domass.training.training import CASES, Plan, cross_validate, folds_by_group, take_away, train
from domainflow.run.errors import EXIT_BAD_REFERENCE, StoreError
from synthetic_features import write_synthetic

PLAN = Plan(epochs=30)
HH = [INPUTS.index(name) for name in INPUTS if name.startswith(("hh_", "consensus_"))]
STATISTICS = [INPUTS.index(name) for name in ("q_score", "z_tile", "q_tile")]


def rows_of(folder, **options):
    features, labels = write_synthetic(folder, **options)
    return label_rows(read_training_features(find_tables([features])), read_labels([labels]))


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return rows_of(tmp_path_factory.mktemp("rows") / "data", seed=3)


@pytest.fixture(scope="module")
def judged(rows):
    return cross_validate(rows, PLAN)


def test_unseen_x_groups_are_judged_better_than_by_any_feature(judged):
    decided = ~judged.rows.related
    right, features = judged.rows.right[decided], judged.rows.features[decided]
    network = judged.probability["all evidence"][decided]
    singles = [features[:, INPUTS.index(name)] for name in ("dali_z", "q_score", "hh_probability")]
    singles.append(-features[:, INPUTS.index("dali_rank")])
    assert average_precision(right, network) > max(average_precision(right, score) for score in singles) + 0.1
    assert roc_auc(right, network) > max(roc_auc(right, score) for score in singles) + 0.1


@pytest.mark.parametrize("case", CASES)
def test_probability_can_be_trusted_in_every_case(judged, case):
    there = ~np.isnan(judged.probability[case]) & ~judged.rows.related
    found = calibration(judged.rows.right[there], judged.probability[case][there])
    assert calibration_error(found) < 0.05
    assert found.rows.sum() == there.sum() > 5000


def test_folds_share_no_x_group_and_are_of_like_size(judged):
    groups_of = [set(judged.rows.x_group[judged.fold == number]) for number in range(PLAN.folds)]
    assert sum(len(groups) for groups in groups_of) == len(set().union(*groups_of)) == 30
    sizes = np.bincount(judged.fold)
    assert sizes.max() < 1.3 * sizes.min()


def test_too_few_x_groups():
    with pytest.raises(StoreError, match="have 2 X-groups, 5 are needed"):
        folds_by_group(np.array(["1", "2", "1"]), 5, 1)


def test_training_repeats(rows):
    plan = replace(PLAN, epochs=3)
    first, second, other = (train(rows, replace(plan, seed=seed), {}) for seed in (1, 1, 2))
    for name in first.arrays:
        assert np.array_equal(first.arrays[name], second.arrays[name])
    assert not np.array_equal(first.hidden_kernel, other.hidden_kernel)


def test_evidence_taken_away_is_what_step_15_writes_without_it(rows):
    without_hh, there = take_away(rows.features, "no HH-suite")
    assert np.array_equal(there, has_alignment(rows.features))
    assert not has_profile_hit(without_hh).any()
    assert np.unique(without_hh[:, HH], axis=0).tolist() == [[0, 0, MISSING_RANK, -1, 0]]
    without_statistics, there = take_away(rows.features, "no statistics")
    assert there.all()
    aligned = has_alignment(rows.features)
    assert (without_statistics[aligned][:, STATISTICS] == -1).all()
    assert np.array_equal(without_statistics[~aligned], rows.features[~aligned])
    neither, _ = take_away(rows.features, "neither")
    kept = [place for place in range(len(INPUTS)) if place not in (*HH, *STATISTICS)]
    assert np.array_equal(neither[:, kept], rows.features[:, kept])


def test_missing_ranks_switch_units_off(rows):
    # ranks of 100 and of 150 mean the same: there is no hit
    network = train(rows, replace(PLAN, epochs=5), {})
    for name, missing in (("hh_rank", ~has_profile_hit(rows.features)), ("dali_rank", ~has_alignment(rows.features))):
        place = INPUTS.index(name)
        weights = network.hidden_kernel[place]
        assert (weights[weights != 0] < -0.49).all()
        assert 20 < (weights == 0).sum() < 44
        farther = rows.features[missing].copy()
        farther[:, place] *= 1.5
        change = probabilities(network, farther) - probabilities(network, rows.features[missing])
        assert np.abs(change).max() < 1e-6


def test_evidence_that_training_never_had_cannot_act(tmp_path, rows):
    plain = rows_of(tmp_path / "data", seed=3, with_hh=False)
    network = train(plain, replace(PLAN, epochs=3), {})
    assert (network.hidden_kernel[HH] == 0).all()
    assert not network.reads_profiles
    changed = plain.features.copy()
    changed[:, HH] = rows.features[: len(changed), HH][: len(changed)].max()
    assert np.array_equal(probabilities(network, changed), probabilities(network, plain.features))
    # ranks of alignments are never missing here, so every hidden unit may read them with any sign
    weights = network.hidden_kernel[INPUTS.index("dali_rank")]
    assert (weights > 0).any()
    assert (weights != 0).all()


def test_rows_of_the_same_x_group_can_count_as_wrong(rows):
    dropped, wrong = (train(rows, Plan(epochs=10, same_x=choice), {}) for choice in ("drop", "wrong"))
    related = rows.features[rows.related]
    assert probabilities(wrong, related).mean() < probabilities(dropped, related).mean()


# The executable


def run(root, *arguments):
    command = [sys.executable, root / "bin" / "train_domass.py", *arguments]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def test_executable_writes_network_report_and_picture(root, tmp_path):
    features, labels = write_synthetic(tmp_path / "data", seed=4, domains=100, rows_each=20)
    docs = tmp_path / "docs.md"
    docs.write_text(f"# Title\n\n{BEGIN}\nearlier report\n{END}\n\nrest\n")
    outputs = {name: tmp_path / name for name in ("domass.npz", "report.md", "plot.svg")}
    result = run(
        root, "--features", features, "--labels", labels, "--out", outputs["domass.npz"],
        "--report", outputs["report.md"], "--plot", outputs["plot.svg"], "--docs", docs, "--epochs", 4,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    network = read_network(outputs["domass.npz"])
    assert network.about["trained_on"]["rows"] == 2000
    assert network.about["plan"]["epochs"] == 4
    report = outputs["report.md"].read_text()
    for said in (
        "| **network** |",
        "| DALI z |",
        "| HH probability |",
        "| no HH-suite |",
        "| neither |",
        "| PAE absent |",
        "| PAE present |",
    ):
        assert said in report
    assert "<svg" in outputs["plot.svg"].read_text()
    text = docs.read_text()
    assert report.strip() in text
    assert "earlier report" not in text
    assert text.endswith("rest\n")


def test_executable_tells_what_is_missing(root, tmp_path):
    _, labels = write_synthetic(tmp_path / "data", seed=4, domains=5, rows_each=5)
    (tmp_path / "empty").mkdir()
    result = run(root, "--features", tmp_path / "empty", "--labels", labels, "--out", tmp_path / "network.npz")
    assert (result.returncode, result.stderr.count("\n")) == (EXIT_BAD_REFERENCE, 1)


def test_a_document_without_marks_is_not_overwritten(tmp_path):
    (tmp_path / "docs.md").write_text("text\n")
    with pytest.raises(StoreError, match=r"docs\.md lacks the lines"):
        insert_report(tmp_path / "docs.md", "report")
    assert (tmp_path / "docs.md").read_text() == "text\n"
