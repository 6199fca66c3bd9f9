"""Tables of domains: our own form and ECOD's, and the handling of unusable rows."""

import gzip
from dataclasses import replace

import pytest

from domainflow.reference.domain_table import format_entries, parse_entries, read_domain_table
from domainflow.run.errors import StoreError

ECOD = (
    "#/data/ecod/database_versions/develop\n"
    "#uid\tecod_domain_id\tmanual_rep\tf_id\tpdb\tchain\tpdb_range\tseqid_range\tunp_acc\tarch_name\tx_name\th_name\t"
    "t_name\tf_name\tasm_status\tligand\n"
    '000000267\te1udzA1\tMANUAL_REP\t1.1.1.27\t1udz\tA\tA:203-381\tA:3-181\tP56690\tbeta barrels\t"cradle loop"\tna\t'
    '"acid protease"\tRVP\tNOT_DOMAIN_ASSEMBLY\tNO_LIGANDS_4A\n'
    "002033668\te5szoB4\tAUTO_NONREP\t11.1.1\t5szo\t.\tA:1-20,B:-3-27A\t\tna\tna\tna\tna\tIg\tna\tna\tna\n"
)


def read(tmp_path, text, name="domains.tsv"):
    (tmp_path / name).write_text(text)
    return read_domain_table(tmp_path / name)


def test_three_columns_are_enough(tmp_path):
    first, second = read(tmp_path, "range\tid\tt_group\nA:1-50\td1\t11.1.1\nA:51-90\td2\t1.1.7\n")
    assert (first.uid, first.id, first.range, first.t_group, first.h_group) == (
        "000000001", "d1", "A:1-50", "11.1.1", "11.1",
    )  # fmt: skip
    assert (first.pdb, first.seqid_range, first.t_group_name, first.length) == ("na", "na", "na", 0)
    assert second.uid == "000000002"
    assert not first.reason


def test_all_columns_are_read(tmp_path):
    header = "uid\tid\tpdb\tchain\trange\tseqid_range\tt_group\tt_group_name\th_group\tlength"
    row = '12\t3.40.50-a\t1ABC\tB\t5-60,70-80A\t2-70\t3.40.50.720\tThe "swivelling" domain\t3.40.50.720\t67'
    (entry,) = read(tmp_path, f"# CATH\n{header}\n{row}\n")
    assert (entry.uid, entry.pdb, entry.range, entry.seqid_range) == ("000000012", "1abc", "B:5-60,B:70-80A", "B:2-70")
    assert (entry.t_group, entry.h_group, entry.length) == ("3.40.50.720", "3.40.50.720", 67)
    assert entry.t_group_name == 'The "swivelling" domain'


def test_ecods_own_file_is_read(tmp_path):
    for name, content in (("e.domains", ECOD.encode()), ("e.domains.gz", gzip.compress(ECOD.encode()))):
        (tmp_path / name).write_bytes(content)
        first, second = read_domain_table(tmp_path / name)
        assert (first.uid, first.id, first.pdb, first.range) == ("000000267", "e1udzA1", "1udz", "A:203-381")
        assert (first.seqid_range, first.t_group, first.h_group) == ("A:3-181", "1.1.1", "1.1")
        assert first.t_group_name == "acid protease"
        assert (second.range, second.seqid_range, second.t_group) == ("A:1-20,B:-3-27A", "na", "11.1.1")
        assert not first.reason
        assert not second.reason


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("d/1\t1\tA:1-9\t1.1.1\t", "holds '/'"),
        ("d1\tx7\tA:1-9\t1.1.1\t", "'x7' is not a uid"),
        ("d1\t1\t1-9\t1.1.1\t", "names no chain"),
        ("d1\t1\t\t1.1.1\t", "not of the form"),
        ("d1\t1\tA:1-9\t\t", "'' in the column t_group is not a group"),
        ("d1\t1\tA:1-9\t1.1.1\tlong", "'long' in the column length"),
        ("d1\t1\tA:1-9", "is not a group"),
    ],
)
def test_a_row_that_cannot_be_used_is_kept_with_its_reason(tmp_path, row, said):
    bad, good = read(tmp_path, f"id\tuid\trange\tt_group\tlength\n{row}\nd2\t2\tA:1-9\t1.1.1\t\n")
    assert said in bad.reason
    assert not good.reason


def test_of_two_rows_with_one_uid_the_second_is_left_out(tmp_path):
    first, second = read(tmp_path, "id\tuid\trange\tt_group\nd1\t7\tA:1-9\t1.1.1\nd2\t007\tA:1-9\t1.1.1\n")
    assert not first.reason
    assert second.reason == "the uid 000000007 already occurs in an earlier row"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id\tt_group\nd1\t1.1.1\n", "lacks the columns range"),
        ("id\trange\tt_group\n", "no domain"),
        ("name,segments\nd1,A:1-9\n", "is not a domain table"),
        ("\n", "is empty"),
    ],
)
def test_what_is_no_table_is_named(tmp_path, text, said):
    with pytest.raises(StoreError, match=said):
        read(tmp_path, text)


def test_entries_travel_as_text(tmp_path):
    entries = read(tmp_path, ECOD)
    entries[0] = replace(entries[0], file="1udz.cif.gz", note="a note", length=179)
    assert parse_entries(format_entries(entries)) == entries
