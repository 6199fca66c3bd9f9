"""The page on the CPU and memory of a run's steps, from Nextflow's table of tasks."""

import re
from html.parser import HTMLParser

import pytest

COLUMNS = ("hash", "process", "name", "status", "exit", "attempt", "realtime", "%cpu", "peak_rss")
TASKS = [
    ("aa/1", "PARSE:ALIGN:ALIGN_TEMPLATES", "ALIGN_TEMPLATES (b0)", "FAILED", "137", "1", "1m", "50.0%", "1.5 GB"),
    ("aa/2", "PARSE:ALIGN:ALIGN_TEMPLATES", "ALIGN_TEMPLATES (b0)", "COMPLETED", "0", "2", "1h 30m", "150.0%", "3 GB"),
    ("aa/3", "PARSE:ALIGN:ALIGN_TEMPLATES", "ALIGN_TEMPLATES (b1)", "CACHED", "0", "1", "2m", "100.0%", "900 MB"),
    ("aa/4", "DOMAINS:WRITE_RESULTS", "WRITE_RESULTS", "COMPLETED", "0", "1", "850ms", "100.0%", "150 MB"),
    ("aa/5", "REQUIRE_ANSWERS", "REQUIRE_ANSWERS", "FAILED", "1", "1", "7ms", "-", "0"),
]


class Cells(HTMLParser):
    """Texts of a table's cells by row, and all tags."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags, self.inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, _attributes):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th") or (self.inside and tag in ("span", "i"))
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, text):
        if self.inside:
            self.rows[-1][-1] += text.strip()


@pytest.fixture(scope="module")
def pages(evaluate):
    lines = ["\t".join(row) + "\n" for row in (COLUMNS, *TASKS)]
    return evaluate("print_cost.nf", ["".join(lines), "".join(lines) + "aa/6\tcut", "", None])


def test_steps_are_listed_by_their_cpu_time(pages):
    header, *rows = Cells(pages[0]).rows
    assert header == [
        "step", "", "CPU time", "share", "tasks", "tried again", "failed", "longest task", "largest memory",
    ]  # fmt: skip
    # 30 s + 8100 s + 120 s
    assert rows == [
        ["ALIGN_TEMPLATES", "", "2.3 h", "100.0 %", "2", "1", "0", "1.5 h", "3221 MB"],
        ["WRITE_RESULTS", "", "0.9 s", "0.0 %", "1", "0", "0", "0.9 s", "157 MB"],
        ["REQUIRE_ANSWERS", "", "–", "0.0 %", "1", "0", "1", "0.0 s", "–"],
    ]
    assert "All tasks took 2.3 h of CPU time. Of this, 2.0 min are of tasks that an earlier run had done" in pages[0]


def test_a_line_that_was_cut_off_is_left_out(pages):
    assert pages[1] == pages[0]


def test_without_a_table_of_tasks_the_page_says_so(pages):
    for page in pages[2:]:
        assert "Nextflow wrote no execution_trace.txt" in page
        assert "<table" not in page
    assert "../report.html" in pages[2]
    assert "../report.html" not in pages[3]


def test_the_page_has_no_script_and_asks_for_nothing(pages):
    assert "script" not in Cells(pages[0]).tags
    assert "default-src 'none'" in pages[0]
    assert re.findall(r'(?:src|href)="([^"]+)"', pages[0]) == ["data:,", "../report.html"]
    assert "<title>Cost of the run sad_&lt;name></title>" in pages[0]
