"""A poisoned protein fails alone."""

import pytest

from domainflow.batch import attempt
from domainflow.errors import InputError, StoreError, exit_code


def raises(error):
    raise error


def test_bad_input_is_rejected_with_its_sentence():
    rows = []
    assert attempt("a", "PREPARE", lambda: raises(InputError("the file is empty")), rows) is None
    assert rows == [("a", "rejected", "PREPARE", "the file is empty", "-", "-")]


def test_any_other_error_is_a_failure_with_its_cause():
    rows = []
    attempt("a", "DALI_ALIGN", lambda: raises(ZeroDivisionError("division by zero")), rows)
    assert rows == [("a", "failed", "DALI_ALIGN", "ZeroDivisionError: division by zero", "-", "-")]


def test_success_gives_the_result_and_no_row():
    rows = []
    assert attempt("a", "PREPARE", lambda: 5, rows) == 5
    assert rows == []


def test_out_of_memory_ends_the_task():
    with pytest.raises(MemoryError):
        attempt("a", "PREPARE", lambda: raises(MemoryError()), [])


@pytest.mark.parametrize(
    ("error", "code"), [(StoreError("not a store"), 65), (MemoryError(), 137)], ids=["reference", "memory"]
)
def test_exit_codes_that_retry_rules_read(error, code):
    assert exit_code(lambda: raises(error)) == code


def test_success_is_code_0():
    assert exit_code(lambda: None) == 0
