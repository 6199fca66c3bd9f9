"""A poisoned protein fails alone."""

import pytest

from domainflow.batch import attempt
from domainflow.errors import InputError, ProgramError, StoreError, exit_code


def raises(error):
    raise error


def test_bad_input_is_rejected_with_its_sentence():
    rows = []
    assert attempt("a", "PREPARE", lambda: raises(InputError("the file is empty")), rows) is None
    assert rows == [("a", "rejected", "PREPARE", "the file is empty", "-", "-")]


def test_any_other_error_is_a_failure_with_its_cause():
    rows = []
    attempt("a", "DALI_ALIGN", lambda: raises(ZeroDivisionError("division by zero")), rows)
    reason = "an error in domainflow, not in your file; please report it (ZeroDivisionError: division by zero)"
    assert rows == [("a", "failed", "DALI_ALIGN", reason, "-", "-")]


def test_a_program_that_fails_is_a_failure_in_its_own_words():
    rows = []
    attempt("a", "HHSUITE_SEARCH", lambda: raises(ProgramError("hhsearch ended with code 139")), rows)
    assert rows == [("a", "failed", "HHSUITE_SEARCH", "hhsearch ended with code 139", "-", "-")]


def test_success_gives_the_result_and_no_row():
    rows = []
    assert attempt("a", "PREPARE", lambda: 5, rows) == 5
    assert rows == []


@pytest.mark.parametrize("error", [MemoryError(), StoreError("damaged"), OSError(28, "no space left on device")])
def test_what_is_no_proteins_fault_ends_the_task(error):
    with pytest.raises(type(error)):
        attempt("a", "PREPARE", lambda: raises(error), [])


@pytest.mark.parametrize(
    ("error", "code"), [(StoreError("not a store"), 65), (MemoryError(), 137), (OSError(28, "disk full"), 74)],
    ids=["reference", "memory", "disk"],
)
def test_exit_codes_that_retry_rules_read(error, code):
    assert exit_code(lambda: raises(error)) == code


def test_success_is_code_0():
    assert exit_code(lambda: None) == 0
