"""The network of step 16: its file, its two engines, DPAM's checkpoint, and the executable that scores tables."""

import subprocess
import sys

import numpy as np
import pytest

from domainflow.domains.domass import tensorflow as domass_tensorflow
from domainflow.domains.domass.network import (
    INPUTS,
    VARIABLES,
    Network,
    network_from_arrays,
    probabilities,
    read_network,
    score_domains,
    write_network,
)
from domainflow.domains.domass.tensorflow import read_checkpoint
from domainflow.domains.rows import DomassRow
from domainflow.run.errors import EXIT_BAD_REFERENCE, EXIT_NO_PROGRAM, MissingProgramError, StoreError
from domainflow.run.ledger import read_ledger

# Rows that DPAM v2's step 15 writes of an invented protein, and what its step 16 answers with the weights of `toy`.
ROWS = np.array(
    [
        [40, 3, 4, 0.955, 0.475, 0.1, 0.9, 0.59, 0.5, 0.5, 0.1, 2.21, 0.95],
        [40, 3, 4, 0.7, 0.667, 0.1, 0.5, -1, -1, -1, 0.1, 0, 1],
        [40, 3, 4, 0.9, 0.45, 0.1, 0.85, 0.41, 0.5, 0.75, 0.1, 4, 0.9],
        [40, 3, 4, 0.6, 1, 0.2, 0, 0, 10, 10, 100, -1, 0],
        [40, 3, 4, 0, 0, 100, 0.5, -1, -1, -1, 0.2, -1, 0],
        [31, 3, 4, 0.98, 0.886, 0.1, 0.62, -1, -1, -1, 0.1, 1, 1],
    ],
    np.float32,
)
TOY_ANSWERS = ["0.9321", "0.69", "0.9089", "0.3543", "0.1192", "0.8966"]
HH_ALONE = 3


def toy(**about):
    arrays = {name: np.zeros(shape, np.float32) for name, shape in VARIABLES.items()}
    arrays["dense/kernel"][[3, 6], [0, 1]] = 1
    arrays["dense_1/kernel"][[0, 1], 1] = 4, 2
    arrays["dense_1/bias"][1] = -3
    return network_from_arrays(arrays, "toy", about)


def random_network(seed=1):
    draw = np.random.default_rng(seed)
    return network_from_arrays(
        {name: draw.normal(0, 0.3, shape).astype(np.float32) for name, shape in VARIABLES.items()}, "random", {}
    )


def random_rows(count, seed=2):
    draw = np.random.default_rng(seed)
    return (np.resize(ROWS, (count, len(INPUTS))) * draw.uniform(0, 2, (count, len(INPUTS)))).astype(np.float32)


def test_inputs_are_step_15s_columns():
    first = DomassRow._fields.index("length")
    assert DomassRow._fields[first : first + len(INPUTS)] == INPUTS


def test_toy_network_answers_as_the_published_program():
    assert [repr(round(float(value), 4)) for value in probabilities(toy(), ROWS)] == TOY_ANSWERS


def test_a_row_alone_gets_the_same_bits():
    network, rows = random_network(), random_rows(5000)
    together = probabilities(network, rows)
    alone = np.concatenate([probabilities(network, rows[place : place + 1]) for place in range(0, 5000, 50)])
    assert np.array_equal(alone, together[::50])


def test_no_rows_and_extreme_rows():
    assert probabilities(random_network(), np.empty((0, 13), np.float32)).shape == (0,)
    assert np.isfinite(probabilities(random_network(), ROWS * 1e4)).all()
    with pytest.raises(ValueError, match=r"\(6, 12\)"):
        probabilities(toy(), ROWS[:, :12])


def test_file_comes_back_and_equal_networks_give_equal_bytes(tmp_path):
    network = toy(trained_on={"rows": 6, "labels": "Ω"})
    write_network(tmp_path / "one.npz", network)
    write_network(tmp_path / "two.npz", network)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    read = read_network(tmp_path / "one.npz")
    assert read.about == network.about
    for name, array in network.arrays.items():
        assert read.arrays[name].dtype == np.float32
        assert np.array_equal(read.arrays[name], array)


def test_a_file_saved_by_numpy_itself_is_read(tmp_path):
    np.savez(tmp_path / "plain.npz", **random_network().arrays)
    assert read_network(tmp_path / "plain.npz").about == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dense/bias": None}, "lacks dense/bias"),
        ({"dense/kernel": np.zeros((12, 64), np.float32)}, r"\(12, 64\), expected \(13, 64\)"),
        ({"dense_1/bias": np.array([0, np.nan], np.float32)}, "dense_1/bias .* finite"),
        ({"dense_1/bias": np.array(["a", "b"])}, "dense_1/bias .* finite"),
        ({"about": np.array("no JSON")}, "is not JSON"),
    ],
)
def test_wrong_files_are_told_in_one_sentence(tmp_path, change, said):
    arrays = {**toy().arrays, **change}
    np.savez(tmp_path / "wrong.npz", **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(StoreError, match=said):
        read_network(tmp_path / "wrong.npz")


@pytest.mark.parametrize("content", [b"", b"weights", None])
def test_no_network_at_all(tmp_path, content):
    if content is not None:
        (tmp_path / "some.npz").write_bytes(content)
    with pytest.raises(StoreError, match=r"some\.npz"):
        read_network(tmp_path / "some.npz")


def test_a_single_array_is_no_network(tmp_path):
    np.save(tmp_path / "some.npy", np.zeros(3))
    with pytest.raises(StoreError, match="is not a network"):
        read_network(tmp_path / "some.npy")


def test_a_network_that_never_saw_hh_suite_knows_nothing_of_rows_it_found_alone():
    network = random_network()
    assert network.reads_profiles
    assert score_domains(network, ROWS)[HH_ALONE] == probabilities(network, ROWS)[HH_ALONE] > 0
    kernel = network.hidden_kernel.copy()
    kernel[[3, 4, 5, 11, 12]] = 0
    blind = Network(kernel, network.hidden_bias, network.output_kernel, network.output_bias)
    expected = probabilities(blind, ROWS)
    expected[HH_ALONE] = 0
    assert np.array_equal(score_domains(blind, ROWS), expected)


def test_tensorflow_agrees_on_1000_rows():
    network, rows = random_network(), random_rows(1000)
    ours = probabilities(network, rows)
    assert ours.std() > 0.1
    assert np.abs(domass_tensorflow.probabilities(network, rows) - ours).max() <= 1e-5


def test_missing_tensorflow_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(MissingProgramError, match=r"pip install -r requirements-train\.txt"):
        domass_tensorflow.probabilities(toy(), ROWS)


# DPAM's checkpoint


def write_checkpoint(prefix, arrays):
    """Write a checkpoint as TensorFlow 1 programs do, with a variable of the optimiser besides the weights."""
    tf = domass_tensorflow.load_tensorflow().compat.v1
    with tf.Graph().as_default(), tf.Session() as session:
        for name, array in {**arrays, "dense/kernel/Adam": np.ones((13, 64)), "beta1_power": np.ones(())}.items():
            tf.get_variable(name, initializer=tf.constant(array, tf.float32))
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(prefix))


def test_published_form_of_checkpoint_is_converted(root, tmp_path):
    network = random_network()
    write_checkpoint(tmp_path / "domass_epo29", network.arrays)
    command = [
        root / "bin" / "convert_domass.py",
        "--checkpoint",
        tmp_path / "domass_epo29",
        "--out",
        tmp_path / "o.npz",
    ]
    subprocess.run([sys.executable, *map(str, command)], check=True)
    converted = read_network(tmp_path / "o.npz")
    assert converted.about == {"converted_from": "domass_epo29"}
    for name, array in network.arrays.items():
        assert np.array_equal(converted.arrays[name], array)


def test_checkpoints_that_are_none(tmp_path):
    with pytest.raises(StoreError, match=r"there is no none\.index"):
        read_checkpoint(tmp_path / "none")
    arrays = dict(random_network().arrays)
    write_checkpoint(tmp_path / "shape", {**arrays, "dense/bias": np.zeros(32)})
    with pytest.raises(StoreError, match=r"dense/bias of the checkpoint shape has the shape \(32,\), expected \(64,\)"):
        read_checkpoint(tmp_path / "shape")
    del arrays["dense_1/kernel"]
    write_checkpoint(tmp_path / "lacking", arrays)
    with pytest.raises(StoreError, match="lacks dense_1/kernel"):
        read_checkpoint(tmp_path / "lacking")
    (tmp_path / "shape.index").write_bytes(b"damaged")
    with pytest.raises(StoreError, match="damaged"):
        read_checkpoint(tmp_path / "shape")


# The executable

HEADER = ["protein", "domain", "range", "uid", *INPUTS, "hh_name"]


def write_table(path, protein, rows):
    lines = [HEADER] + [
        [protein, "D1", "1-40", f"{place:09d}", *map(repr, map(float, row)), 'na"'] for place, row in rows
    ]
    path.write_text("".join("\t".join(line) + "\n" for line in lines))


def score(root, folder, *options):
    command = [root / "bin" / "score_domains.py", "--features", folder / "features", *options]
    return subprocess.run([sys.executable, *map(str, command)], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "features").mkdir()
    rows = list(enumerate(ROWS))
    write_table(tmp_path / "features" / "bucket-0.features.tsv", "P1", rows[:4])
    write_table(tmp_path / "features" / "bucket-1.features.tsv", "P2", rows[4:])
    write_table(tmp_path / "features" / "bucket-2.features.tsv", "P3", [])
    write_network(tmp_path / "toy.npz", toy())
    return tmp_path


@pytest.mark.parametrize("engine", ["numpy", "tensorflow"])
def test_tables_are_scored_and_otherwise_unchanged(root, tables, engine):
    result = score(root, tables, "--network", tables / "toy.npz", "--engine", engine)
    assert result.returncode == 0, result.stderr
    found = []
    for number in range(3):
        given = (tables / "features" / f"bucket-{number}.features.tsv").read_text().splitlines()
        lines = (tables / "predictions" / f"bucket-{number}.predictions.tsv").read_text().splitlines()
        assert [line.rpartition("\t")[0] for line in lines] == given
        assert lines[0].endswith("\tprobability")
        found += [line.rpartition("\t")[2] for line in lines[1:]]
    assert found == TOY_ANSWERS
    assert [(row.protein, row.status) for row in read_ledger(tables / "score.ledger.tsv")] == [
        ("P1", "passed"),
        ("P2", "passed"),
    ]


def test_a_protein_whose_rows_are_no_numbers_fails_alone(root, tables):
    path = tables / "features" / "bucket-0.features.tsv"
    path.write_text(
        path.read_text() + path.read_text().splitlines()[1].replace("P1", "P0").replace("40.0", "many") + "\n"
    )
    assert score(root, tables, "--network", tables / "toy.npz").returncode == 0
    rows = read_ledger(tables / "score.ledger.tsv")
    assert [(row.protein, row.status) for row in rows] == [("P1", "passed"), ("P0", "failed"), ("P2", "passed")]
    assert "P0" not in (tables / "predictions" / "bucket-0.predictions.tsv").read_text()


def test_what_cannot_be_used_ends_the_task(root, tables):
    result = score(root, tables, "--network", tables / "none.npz")
    assert (result.returncode, result.stderr.count("\n")) == (EXIT_BAD_REFERENCE, 1)
    blocked = tables / "blocked"
    blocked.mkdir()
    (blocked / "tensorflow.py").write_text("raise ImportError\n")
    command = f"import sys; sys.path.insert(0, {str(blocked)!r}); sys.argv[0] = 'score_domains.py'; "
    command += f"exec(open({str(root / 'bin' / 'score_domains.py')!r}).read())"
    options = ["--features", "features", "--network", "toy.npz", "--engine", "tensorflow"]
    environment = {"PYTHONPATH": str(root / "bin")}
    result = subprocess.run(
        [sys.executable, "-c", command, *options],
        cwd=tables,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    heartbeat, said = result.stderr.splitlines()
    assert (result.returncode, heartbeat.split("\t")[0]) == (EXIT_NO_PROGRAM, "heartbeat")
    assert "pip install -r requirements-train.txt" in said
