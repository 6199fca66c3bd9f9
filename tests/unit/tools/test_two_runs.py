"""The comparison of two runs of the same proteins."""

import pandas as pd
import pytest

from evaluation.two_runs import cpu_seconds, matches

TRACE = """process\tstatus\trealtime\t%cpu
PARSE:ALIGN_TEMPLATES\tCOMPLETED\t2m 30s\t80.0%
PARSE:ALIGN_TEMPLATES\tCACHED\t500ms\t100.0%
PARSE:ALIGN_TEMPLATES\tFAILED\t1h\t100.0%
PARSE:SEARCH_TEMPLATES\tCOMPLETED\t1h 1s\t50.0%
DOMAINS:CHECK_RUN\tCOMPLETED\t3s\t-
"""


def domains(*rows):
    return pd.DataFrame(rows, columns=["protein", "range", "t_group", "label"])


def test_every_domain_gets_its_best_partner():
    one = domains(
        ("A", "1-100", "1.1.1", "good_domain"), ("A", "101-200", "2.1.1", "good_domain"), ("B", "1-50", "3.1.1", "x")
    )
    other = domains(("A", "1-80", "1.1.1", "low_confidence"), ("A", "101-110", "2.1.1", "good_domain"))
    first, second, third = matches(one, other)
    assert first == (0.8, "1.1.1", "good_domain", "1.1.1", "low_confidence")
    assert second == (0.1, "2.1.1", "good_domain", "2.1.1", "good_domain")
    assert third == (0.0, "3.1.1", "x", "", "")


def test_cpu_time_is_that_of_tasks_that_ended_well(tmp_path):
    (tmp_path / "trace.txt").write_text(TRACE)
    assert cpu_seconds(tmp_path / "trace.txt") == pytest.approx({"ALIGN_TEMPLATES": 120.5, "SEARCH_TEMPLATES": 1800.5})
