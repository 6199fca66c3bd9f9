"""Reading PAE in every layout, and a clear error message for every other file."""

import gzip
import io
import json

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domainflow.run.errors import InputError
from domainflow.structures.pae.read_pae import read_pae
from files_in_memory import hdf5

L = 5
MATRIX = np.random.default_rng(1).integers(0, 32, (L, L)).astype(float)


def read(folder, content, length=L, name="pae.json"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_pae(path, length)


def rejection(folder, content, length=L):
    with pytest.raises(InputError) as caught:
        read(folder, content, length)
    message = str(caught.value)
    assert "pae.json" in message
    assert "\n" not in message
    assert str(folder) not in message
    return message


def flat_layout(matrix):
    side = range(1, len(matrix) + 1)
    pairs = [(i, j) for i in side for j in side]
    return {
        "residue1": [i for i, _ in pairs],
        "residue2": [j for _, j in pairs],
        "distance": [matrix[i - 1][j - 1] for i, j in pairs],
        "max_predicted_aligned_error": 31.75,
    }


LAYOUTS = {
    "AlphaFold DB": [{"predicted_aligned_error": MATRIX.tolist(), "max_predicted_aligned_error": 31.75}],
    "AlphaFold DB 2021": [flat_layout(MATRIX.tolist())],
    "AlphaFold 3": {"pae": MATRIX.tolist(), "token_chain_ids": ["A"] * L},
    "ColabFold": {"predicted_aligned_error": MATRIX.tolist(), "plddt": [1.0] * L},
    "ColabFold scores": {"plddt": [1.0] * L, "max_pae": 31.0, "pae": MATRIX.tolist(), "ptm": 0.5},
    "bare matrix": MATRIX.tolist(),
    "flat HDF5": hdf5(MATRIX.ravel()),
    "HDF5": hdf5(MATRIX, "pae"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_give_the_same_matrix(tmp_path, layout):
    content = LAYOUTS[layout]
    found = read(tmp_path, content)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, MATRIX)
    packed = gzip.compress(content if isinstance(content, bytes) else (json.dumps(content) + "\n").encode())
    np.testing.assert_array_equal(read(tmp_path, packed), MATRIX)


def test_pairs_of_the_flat_layout_may_come_in_any_order(tmp_path):
    order = np.random.default_rng(2).permutation(L * L)
    layout = {key: np.array(value)[order].tolist() for key, value in flat_layout(MATRIX).items() if key[0] in "rd"}
    np.testing.assert_array_equal(read(tmp_path, [layout]), MATRIX)


@pytest.mark.shared
def test_all_models_have_readable_pae(shared):
    """Four layouts: list of one object, bare object, with integers or decimals, and flat HDF5."""
    lengths = {"A0A0K2WPR7": 341, "O15552": 330, "P12931": 536, "P00698": 147}
    for accession, length in lengths.items():
        pae = read_pae(next((shared / "data/models" / accession).glob("pae.*")), length)
        assert 25 < pae.max() <= 32
        assert np.diag(pae).max() < 1


@pytest.mark.shared
def test_hdf5_is_row_by_row(shared):
    """Check that neighbours differ less along a row (same frame) than down a column, as in AlphaFold DB's JSON."""
    for accession, length in {"O15552": 330, "O05012": 411, "O67940": 251}.items():
        pae = read_pae(next((shared / "data/models" / accession).glob("pae.*")), length)
        assert np.abs(np.diff(pae, axis=1)).mean() < np.abs(np.diff(pae, axis=0)).mean()


def test_wrong_side(tmp_path):
    message = rejection(tmp_path, LAYOUTS["AlphaFold DB"], 6)
    assert message == (
        "the PAE in pae.json is for 5 residues, the structure has 6; give PAE and structure of the same model"
    )
    assert "is for 5 residues" in rejection(tmp_path, LAYOUTS["flat HDF5"], 6)


@pytest.mark.parametrize("shape", [(4, 5), (25,), (5, 5, 1), ()])
def test_not_square(tmp_path, shape):
    assert "not square" in rejection(tmp_path, {"pae": np.zeros(shape).tolist()})


@pytest.mark.parametrize(
    ("value", "part"),
    [(-1.0, "negative"), (float("nan"), "not finite"), (float("inf"), "not finite"), (None, "not finite")],
)
def test_values(tmp_path, value, part):
    matrix = MATRIX.tolist()
    matrix[2][3] = value
    assert part in rejection(tmp_path, [{"predicted_aligned_error": matrix}])


@pytest.mark.parametrize("entry", ["x", [1, 2], {"a": 1}, 10**400])
def test_entries_that_are_no_numbers(tmp_path, entry):
    matrix = MATRIX.tolist()
    matrix[2][3] = entry
    assert "not a matrix of numbers" in rejection(tmp_path, {"pae": matrix})


def test_ragged_rows(tmp_path):
    assert "rows of equal length" in rejection(tmp_path, {"pae": [*MATRIX.tolist()[:-1], [1.0]]})


def test_flat_layout_with_holes(tmp_path):
    flat = flat_layout(MATRIX)
    shorter = {key: value[:-1] for key, value in flat.items() if isinstance(value, list)}
    assert "every residue pair once" in rejection(tmp_path, [shorter])
    for key, value in (("residue1", 6), ("residue2", 0), ("residue2", 2.5), ("residue1", 1), ("residue1", None)):
        damaged = {name: list(values) if isinstance(values, list) else values for name, values in flat.items()}
        damaged[key][-1] = value
        assert "every residue pair once" in rejection(tmp_path, [damaged])


def test_unreadable_files(tmp_path):
    with pytest.raises(InputError, match=r"^absent.json does not exist"):
        read_pae(tmp_path / "absent.json", L)
    assert "not valid JSON" in rejection(tmp_path, b'[{"predicted_aligned_error": [[0, 1')
    assert "not valid JSON" in rejection(tmp_path, b"[" * 100_000)
    assert "not valid JSON" in rejection(tmp_path, b"\xff\xfe\xfa")
    assert "damaged HDF5" in rejection(tmp_path, hdf5(MATRIX)[:900])
    assert "damaged or incomplete gzip" in rejection(tmp_path, gzip.compress(b"[]" * 900)[:-9])


@pytest.mark.parametrize("document", [[], {}, [[]], [1], 5, "pae", None, [{"plddt": [1]}], {"residue1": [1]}])
def test_json_without_pae(tmp_path, document):
    message = rejection(tmp_path, document)
    assert "no PAE" in message or "not square" in message


def test_hdf5_without_pae(tmp_path):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_group("dist")
    assert "no PAE" in rejection(tmp_path, buffer.getvalue())


def test_hdf5_that_claims_a_huge_size_is_not_read(tmp_path):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("dist", shape=(10**6, 10**6), chunks=(10, 10), dtype="f8")
    assert "is for 1000000 residues" in rejection(tmp_path, buffer.getvalue())


FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILES = [json.dumps(LAYOUTS["AlphaFold DB"]).encode(), json.dumps(LAYOUTS["AlphaFold DB 2021"]).encode()]
FILES += [LAYOUTS["flat HDF5"], gzip.compress(LAYOUTS["HDF5"], mtime=0)]


@FUZZ
@given(file=st.sampled_from(FILES), cut=st.integers(0, 3000), place=st.integers(0, 3000), insert=st.binary(max_size=8))
def test_damaged_files_never_raise_anything_else(tmp_path, file, cut, place, insert):
    damaged = file[:cut] if cut % 2 else file
    message = ""
    try:
        pae = read(tmp_path, damaged[:place] + insert + damaged[place + len(insert) :])
        assert pae.shape == (L, L)
    except InputError as error:
        message = str(error)
    assert len(message) < 250
