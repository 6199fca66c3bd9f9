"""PAE of each predictor, in the layout it writes, of the chain alone and beside ligands, nucleic acid and others."""

import gzip
import io
import json
import pickle
import sys
import zipfile

import numpy as np
import pytest

from domainflow.run.errors import InputError
from domainflow.structures.pae.read_pae import read_pae
from domainflow.structures.prepare import prepare_protein
from domainflow.structures.tokens import ChainTokens
from peptides import ALPHA, mmcif_text, pdb_text, peptide

L = 12
HELIX = peptide([ALPHA] * L)
MATRIX = np.round(np.random.default_rng(3).uniform(0.25, 30, (L, L)), 2)


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def text(array):
    buffer = io.StringIO()
    np.savetxt(buffer, array, fmt="%.3f")
    return buffer.getvalue().encode()


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


FILES = {
    "AlphaFold DB": json.dumps([{"predicted_aligned_error": MATRIX.tolist(), "max_predicted_aligned_error": 31.75}]),
    "AlphaFold 2": pickle.dumps({"plddt": np.ones(L), "predicted_aligned_error": MATRIX, "ptm": np.float64(0.5)}, 4),
    "AlphaFold 2, old pickle": pickle.dumps({"predicted_aligned_error": MATRIX, "num_recycles": 3}, 2),
    "AlphaFold 3": json.dumps(
        {"pae": MATRIX.tolist(), "token_chain_ids": ["A"] * L, "token_res_ids": [*range(1, L + 1)]}
    ),
    "ColabFold": json.dumps({"plddt": [1.0] * L, "max_pae": 31.0, "pae": MATRIX.tolist(), "ptm": 0.5}),
    "Boltz": npz(pae=MATRIX),
    "Chai": npy(MATRIX[None]),
    "Protenix": json.dumps({"atom_plddt": [1.0], "token_pair_pae": MATRIX.tolist()}),
    "ESMFold": text(MATRIX),
    "batch of one": npz(pae=MATRIX[None, None]),
    "unknown name": npz(plddt=np.ones(L), error=MATRIX),
}


@pytest.mark.parametrize("predictor", FILES)
@pytest.mark.parametrize("packed", ["plain", "gzip", "zip"])
def test_the_matrix_is_that_of_the_file(tmp_path, predictor, packed):
    content = FILES[predictor]
    content = content if isinstance(content, bytes) else content.encode()
    content = {"plain": content, "gzip": gzip.compress(content), "zip": zipped("pae_file", content)}[packed]
    (tmp_path / "file").write_bytes(content)
    np.testing.assert_allclose(read_pae(tmp_path / "file", L), MATRIX, atol=1e-9)


def complex_rows():
    """Rows of a chain with a modified residue (5), of two nucleotides, a ligand of three atoms, an ion, a water."""
    rows = []
    for number, residue in enumerate(HELIX, start=1):
        name = "SEP" if number == 5 else "ALA"
        record = "HETATM" if number == 5 else "ATOM"
        atoms = list(zip(("N", "CA", "C", "O"), residue, strict=True))
        if number == 5:
            atoms.append(("P", residue[0] + 3))
        rows += [f"{record} {atom} . {name} A {number} {x:.3f} {y:.3f} {z:.3f} 1" for atom, (x, y, z) in atoms]
    rows += [f"ATOM {atom} . DA B {number} 1 2 3 1" for number in (1, 2) for atom in ("P", "C1'")]
    rows += [f"HETATM {atom} . LIG C . 1 2 3 1" for atom in ("C1", "C2", "O1")]
    return [*rows, "HETATM MG . MG D . 1 2 3 1", "HETATM O . HOH E . 1 2 3 1"]


TOKENS = [("A", n) for n in range(1, 5)] + [("A", 5)] * 5 + [("A", n) for n in range(6, 13)]
TOKENS += [("B", 1), ("B", 2), ("C", 1), ("C", 1), ("C", 1), ("D", 1)]
CHAIN = [0, 1, 2, 3, 5, *range(9, 16)]
"""Tokens of the chain: of residue 5 the second, CA."""


@pytest.mark.parametrize("layout", ["AlphaFold 3", "Boltz"])
def test_tokens_of_ligands_nucleotides_and_modified_residues(tmp_path, layout):
    matrix = np.arange(float(len(TOKENS) ** 2)).reshape(len(TOKENS), -1)
    (tmp_path / "model.cif").write_text(mmcif_text(complex_rows()))
    document = {
        "pae": matrix.tolist(),
        "token_chain_ids": [c for c, _ in TOKENS],
        "token_res_ids": [n for _, n in TOKENS],
    }
    content = json.dumps(document).encode() if layout == "AlphaFold 3" else npz(pae=matrix)
    (tmp_path / "pae").write_bytes(content)
    protein = prepare_protein("x", tmp_path / "model.cif", tmp_path / "pae")
    np.testing.assert_array_equal(protein.pae, matrix[np.ix_(CHAIN, CHAIN)])


def test_a_model_cut_out_of_a_longer_one_is_matched_by_number(tmp_path):
    whole = np.arange(900.0).reshape(30, 30)
    document = {"pae": whole.tolist(), "token_chain_ids": ["A"] * 30, "token_res_ids": [*range(1, 31)]}
    (tmp_path / "pae.json").write_text(json.dumps(document))
    (tmp_path / "cut.pdb").write_text(pdb_text(HELIX, first=11))
    protein = prepare_protein("x", tmp_path / "cut.pdb", tmp_path / "pae.json")
    np.testing.assert_array_equal(protein.pae, whole[10:22, 10:22])


def test_tokens_of_another_protein_do_not_fit(tmp_path):
    document = {"pae": np.ones((20, 20)).tolist(), "token_chain_ids": ["B"] * 20, "token_res_ids": [*range(50, 70)]}
    (tmp_path / "pae.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match="is for 20 residues, the structure has 12"):
        read_pae(tmp_path / "pae.json", ChainTokens.of_length(L))


class Attack:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_cannot_do_anything(tmp_path):
    trap = tmp_path / "owned"
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({"predicted_aligned_error": MATRIX, "x": Attack(trap)}))
    with pytest.raises(InputError, match=r"the pickle a.pkl holds \S*io.open, which is not read"):
        read_pae(tmp_path / "a.pkl", L)
    assert not trap.exists()


def test_a_pickle_cannot_ask_for_all_memory(tmp_path):
    huge = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I99999999999\ntS'b'\ntR."
    (tmp_path / "a.pkl").write_bytes(b"\x80\x02" + huge)
    with pytest.raises(InputError, match="holds no PAE"):
        read_pae(tmp_path / "a.pkl", L)


def test_arrays_of_objects_and_false_sizes_are_not_read(tmp_path):
    (tmp_path / "a.npy").write_bytes(npy(np.array([[None]], dtype=object)))
    with pytest.raises(InputError, match="damaged NumPy array"):
        read_pae(tmp_path / "a.npy", L)
    content = npy(MATRIX).replace(b"(12, 12), }    ", b"(99999, 99999)}", 1)
    (tmp_path / "b.npy").write_bytes(content)
    with pytest.raises(InputError, match="damaged NumPy array"):
        read_pae(tmp_path / "b.npy", L)
    (tmp_path / "c.npz").write_bytes(npz(plddt=np.ones(L)))
    with pytest.raises(InputError, match="a NumPy archive needs an array 'pae'"):
        read_pae(tmp_path / "c.npz", L)


def test_a_structure_or_a_web_page_is_not_pae(tmp_path):
    (tmp_path / "a").write_text(pdb_text(HELIX))
    with pytest.raises(InputError, match="holds no PAE, it is a PDB file"):
        read_pae(tmp_path / "a", L)
    (tmp_path / "b").write_text("<html>gone</html>")
    with pytest.raises(InputError, match="it is a web page"):
        read_pae(tmp_path / "b", L)


def test_no_library_of_a_predictor_is_needed():
    assert not {"jax", "torch"} & sys.modules.keys()
