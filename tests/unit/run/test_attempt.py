"""A protein that fails does not stop the others."""

from types import SimpleNamespace

import pytest

from domainflow.run.attempt import attempt
from domainflow.run.errors import InputError, ProgramError, StoreError, exit_code
from domainflow.run.step import Step


def raises(error):
    raise error


def test_bad_input_is_rejected_with_its_sentence():
    row = attempt("a", "PREPARE_PROTEINS", lambda: raises(InputError("the file is empty")))
    assert row == ("a", "rejected", "PREPARE_PROTEINS", "the file is empty", "-", "-")


def test_any_other_error_is_a_failure_with_its_cause():
    row = attempt("a", "ALIGN_TEMPLATES", lambda: raises(ZeroDivisionError("division by zero")))
    reason = "an error in domainflow, not in your file; please report it (ZeroDivisionError: division by zero)"
    assert row == ("a", "failed", "ALIGN_TEMPLATES", reason, "-", "-")


def test_a_program_that_fails_is_a_failure_in_its_own_words():
    row = attempt("a", "SEARCH_PROFILES", lambda: raises(ProgramError("hhsearch ended with code 139")))
    assert row == ("a", "failed", "SEARCH_PROFILES", "hhsearch ended with code 139", "-", "-")


def test_success_returns_the_result():
    assert attempt("a", "PREPARE_PROTEINS", lambda: 5) == 5


@pytest.mark.parametrize("error", [MemoryError(), StoreError("damaged"), OSError(28, "no space left on device")])
def test_what_is_no_proteins_fault_ends_the_task(error):
    with pytest.raises(type(error)):
        attempt("a", "PREPARE_PROTEINS", lambda: raises(error))


@pytest.mark.parametrize("threads", [1, 3])
def test_a_step_yields_what_succeeds_and_records_all(threads):
    step = Step("PARSE_DOMAINS")
    proteins = [SimpleNamespace(id=name, value=value) for name, value in (("a", 2), ("b", 0), ("c", 4))]
    found = step.each(
        proteins,
        lambda protein: 8 // protein.value,
        lambda protein, result: step.passed(protein.id, [f"result {result}"], protein.value),
        threads,
    )
    assert [(protein.id, result) for protein, result in found] == [("a", 4), ("c", 2)]
    assert [(row.protein, row.status, row.reason, row.length) for row in step.rows[::2]] == [
        ("a", "passed", "result 4", "2"),
        ("c", "passed", "result 2", "4"),
    ]
    assert step.rows[1].status == "failed"
    assert "ZeroDivisionError" in step.rows[1].reason


def test_proteins_are_worked_on_one_at_a_time():
    started = []
    results = Step("PREPARE_PROTEINS").each(
        [SimpleNamespace(id=name) for name in "abc"], lambda protein: started.append(protein.id) or protein.id
    )
    next(results)
    assert started == ["a"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(StoreError("not a store"), 65), (MemoryError(), 137), (OSError(28, "disk full"), 74)],
    ids=["reference", "memory", "disk"],
)
def test_exit_codes_that_retry_rules_read(error, code):
    assert exit_code(lambda: raises(error)) == code


def test_success_is_code_0():
    assert exit_code(lambda: None) == 0
