"""Train the DOMASS network in TensorFlow, in the published shape 13 -> 64 -> 2 (DPAM step 16).

DPAM's own training is not published. Inputs are standardised by the mean and standard deviation of the right rows that
have the evidence. This scaling is folded into the weights, so that the network reads inputs as step 15 writes them. One
logit is trained (logistic loss, AdamW, cosine decay, running average of the weights) and written as two outputs.

**Missing evidence.** In every epoch each row is used in one of four cases, drawn at random: with all its evidence,
without HH-suite, without statistics or without both. The network thus learns each case. Step 15 writes a rank of 0.1 to
3 for a hit, but 100 for a missing one. With a positive weight on the rank, a hidden unit would return a value hundreds
of times larger for a missing hit. Half of the hidden units therefore ignore the rank. The other half read it with a
weight of -`LEAST_SLOPE` or less, which silences them if the hit is missing. Inputs that never vary in training get
weights of exactly zero, so that they have no effect if such evidence appears later.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.domass.network import (
    HIDDEN_UNITS,
    INPUTS,
    MISSING_RANK,
    Network,
    has_alignment,
    has_profile_hit,
    probabilities,
)  # fmt: skip
from domainflow.domains.domass.tensorflow import load_tensorflow
from domainflow.domains.domass.training.labels import LabelledRows
from domainflow.run.errors import StoreError
from domainflow.templates.store import TemplateStore

__all__ = [
    "CASES", "CrossValidation", "Plan", "about_training", "cross_validate", "folds_by_group", "take_away", "train",
]  # fmt: skip

CASES = {
    "all evidence": (False, False),
    "no HH-suite": (True, False),
    "no statistics": (False, True),
    "neither": (True, True),
}
"""Cases of evidence, each with two flags: HH-suite's evidence is removed, the reference's statistics are removed."""
LEAST_SLOPE = 0.5
"""Smallest negative slope with which a hidden unit reads a rank: at rank 100 its input is 50 lower than at a hit."""
EPSILON = 1e-6
"""Standard deviation over all rows below which an input counts as constant."""

_HH = {
    "hh_probability": 0,
    "hh_coverage": 0,
    "hh_rank": MISSING_RANK,
    "consensus_difference": -1,
    "consensus_coverage": 0,
}
_STATISTICS = {"q_score": -1, "z_tile": -1, "q_tile": -1}
_RANKS = ("hh_rank", "dali_rank")
_DALI = ("dali_z", "q_score", "z_tile", "q_tile", "dali_rank")


@dataclass(frozen=True)
class Plan:
    """Settings of the training; `docs/domass.md` gives the reasons.

    Attributes
    ----------
    seed : int
    epochs : int
        The learning rate falls from `rate` to `last_rate` over them.
    batch : int
        Rows per training step.
    rate, last_rate : float
        Learning rate of Adam.
    decay : float
        Decoupled weight decay of the two kernels.
    average : float
        Decay of the running average of the weights.
    folds : int
        Parts of the cross-validation.
    same_x : str
        ``drop`` or ``wrong``: use of rows of the same X-group but another homologous group.
    """

    seed: int = 1
    epochs: int = 30
    batch: int = 256
    rate: float = 3e-3
    last_rate: float = 1e-5
    decay: float = 0.1
    average: float = 0.995
    folds: int = 5
    same_x: str = "drop"


@dataclass(frozen=True)
class CrossValidation:
    """Probabilities of rows whose domain's X-group was not in the training of the network that scores them.

    Attributes
    ----------
    rows : LabelledRows
        n rows.
    fold : ndarray of int, shape=(n,)
    probability : dict of case to ndarray of float32, shape=(n,)
        With evidence removed as in `CASES`; NaN for rows that do not exist in that case.
    """

    rows: LabelledRows
    fold: NDArray[np.int64]
    probability: dict[str, NDArray[np.float32]]


def take_away(features: NDArray[np.float32], case: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return features as step 15 would write them without some evidence, and a mask of the rows that still exist.

    Without HH-suite, rows that it alone found do not exist. Only structure alignments have statistics.
    """
    changed = features.copy()
    without_hh, without_statistics = CASES[case]
    aligned = has_alignment(features)
    if without_hh:
        for name, value in _HH.items():
            changed[:, INPUTS.index(name)] = value
    if without_statistics:
        for name, value in _STATISTICS.items():
            changed[aligned, INPUTS.index(name)] = value
    return changed, aligned if without_hh else np.ones(len(features), bool)


def folds_by_group(groups: NDArray[np.str_], count: int, seed: int) -> NDArray[np.int64]:
    """Assign each row to a fold, shape (n,); a group is in one fold only, and folds have similar numbers of rows.

    Raises
    ------
    StoreError
        If there are fewer groups than folds.
    """
    names, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < count:
        raise StoreError(f"the known domains have {len(names)} X-groups, {count} are needed; give more proteins")
    shuffled = np.random.default_rng(seed).permutation(len(names))
    fold_of = np.empty(len(names), np.int64)
    filled = np.zeros(count, np.int64)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        fold_of[group] = int(np.argmin(filled))
        filled[fold_of[group]] += sizes[group]
    return fold_of[place]


def about_training(
    rows: LabelledRows, plan: Plan, labels: Iterable[Path], store: TemplateStore | None
) -> dict[str, Any]:
    """Describe a training for the network's file: rows, tables of known domains, templates, plan and libraries."""
    return {
        "trained_on": {**rows.counts, "labels": sorted(path.name for path in labels)},
        "templates_sha256": store.checksum() if store else None,
        "plan": asdict(plan),
        "libraries": {name: version(name) for name in ("keras", "numpy", "tensorflow-cpu")},
    }


def train(rows: LabelledRows, plan: Plan, about: dict[str, Any]) -> Network:
    """Train a network on all rows.

    Raises
    ------
    StoreError
        If all rows are right, or all are wrong.
    """
    return replace(_fit(rows, plan), about=about)


def cross_validate(rows: LabelledRows, plan: Plan, trained: Callable[[], object] = lambda: None) -> CrossValidation:
    """For each fold, train on the other folds and score its rows; `trained` is called after each training.

    Raises
    ------
    StoreError
        If there are too few X-groups, or if a training has no right or no wrong rows.
    """
    fold = folds_by_group(rows.x_group, plan.folds, plan.seed)
    found = {case: np.full(len(rows), np.nan, np.float32) for case in CASES}
    for number in range(plan.folds):
        network = _fit(rows.take(fold != number), plan)
        trained()
        test = np.flatnonzero(fold == number)
        for case in CASES:
            features, there = take_away(rows.features[test], case)
            found[case][test[there]] = probabilities(network, features[there])
    return CrossValidation(rows, fold, found)


@dataclass(frozen=True)
class _Scale:
    """Standardisation of the inputs, and limits of the hidden units' weights."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    seen: NDArray[np.float32]
    """1 where a hidden unit reads an input, else 0; shape (13, 64)."""
    highest: NDArray[np.float32]
    """Largest weight allowed for each standardised input; shape (13, 64)."""

    def apply(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        return ((features - self.mean) / self.deviation).astype(np.float32)


def _scale(features: NDArray[np.float32], right: NDArray[np.bool_], shown: NDArray[np.float32]) -> _Scale:
    """Compute the scale of the inputs.

    Parameters
    ----------
    features, right
        Rows of the training.
    shown : ndarray of float32, shape=(m, 13)
        All inputs of the training: these rows in every case.
    """
    mean, deviation = np.zeros(len(INPUTS)), np.ones(len(INPUTS))
    seen = np.ones((len(INPUTS), HIDDEN_UNITS), np.float32)
    highest = np.full(seen.shape, np.inf, np.float32)
    has_both = has_alignment(features) & has_profile_hit(features)
    for place, name in enumerate(INPUTS):
        if shown[:, place].std(dtype=np.float64) < EPSILON:
            seen[place] = 0
            continue
        there = np.ones(len(features), bool)
        if name in _HH:
            there = has_both if name.startswith("consensus") else has_profile_hit(features)
        elif name in _DALI:
            there = has_alignment(features)
        values = next((v for v in (features[there & right, place], features[there, place]) if v.std() >= EPSILON), None)
        if values is not None:
            mean[place], deviation[place] = values.mean(dtype=np.float64), values.std(dtype=np.float64)
        if name in _RANKS and (shown[:, place] >= MISSING_RANK).any():
            units = np.arange(HIDDEN_UNITS)
            blind = units // (1 + _RANKS.index(name)) % 2 == 0
            seen[place][blind] = 0
            highest[place][~blind] = -LEAST_SLOPE * deviation[place]
    return _Scale(mean, deviation, seen, highest)


def _fit(rows: LabelledRows, plan: Plan) -> Network:
    """Train a network on rows for all epochs."""
    chosen = rows.take(~rows.related) if plan.same_x == "drop" else rows
    features, right = chosen.features, chosen.right
    if not right.any() or right.all():
        raise StoreError("a part of the training has only right rows or only wrong ones; give more proteins")
    shown, there = _all_cases(features)
    scale = _scale(features, right, shown.reshape(-1, len(INPUTS)))
    trainer = _Trainer(scale, float(right.mean()), plan, -(-len(right) // plan.batch))
    inputs = scale.apply(shown.reshape(-1, len(INPUTS)))
    answers = np.tile(right, len(CASES)).astype(np.float32)
    for order in islice(_orders(there, plan.seed), plan.epochs):
        trainer.run(inputs, answers, order)
    return _folded(trainer.averages(), scale)


def _all_cases(features: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the features in every case, shape (4, n, 13), and a mask of the rows that exist in each, shape (4, n)."""
    cases = [take_away(features, case) for case in CASES]
    return np.stack([changed for changed, _ in cases]), np.stack([there for _, there in cases])


def _orders(there: NDArray[np.bool_], seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield the order of the rows of each epoch, without end, as indices into the rows of all cases.

    Each row occurs once, in a case drawn for it.
    """
    generator = np.random.default_rng(seed)
    cases, count = there.shape
    while True:
        drawn = generator.integers(cases, size=(count,))
        order = generator.permutation(count)
        order = order[there[drawn[order], order]]
        yield drawn[order] * count + order


class _Trainer:
    """The network during training: variables, their running averages, and one compiled epoch."""

    def __init__(self, scale: _Scale, share_right: float, plan: Plan, steps: int) -> None:
        tf = load_tensorflow()
        tf.random.set_seed(plan.seed)
        tf.config.experimental.enable_op_determinism()
        generator = np.random.default_rng(plan.seed)
        visible = max(1, int(scale.seen.any(axis=1).sum()))
        kernel = generator.normal(0, np.sqrt(2 / visible), scale.seen.shape)
        kernel = np.where(np.isfinite(scale.highest), np.minimum(-np.abs(kernel), scale.highest), kernel) * scale.seen
        output = generator.normal(0, 0.05, HIDDEN_UNITS)
        start = [kernel, np.zeros(HIDDEN_UNITS), output, np.log(share_right / (1 - share_right))]
        self._tf = tf
        self._variables = [tf.Variable(value, dtype=tf.float32) for value in start]
        self._averages = [tf.Variable(variable) for variable in self._variables]
        rate = tf.keras.optimizers.schedules.CosineDecay(plan.rate, steps * plan.epochs, plan.last_rate / plan.rate)
        self._optimizer = tf.keras.optimizers.AdamW(rate, weight_decay=plan.decay, epsilon=1e-8)
        self._optimizer.exclude_from_weight_decay(var_list=[self._variables[1], self._variables[3]])
        self._optimizer.build(self._variables)
        signature = [
            tf.TensorSpec((None, len(INPUTS)), tf.float32), tf.TensorSpec((None,), tf.float32),
            tf.TensorSpec((None,), tf.int64),
        ]  # fmt: skip
        self._epoch = tf.function(self._epoch_of(scale, plan), input_signature=signature)

    def run(self, inputs: NDArray[np.float32], answers: NDArray[np.float32], order: NDArray[np.int64]) -> None:
        """Train for one epoch on the rows in the given order."""
        self._epoch(inputs, answers, order)

    def averages(self) -> list[NDArray]:
        """Hidden kernel and bias, output kernel and bias of the one logit."""
        return [variable.numpy().astype(np.float64) for variable in self._averages]

    def _loss(self, weights: list[Any], inputs: Any, answers: Any) -> Any:
        tf = self._tf
        hidden = tf.nn.relu(tf.matmul(inputs, weights[0]) + weights[1])
        logits = tf.linalg.matvec(hidden, weights[2]) + weights[3]
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=answers, logits=logits))

    def _epoch_of(self, scale: _Scale, plan: Plan) -> Callable[[Any, Any, Any], None]:
        tf, variables = self._tf, self._variables

        def epoch(inputs: Any, answers: Any, order: Any) -> None:
            for start in tf.range(0, tf.size(order), plan.batch):
                batch = order[start : start + plan.batch]
                with tf.GradientTape() as tape:
                    loss = self._loss(variables, tf.gather(inputs, batch), tf.gather(answers, batch))
                self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
                variables[0].assign(tf.minimum(variables[0], scale.highest) * scale.seen)
                # average over fewer steps at first, or the random start would stay in it for a thousand steps
                step = tf.cast(self._optimizer.iterations, tf.float32)
                kept = tf.minimum(plan.average, (1 + step) / (10 + step))
                for average, variable in zip(self._averages, variables, strict=True):
                    average.assign(kept * average + (1 - kept) * variable)

        return epoch


def _folded(weights: list[NDArray], scale: _Scale) -> Network:
    """Return the network of unscaled inputs and two outputs."""
    kernel, bias, output, threshold = weights
    raw = kernel * scale.seen / scale.deviation[:, None]
    return Network(
        hidden_kernel=raw.astype(np.float32),
        hidden_bias=(bias - scale.mean @ raw).astype(np.float32),
        output_kernel=np.column_stack([-output / 2, output / 2]).astype(np.float32),
        output_bias=np.array([-threshold / 2, threshold / 2], np.float32),
    )
