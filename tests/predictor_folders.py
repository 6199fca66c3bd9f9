"""Make the folders that predictors leave, with small structures: names and keys as the programs document them."""

import io
import json
import pickle
from collections.abc import Callable

import numpy as np

from peptides import ALPHA, mmcif_text, pdb_text, peptide

__all__ = ["L", "MATRIX", "PREDICTORS", "Expected", "npz", "structure"]

L = 12
HELIX = peptide([ALPHA] * L)
MATRIX = np.round(np.random.default_rng(3).uniform(0.25, 30, (L, L)), 2)
"""PAE of the best model; other models have it plus 1."""
Files = dict[str, bytes]
Expected = dict[str, tuple[str, str | None]]
"""Structure and PAE by id."""


def npz(**arrays: object) -> bytes:
    """Return a NumPy archive."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    """Return a NumPy array file."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def structure(form: str = "pdb") -> bytes:
    """Return the structure of a helix in PDB or mmCIF."""
    if form == "pdb":
        return pdb_text(HELIX).encode()
    rows = [
        f"ATOM {atom} . ALA A {number} {x:.3f} {y:.3f} {z:.3f} 1"
        for number, residue in enumerate(HELIX, start=1)
        for atom, (x, y, z) in zip(("N", "CA", "C", "O"), residue, strict=True)
    ]
    return mmcif_text(rows).encode()


def as_json(**values: object) -> bytes:
    """Return a JSON object."""
    return json.dumps(values).encode()


TOKENS = {"token_chain_ids": ["A"] * L, "token_res_ids": [*range(1, L + 1)]}
SETTINGS = as_json(modelSeeds=[1], sequences=[{"protein": {"id": "A", "sequence": "A" * L}}], pae=True)


def alphafold_db() -> tuple[Files, Expected]:
    """Models of the database beside their PAE and confidence."""
    files, expected = {}, {}
    for name in ("AF-P12931-F1", "AF-Q9Y6K9-F1"):
        files[f"{name}-model_v4.cif"] = structure("cif")
        files[f"{name}-model_v4.pdb"] = structure()
        pae = [{"predicted_aligned_error": MATRIX.tolist(), "max_predicted_aligned_error": 31.75}]
        files[f"{name}-predicted_aligned_error_v4.json"] = json.dumps(pae).encode()
        files[f"{name}-confidence_v4.json"] = as_json(residueNumber=[1], confidenceScore=[90.0])
        expected[name] = (f"{name}-model_v4.cif", f"{name}-predicted_aligned_error_v4.json")
    return files, expected


def alphafold_2() -> tuple[Files, Expected]:
    """One protein: five models, of which the second is the best, each with its pickle."""
    order = ["model_2_ptm_pred_0", "model_1_ptm_pred_0"]
    files = {
        "T1/ranking_debug.json": as_json(plddts=dict.fromkeys(order, 80.0), order=order),
        "T1/timings.json": as_json(features=12.5),
        "T1/features.pkl": pickle.dumps({"aatype": np.zeros(L)}),
        "T1/msas/uniref90_hits.sto": b"# STOCKHOLM 1.0\n",
    }
    for rank, model in enumerate(order):
        files[f"T1/ranked_{rank}.pdb"] = structure()
        files[f"T1/relaxed_{model}.pdb"] = files[f"T1/unrelaxed_{model}.pdb"] = structure()
        files[f"T1/result_{model}.pkl"] = pickle.dumps({"predicted_aligned_error": MATRIX + rank, "ptm": 0.5}, 4)
    return files, {"T1": ("T1/ranked_0.pdb", "T1/result_model_2_ptm_pred_0.pkl")}


def alphafold_3() -> tuple[Files, Expected]:
    """Two jobs: the best model, and the samples of each seed in folders of their own."""
    files, expected = {}, {}
    for job in ("kinase", "phosphatase"):
        files[f"{job}/{job}_model.cif"] = structure("cif")
        files[f"{job}/{job}_confidences.json"] = as_json(
            atom_chain_ids=["A"] * 4 * L, atom_plddts=[90.0] * 4 * L, pae=MATRIX.tolist(), **TOKENS
        )
        files[f"{job}/{job}_summary_confidences.json"] = as_json(chain_pair_pae_min=[[0.8]], ptm=0.9)
        files[f"{job}/{job}_data.json"] = SETTINGS
        files[f"{job}/ranking_scores.csv"] = b"seed,sample,ranking_score\n1,0,0.9\n"
        for sample in range(2):
            inside = f"{job}/seed-1_sample-{sample}"
            files[f"{inside}/model.cif"] = structure("cif")
            files[f"{inside}/confidences.json"] = as_json(pae=(MATRIX + 1).tolist(), **TOKENS)
            files[f"{inside}/summary_confidences.json"] = as_json(ptm=0.8)
        expected[job] = (f"{job}/{job}_model.cif", f"{job}/{job}_confidences.json")
    return files, expected


def alphafold_server() -> tuple[Files, Expected]:
    """A download of the server: five models, best first."""
    files = {"fold_x_job_request.json": SETTINGS, "terms_of_use.md": b"terms\n"}
    for number in range(2):
        files[f"fold_x_model_{number}.cif"] = structure("cif")
        files[f"fold_x_full_data_{number}.json"] = as_json(pae=(MATRIX + number).tolist(), **TOKENS)
        files[f"fold_x_summary_confidences_{number}.json"] = as_json(ptm=0.8)
    return files, {"fold_x": ("fold_x_model_0.cif", "fold_x_full_data_0.json")}


def colabfold() -> tuple[Files, Expected]:
    """Two queries of a batch; one was relaxed."""
    files: Files = {"config.json": as_json(num_queries=2, model_type="auto"), "log.txt": b"log\n"}
    for rank in (1, 2):
        tail = f"rank_00{rank}_alphafold2_ptm_model_{4 - rank}_seed_000"
        for query in ("one", "two"):
            files[f"{query}_unrelaxed_{tail}.pdb"] = structure()
            files[f"{query}_scores_{tail}.json"] = as_json(
                plddt=[90.0] * L, max_pae=31.0, pae=(MATRIX + rank - 1).tolist()
            )
        files[f"two_relaxed_{tail}.pdb"] = structure()
    files["one_predicted_aligned_error_v1.json"] = as_json(predicted_aligned_error=(MATRIX + 2).tolist())
    best = "rank_001_alphafold2_ptm_model_3_seed_000"
    return files, {
        "one": (f"one_unrelaxed_{best}.pdb", f"one_scores_{best}.json"),
        "two": (f"two_relaxed_{best}.pdb", f"two_scores_{best}.json"),
    }


def colabfold_2021() -> tuple[Files, Expected]:
    """A batch of the first years."""
    files = {}
    for rank, model in ((1, 3), (2, 1)):
        files[f"old_unrelaxed_rank_{rank}_model_{model}.pdb"] = structure()
        files[f"old_unrelaxed_rank_{rank}_model_{model}_scores.json"] = as_json(
            max_pae=30.0, pae=(MATRIX + rank - 1).tolist(), plddt=[90.0] * L, ptm=0.7
        )
    stem = "old_unrelaxed_rank_1_model_3"
    return files, {"old": (f"{stem}.pdb", f"{stem}_scores.json")}


def boltz() -> tuple[Files, Expected]:
    """Predictions of two inputs, each in a folder."""
    files, expected = {}, {}
    for name in ("fab", "vhh"):
        inside = f"boltz_results_in/predictions/{name}"
        for number in range(2):
            files[f"{inside}/{name}_model_{number}.cif"] = structure("cif")
            files[f"{inside}/pae_{name}_model_{number}.npz"] = npz(pae=MATRIX + number)
            files[f"{inside}/pde_{name}_model_{number}.npz"] = npz(pde=MATRIX)
            files[f"{inside}/plddt_{name}_model_{number}.npz"] = npz(plddt=np.ones(L))
            files[f"{inside}/confidence_{name}_model_{number}.json"] = as_json(confidence_score=0.9)
        expected[name] = (f"{inside}/{name}_model_0.cif", f"{inside}/pae_{name}_model_0.npz")
    return files, expected


def chai() -> tuple[Files, Expected]:
    """Candidates of one input, not in the order of their scores."""
    files = {"t1/msa_depth.pdf": b"%PDF-1.4\n"}
    for number in range(2):
        files[f"t1/pred.model_idx_{number}.cif"] = structure("cif")
        files[f"t1/scores.model_idx_{number}.npz"] = npz(
            aggregate_score=np.array([0.5 + number / 10]), ptm=np.array([0.5])
        )
        files[f"t1/pae.model_idx_{number}.npy"] = npy(MATRIX[None] + 1 - number)
    return files, {"t1": ("t1/pred.model_idx_1.cif", "t1/pae.model_idx_1.npy")}


def chai_server() -> tuple[Files, Expected]:
    """A download of the server: models have the number of their candidate and that of their rank."""
    files: Files = {}
    for rank, candidate in enumerate((3, 1)):
        files[f"t1/pred.model_idx_{candidate}.rank_{rank}.cif"] = structure("cif")
        files[f"t1/scores.model_idx_{candidate}.rank_{rank}.json"] = as_json(ptm=0.5, aggregate_score=0.8 - rank / 10)
        files[f"t1/pae.model_idx_{candidate}.rank_{rank}.npy"] = npy(MATRIX + rank)
    return files, {"t1": ("t1/pred.model_idx_3.rank_0.cif", "t1/pae.model_idx_3.rank_0.npy")}


def protenix() -> tuple[Files, Expected]:
    """Samples of one seed."""
    files = {}
    for number in range(2):
        inside = "7r6r/seed_101/predictions/7r6r"
        files[f"{inside}_sample_{number}.cif"] = structure("cif")
        files[f"{inside}_summary_confidence_sample_{number}.json"] = as_json(ptm=0.8, ranking_score=0.7)
        files[f"{inside}_full_data_sample_{number}.json"] = as_json(
            atom_plddt=[90.0], token_pair_pae=(MATRIX + number).tolist()
        )
    return files, {"7r6r": (f"{inside}_sample_0.cif", f"{inside}_full_data_sample_0.json")}


def esmfold() -> tuple[Files, Expected]:
    """Structures, and PAE as NumPy's text."""
    buffer = io.StringIO()
    np.savetxt(buffer, MATRIX)
    files = {"one.pdb": structure(), "one.txt": buffer.getvalue().encode(), "two.pdb": structure()}
    return files, {"one": ("one.pdb", "one.txt"), "two": ("two.pdb", None)}


PREDICTORS: dict[str, Callable[[], tuple[Files, Expected]]] = {
    "AlphaFold DB": alphafold_db,
    "AlphaFold 2": alphafold_2,
    "AlphaFold 3": alphafold_3,
    "AlphaFold server": alphafold_server,
    "ColabFold": colabfold,
    "ColabFold 2021": colabfold_2021,
    "Boltz": boltz,
    "Chai": chai,
    "Chai server": chai_server,
    "Protenix": protenix,
    "ESMFold": esmfold,
}
