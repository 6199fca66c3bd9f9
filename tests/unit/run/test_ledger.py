"""Every input has exactly one final row, whatever happens to the tasks."""

import json
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from domainflow.domains.steps import DOMAIN_STEPS, MAY_SKIP, PARSE_STEPS
from domainflow.run.ledger import LedgerRow, final_rows, read_ledger, sentence, write_ledger


def final(inputs, rows):
    """The final rows of the domains workflow."""
    return final_rows(inputs, rows, DOMAIN_STEPS, MAY_SKIP)


def passes(protein, until=None):
    return [LedgerRow(protein, "passed", step, length="100") for step in DOMAIN_STEPS[:until]]


def test_ok_row_gathers_notes_and_length():
    rows = [*passes("a", -1), LedgerRow("a", "ok", "ASSIGN_DOMAINS", length="100", domains="2")]
    rows[0] = rows[0]._replace(reason="pae=absent")
    assert final([{"id": "a", "reason": None}], rows) == [
        LedgerRow("a", "ok", "ASSIGN_DOMAINS", "pae=absent", "100", "2")
    ]


def test_lost_task_is_named():
    row = final([{"id": "a", "reason": None}], passes("a", 4))[0]
    assert (row.status, row.step, row.length) == ("failed", "ALIGN_TEMPLATES", "100")
    assert "trace" in row.reason


def test_a_protein_that_had_nothing_to_score_is_not_lost():
    rows = [row for row in passes("a", -1) if row.step != "SCORE_DOMAINS"]
    assert final([{"id": "a", "reason": None}], rows)[0].step == "SCORE_DOMAINS"
    rows.append(LedgerRow("a", "no_domain", "ASSIGN_DOMAINS", length="100", domains="0"))
    assert final([{"id": "a", "reason": None}], rows)[0].status == "no_domain"


def test_a_lost_last_task_is_not_blamed_on_the_network():
    rows = [row for row in passes("a", -1) if row.step != "SCORE_DOMAINS"]
    rows += passes("b", -1)
    assert final([{"id": "a", "reason": None}], rows)[0].step == "ASSIGN_DOMAINS"


def test_first_bad_word_counts():
    rows = [*passes("a", 1), LedgerRow("a", "failed", "SEARCH_TEMPLATES", "out of disk"), *passes("a")[2:]]
    assert final([{"id": "a", "reason": None}], rows)[0].step == "SEARCH_TEMPLATES"


ENTRY = st.tuples(st.text(max_size=8), st.sampled_from([None, "no file"]), st.integers(0, len(DOMAIN_STEPS)))


@given(st.lists(ENTRY, max_size=20))
def test_as_many_rows_as_inputs_in_their_order(entries):
    inputs = [{"id": name, "reason": reason} for name, reason, _ in entries]
    rows = [row for name, _, until in entries for row in passes(name, until)]
    assert [row.protein for row in final(inputs, rows)] == [name for name, _, _ in entries]


@given(st.lists(st.tuples(*[st.text()] * 6), max_size=5))
def test_any_text_survives_a_table(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("ledger") / "ledger.tsv"
    rows = [LedgerRow(*row) for row in cells]
    write_ledger(path, rows)
    assert read_ledger(path) == [LedgerRow(*map(sentence, row)) for row in rows]


def test_tabs_newlines_and_terminal_codes_do_not_break_a_table():
    assert sentence("a\tb\nc\x1b[31m") == "a b c\\x1b[31m"


def test_a_training_ledger_names_who_failed_and_who_taught_nothing(root, tmp_path):
    (tmp_path / "parts").mkdir()
    steps = [step for step in PARSE_STEPS if step != "SEARCH_PROFILES"]
    rows = [LedgerRow(name, "passed", step, length="80") for name in ("taught", "unknown") for step in steps]
    rows += [LedgerRow("lost", "passed", step, length="80") for step in steps[:2]]
    write_ledger(tmp_path / "parts" / "bucket-0.ledger.tsv", rows)
    (tmp_path / "labels.tsv").write_text("protein\trange\th_group\ntaught\t1-80\t1.1\nelsewhere\t1-9\t1.1\n")
    names = [("taught", None), ("unknown", None), ("lost", None), ("bad", "there is no file bad.pdb")]
    record = {"inputs": [{"id": name, "reason": reason} for name, reason in names], "hhsuite": False}
    command = [root / "bin" / "write_training_ledger.py", "--in-dir", "parts", "--labels", "labels.tsv"]
    subprocess.run([sys.executable, *map(str, command)], cwd=tmp_path, input=json.dumps(record), text=True, check=True)
    found = read_ledger(tmp_path / "ledger.tsv")
    assert [(row.protein, row.status) for row in found] == [
        ("taught", "ok"), ("unknown", "ok"), ("lost", "failed"), ("bad", "rejected"),
    ]  # fmt: skip
    assert "no known domain" in found[1].reason
    assert found[2].step == "SELECT_CANDIDATES"
    lines = (tmp_path / "summary.txt").read_text().splitlines()
    assert lines[0] == "4 proteins: 2 ok, 0 no_domain, 1 rejected, 1 failed"
    assert lines[-1] == "1 labelled proteins are not among them, e.g. elsewhere"
