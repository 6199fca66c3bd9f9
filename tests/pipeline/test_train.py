"""The training workflow's tasks; what training does is tested in tests/unit/domains/test_training.py."""

from pipeline.conftest import tasks, write_sheet


def test_templates_and_the_users_proteins_are_cut_then_trained_with(run, tmp_path, small_proteins, small_store):
    sheet = write_sheet(tmp_path / "s.csv", [(name, path, "") for name, path in small_proteins[:2]])
    labels = tmp_path / "labels.tsv"
    labels.write_text("protein\trange\th_group\n" + "".join(f"{name}\t1-60\t1.1\n" for name, _ in small_proteins[:2]))
    done = run(
        "-stub", "--workflow", "training", "--reference", small_store, "--input", sheet, "--labels", labels,
        "--buckets", 1, "--outdir", "network",
    )  # fmt: skip
    assert tasks(tmp_path / "network") == {
        "MAKE_TRAINING_QUERIES": 1, "PREPARE_PROTEINS": 1, "SEARCH_TEMPLATES": 1, "SELECT_CANDIDATES": 1,
        "ALIGN_TEMPLATES": 1, "PARSE_DOMAINS": 1, "WRITE_TRAINING_LEDGER": 1, "TRAIN_DOMASS": 1,
        "LIST_INPUTS": 1, "REQUIRE_ANSWERS": 1, "WRITE_TRAINING_REPORT": 1,
    }  # fmt: skip
    assert (tmp_path / "network" / "domass.npz").exists()
    assert (tmp_path / "network" / "report.html").exists()
    assert "Network: network/domass.npz" in done.stdout
    assert "Ledger: network/ledger.tsv" in done.stdout
    # the user's labels and those of the templates
    folders = list((tmp_path / "work").glob("*/*/labels"))
    assert [len(list(folder.glob("*/*"))) for folder in folders] == [2, 2]
