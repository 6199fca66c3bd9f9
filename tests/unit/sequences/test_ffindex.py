"""HH-suite's format of many entries in one file."""

import pytest

from domainflow.sequences.ffindex import FfindexWriter, read_ffindex

ENTRIES = [("000000001", b"first\n"), ("000000002", b""), ("d1abc.1", b"third")]


def test_entries_come_back(tmp_path):
    path = tmp_path / "a name.with dots_hhm"
    with FfindexWriter(path) as writer:
        for entry in ENTRIES:
            writer.add(*entry)
    assert list(read_ffindex(path)) == ENTRIES


def test_the_files_are_what_hhsuite_reads(tmp_path):
    with FfindexWriter(tmp_path / "x") as writer:
        for entry in ENTRIES:
            writer.add(*entry)
    assert (tmp_path / "x.ffdata").read_bytes() == b"first\n\0\0third\0"
    assert (tmp_path / "x.ffindex").read_text() == "000000001\t0\t7\n000000002\t7\t1\nd1abc.1\t8\t6\n"


@pytest.mark.parametrize(("name", "content"), [("a", b""), ("b", b""), ("", b""), ("c d", b""), ("c", b"x\0y")])
def test_entries_that_bisection_or_reading_would_miss_are_refused(tmp_path, name, content):
    with FfindexWriter(tmp_path / "x") as writer:
        writer.add("b", b"content")
        with pytest.raises(ValueError, match="cannot be the next entry"):
            writer.add(name, content)
