"""A job that gets fewer CPUs than its task counts on: named in the ledger, or refused before it works."""

from pipeline.conftest import trace

TWO = "profiles { slurm { process { withName: 'ALIGN_TEMPLATES' { cpus = 2 } } } }\n"
NOTE = "ALIGN_TEMPLATES may use 1 of the 2 CPUs that it asked for"


def test_a_job_with_fewer_cpus_is_named_or_refused(head, undisturbed):
    # sbatch takes the last of several equal options
    head.start("--slurm_options=--cpus-per-task=1", settings=TWO).end()
    assert (head.results / "domains.tsv").read_bytes() == (undisturbed.results / "domains.tsv").read_bytes()
    assert all(NOTE in row["reason"] for row in head.ledger())

    head.start("--slurm_options=--cpus-per-task=1", "--affinity", "strict", "--outdir", "refused", settings=TWO)
    assert head.process.wait(240) != 0
    assert NOTE in (head.folder / "head.log").read_text()
    ended = [row["exit"] for row in trace(head.folder / "refused") if row["process"] == "ALIGN_TEMPLATES"]
    assert "3" in ended
    assert "0" not in ended
