"""Tasks that die: tried again by cause, then left out; the run goes on, and the ledger names what was lost."""

from pipeline.conftest import attempts, read_table, write_pdb, write_sheet


def fail_in(process, command, folder, bucket=None):
    """A configuration that makes every task of a process, or that of one bucket, run a command first."""
    path = folder / "fail.config"
    value = f"'{command}'" if bucket is None else f"{{ task.tag == '{bucket}' ? '{command}' : '' }}"
    path.write_text(f"process {{ withName: '{process}' {{ beforeScript = {value} }} }}\n")
    return path


POISON = """
import os, signal, sys

if len(sys.orig_argv) > 1 and sys.orig_argv[1].endswith("/align_templates.py"):
    sys.path.insert(0, os.path.dirname(sys.orig_argv[1]))
    from domainflow.run import attempt

    unharmed = attempt.attempt

    def poisoned(protein, step, work):
        if protein == "poison":
            os.kill(os.getpid(), signal.SIGKILL)
        return unharmed(protein, step, work)

    attempt.attempt = poisoned
"""
"""Python runs this first in every task: the protein `poison` kills its process in ALIGN_TEMPLATES."""


def two_proteins(folder, mini_ecod, small_rows):
    """Two proteins in different ones of two buckets, and one without a file."""
    for name, row in zip("ag", small_rows, strict=False):
        write_pdb(folder / f"{name}.pdb", mini_ecod.sequences[row], mini_ecod.backbone(row))
    return write_sheet(folder / "s.csv", [("a", "a.pdb", ""), ("gone", "gone.pdb", ""), ("g", "g.pdb", "")])


def test_a_killed_task_is_tried_three_times_and_its_proteins_are_named(
    run, tmp_path, mini_ecod, small_rows, small_store
):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    config = fail_in("ALIGN_TEMPLATES", "kill -9 $$", tmp_path, bucket="bucket-0001")
    done = run("-c", config, "--input", sheet, "--reference", small_store, "--buckets", 2)
    results = tmp_path / "results"
    failed = [attempt for attempt in attempts(results, "ALIGN_TEMPLATES") if attempt[0] != "0"]
    assert failed == [("137", "1"), ("137", "2"), ("137", "3")]
    ledger = {row["protein"]: (row["status"], row["step"]) for row in read_table(results / "ledger.tsv")}
    assert ledger["a"] == ("failed", "ALIGN_TEMPLATES")
    assert ledger["gone"] == ("rejected", "INPUT")
    assert ledger["g"][1] == "ASSIGN_DOMAINS"
    # without --strict the run has succeeded all the same
    assert "3 proteins" in done.stdout
    assert "1 rejected" in done.stdout
    assert "1 failed" in done.stdout
    assert "ALIGN_TEMPLATES: 1 task failed (exit status 137)" in done.stdout


def test_a_protein_that_kills_its_process_fails_alone(run, tmp_path, mini_ecod, small_rows, small_store):
    (tmp_path / "poison").mkdir()
    (tmp_path / "poison" / "sitecustomize.py").write_text(POISON)
    names = ("before", "poison", "quiet", "still")
    for name, row in zip(names, small_rows, strict=False):
        write_pdb(tmp_path / f"{name}.pdb", mini_ecod.sequences[row], mini_ecod.backbone(row))
    sheet = write_sheet(tmp_path / "s.csv", [(name, f"{name}.pdb", "") for name in names])
    arguments = ("--input", sheet, "--reference", small_store, "--buckets", 1)

    run(*arguments, "--outdir", "unharmed")
    run(*arguments, "--outdir", "harmed", env={"PYTHONPATH": str(tmp_path / "poison")})

    assert attempts(tmp_path / "harmed", "ALIGN_TEMPLATES") == [("137", "1"), ("137", "2"), ("0", "3")]
    harmed, unharmed = (read_table(tmp_path / folder / "ledger.tsv") for folder in ("harmed", "unharmed"))
    assert harmed[1] | {"length": "-"} == {
        "protein": "poison", "status": "failed", "step": "ALIGN_TEMPLATES", "length": "-", "domains": "-",
        "reason": "its process was killed by signal 9 (SIGKILL, as when memory runs out)",
    }  # fmt: skip
    assert [*harmed[:1], *harmed[2:]] == [*unharmed[:1], *unharmed[2:]]
    domains = [read_table(tmp_path / folder / "domains.tsv") for folder in ("harmed", "unharmed")]
    assert domains[0] == [row for row in domains[1] if row["protein"] != "poison"]
    assert domains[0]


def test_work_in_child_processes_gives_the_same_bytes(run, tmp_path, mini_ecod, small_rows, small_store):
    for name, row in zip("ag", small_rows, strict=False):
        write_pdb(tmp_path / f"{name}.pdb", mini_ecod.sequences[row], mini_ecod.backbone(row))
    (tmp_path / "bad.pdb").write_text("no structure\n")
    sheet = write_sheet(tmp_path / "s.csv", [(name, f"{name}.pdb", "") for name in ("a", "bad", "g")])
    config = tmp_path / "isolate.config"
    config.write_text("process.ext.isolate = '--isolate --memory-gb 3'\n")
    arguments = ("--input", sheet, "--reference", small_store, "--buckets", 1, "--save_intermediates")

    run(*arguments, "--outdir", "plain")
    run(*arguments, "--outdir", "isolated", "-c", config)

    plain, isolated = (
        {
            str(path.relative_to(tmp_path / folder)): path.read_bytes()
            for path in (tmp_path / folder).rglob("*")
            if path.is_file() and path.parent.name != "pipeline_info"
        }
        for folder in ("plain", "isolated")
    )
    assert {"domains.tsv", "ledger.tsv"} < plain.keys()
    assert any(name.startswith("intermediates/") for name in plain)
    assert isolated == plain
    scripts = [path.read_text() for path in (tmp_path / "work").glob("*/*/.command.sh")]
    assert sum("--isolate" in script for script in scripts) == 7


def test_a_fault_is_tried_again_once_and_one_that_hits_all_ends_the_run(
    run, tmp_path, mini_ecod, small_rows, small_store
):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    heartbeat = 'printf "heartbeat\\\\t1\\\\nsrun: error: Exited\\\\n" >&2'  # no last words
    config = fail_in("PREPARE_PROTEINS", f"echo no room >&2; {heartbeat}; exit 1", tmp_path)
    done = run("-c", config, "--input", sheet, "--reference", small_store, "--buckets", 1, succeed=False)
    assert "The tasks of PREPARE_PROTEINS failed for all 2 proteins" in done.stdout + done.stderr
    assert "PREPARE_PROTEINS: 1 task failed (exit status 1); the first said: no room" in done.stdout
    assert attempts(tmp_path / "results", "PREPARE_PROTEINS") == [("1", "1"), ("1", "2")]
    ledger = read_table(tmp_path / "results" / "ledger.tsv")
    assert [(row["status"], row["step"]) for row in ledger] == [
        ("failed", "PREPARE_PROTEINS"), ("rejected", "INPUT"), ("failed", "PREPARE_PROTEINS"),
    ]  # fmt: skip


def test_a_folder_for_temporary_files_that_cannot_be_made_ends_the_run_at_once(
    run, tmp_path, mini_ecod, small_rows, small_store
):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    env = {"TMPDIR": "/proc/none"}
    done = run("-stub", "--input", sheet, "--reference", small_store, succeed=False, env=env)
    assert "TMPDIR is /proc/none, where no temporary file can be made; set TMPDIR" in done.stdout
    assert "Submitted process" not in done.stdout


def test_without_its_last_step_a_run_does_not_succeed(run, tmp_path, mini_ecod, small_rows, small_store):
    sheet = two_proteins(tmp_path, mini_ecod, small_rows)
    config = fail_in("WRITE_RESULTS", "exit 1", tmp_path)
    done = run("-stub", "-c", config, "--input", sheet, "--reference", small_store, succeed=False)
    assert done.returncode == 1
    assert not (tmp_path / "results" / "ledger.tsv").exists()
