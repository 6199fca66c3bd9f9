"""Tasks that die: tried again by cause, then left out; the run goes on, and the ledger names what was lost."""

from pipeline.conftest import attempts, read_table, write_pdb, write_sheet


def fail_in(process, command, folder):
    """A configuration that makes every task of a process run a command first."""
    path = folder / "fail.config"
    path.write_text(f"process {{ withName: '{process}' {{ beforeScript = '{command}' }} }}\n")
    return path


def two_proteins(folder, mini_ecod, small_rows):
    for name, row in zip("ab", small_rows, strict=False):
        write_pdb(folder / f"{name}.pdb", mini_ecod.sequences[row], mini_ecod.backbone(row))
    return write_sheet(folder / "s.csv", [("a", "a.pdb", ""), ("gone", "gone.pdb", ""), ("b", "b.pdb", "")])


def test_a_killed_task_is_tried_three_times_and_its_proteins_are_named(
    run, tmp_path, mini_ecod, small_rows, small_store
):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    config = fail_in("ALIGN_TEMPLATES", "kill -9 $$", tmp_path)
    done = run("-c", config, "--input", sheet, "--reference", small_store, "--buckets", 1)
    results = tmp_path / "results"
    assert attempts(results, "ALIGN_TEMPLATES") == [("137", "1"), ("137", "2"), ("137", "3")]
    ledger = {row["protein"]: (row["status"], row["step"]) for row in read_table(results / "ledger.tsv")}
    assert ledger == {
        "a": ("failed", "ALIGN_TEMPLATES"),
        "gone": ("rejected", "INPUT"),
        "b": ("failed", "ALIGN_TEMPLATES"),
    }
    # without --strict the run has succeeded all the same
    assert "3 proteins" in done.stdout
    assert "1 rejected" in done.stdout
    assert "2 failed" in done.stdout


def test_a_fault_is_not_tried_again(run, tmp_path, mini_ecod, small_rows, small_store):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    run(
        "-c",
        fail_in("PREPARE_PROTEINS", "exit 1", tmp_path),
        "--input",
        sheet,
        "--reference",
        small_store,
        "--buckets",
        1,
    )
    assert attempts(tmp_path / "results", "PREPARE_PROTEINS") == [("1", "1")]
    ledger = read_table(tmp_path / "results" / "ledger.tsv")
    assert [(row["status"], row["step"]) for row in ledger] == [
        ("failed", "PREPARE_PROTEINS"), ("rejected", "INPUT"), ("failed", "PREPARE_PROTEINS"),
    ]  # fmt: skip


def test_without_its_last_step_a_run_does_not_succeed(run, tmp_path, mini_ecod, small_rows, small_store):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    config = fail_in("WRITE_RESULTS", "exit 1", tmp_path)
    done = run("-stub", "-c", config, "--input", sheet, "--reference", small_store, succeed=False)
    assert done.returncode == 1
    assert not (tmp_path / "results" / "ledger.tsv").exists()
