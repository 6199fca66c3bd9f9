"""Costs of processes: fitted to tasks, written, read, and turned into the needs of collections."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scale import bucket_sleeps
from costs.fit import MeasuredTask, fit_costs, measured_tasks
from costs.scale import Assumptions, needs
from costs.table import Batch, Cost, estimate, read_costs, write_costs
from monitoring.steps import STEPS

PER_UNIT = st.floats(0, 3)
TRACE = """hash process tag name status exit attempt submit duration realtime %cpu peak_rss
aa/bbbbbb P:PREPARE_PROTEINS bucket-0000 x COMPLETED 0 1 - 2s 2s 50.0% -
"""


@given(PER_UNIT, PER_UNIT, st.floats(0, 0.1))
def test_costs_that_tasks_have_are_found(task_s, protein_s, residue_s):
    sizes = [(1, 50), (1, 400), (3, 500), (3, 900), (8, 2000), (9, 3500)]
    tasks = [
        MeasuredTask(
            "ALIGN_TEMPLATES", n, length, task_s + protein_s * n + residue_s * length, 2**20, 1024 + 10 * length
        )
        for n, length in sizes
    ]
    (cost,) = fit_costs(tasks)
    found = cost.task_s + cost.protein_s * 5 + cost.residue_s * 1500
    assert found == pytest.approx(task_s + protein_s * 5 + residue_s * 1500, rel=1e-3, abs=1e-3)
    assert (cost.tasks, cost.memory_mb) == ("bucket", 1)
    assert (cost.task_kb, cost.residue_b) == pytest.approx((1, 10))


def test_a_process_that_seems_to_get_cheaper_has_no_negative_cost():
    tasks = [MeasuredTask("SCORE_DOMAINS", n, 100 * n, 5 - n, 0, 0) for n in (1, 2, 4)]
    (cost,) = fit_costs(tasks)
    assert min(cost.task_s, cost.protein_s, cost.residue_s) >= 0
    assert cost.tasks == "run"


def test_the_table_is_read_as_it_was_written(tmp_path):
    costs = [Cost("ALIGN_TEMPLATES", "bucket", 0.25, 0, 0.0178, 350, 12, 140), Cost("X", "run", 1, 0, 0, 0, 0, 0)]
    write_costs(tmp_path / "costs.tsv", costs, ["where they come from"])
    assert list(read_costs(tmp_path / "costs.tsv").values()) == costs
    (tmp_path / "costs.tsv").write_text("process\ttasks\n")
    with pytest.raises(ValueError, match="expected are process tasks task_s"):
        read_costs(tmp_path / "costs.tsv")


def test_the_committed_table_has_every_step_that_each_run_has(root):
    costs = read_costs(root / "assets" / "costs.tsv")
    assert list(costs) == [step.process for step in STEPS["domains"] if not step.optional]
    # the aligner costs most of the time
    cpu = estimate(costs, Batch(1000, 330_000, 64))
    assert cpu["ALIGN_TEMPLATES"].cpu_seconds > sum(one.cpu_seconds for one in cpu.values()) / 2


def test_an_estimate_adds_tasks_proteins_and_residues():
    costs = {"A": Cost("A", "bucket", 2, 0.5, 0.01, 100, 1, 10), "B": Cost("B", "run", 3, 0, 0, 50, 0, 0)}
    found = estimate(costs, Batch(proteins=10, residues=1000, buckets=4))
    assert found["A"] == (4, 2 * 4 + 0.5 * 10 + 0.01 * 1000, 100, 4 * 1024 + 10 * 1000)
    assert found["B"] == (1, 3, 50, 0)


def test_a_collection_is_split_into_runs_that_a_head_can_hold():
    costs = {name: Cost(name, "bucket", 0, 3.6, 0, 0, 0, 0) for name in ("SEARCH_TEMPLATES", "ALIGN_TEMPLATES")}
    small, large = (needs(n, costs, Assumptions(shard=1000)) for n in (1000, 10_000))
    assert (small.runs, large.runs) == (1, 10)
    assert small.cpu_hours == pytest.approx(2)
    assert large.cpu_hours == pytest.approx(20)
    assert large.tasks == 10 * small.tasks
    assert large.usd == pytest.approx(0.8)
    assert large.head_gb == small.head_gb


def test_sleeps_of_a_benchmark_add_up_to_the_time_of_all_buckets():
    costs = {"A": Cost("A", "bucket", 1, 0.5, 0, 0, 0, 0), "B": Cost("B", "run", 1, 0, 0, 0, 0, 0)}
    sleeps = bucket_sleeps(200, 100, costs)
    assert sleeps.keys() == {"A"}
    assert sum(sleeps["A"].values()) == pytest.approx((len(sleeps["A"]) * 1 + 200 * 0.5) / 100)


def test_tasks_are_measured_by_their_own_files(tmp_path):
    folder = tmp_path / "work" / "aa" / "bbbbbb1"
    folder.mkdir(parents=True)
    ledger = "protein\tstatus\tstep\treason\tlength\tdomains\n"
    (folder / "bucket-0000.prepare.ledger.tsv").write_text(
        ledger + "a\tpassed\tP\t-\t120\t-\nb\trejected\tP\tbad\t-\t-\n"
    )
    (folder / "input.pdb").symlink_to(tmp_path / "large.pdb")
    info = tmp_path / "results" / "pipeline_info"
    info.mkdir(parents=True)
    facts = {"workflow": "domains", "name": "n", "session": "s", "command": "", "launch_dir": str(tmp_path)}
    facts |= {"work_dir": str(tmp_path / "work"), "host": "x", "pid": 1, "start": 0, "end": 9, "success": True}
    (info / "run.json").write_text(json.dumps(facts))
    (tmp_path / "results" / "ledger.tsv").write_text(ledger + "a\tok\tP\t-\t120\t1\nb\trejected\tP\tbad\t-\t-\n")
    (info / "execution_trace.txt").write_text(TRACE.replace(" ", "\t"))
    (task,) = measured_tasks(tmp_path / "results")
    size = (folder / "bucket-0000.prepare.ledger.tsv").stat().st_size
    assert task == ("PREPARE_PROTEINS", 2, 120, 1.0, 0, size)
