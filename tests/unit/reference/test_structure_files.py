"""Choice of the file that a domain is cut from: names, obsolete entries, buckets."""

import gzip

import pytest

from domainflow.reference.domain_table import DomainEntry
from domainflow.reference.structure_files import bucket_count, buckets, is_own_file, read_obsolete, with_files
from domainflow.run.errors import StoreError


def entry(pdb="1abc", name="e1abcA1", uid="000000001", reason=""):
    return DomainEntry(uid, name, pdb, "A:1-50", "na", "1.1.1", "na", "1.1", reason=reason)


def chosen(names, pdb="1abc", obsolete=None, name="e1abcA1"):
    (found,) = with_files([entry(pdb, name)], names, obsolete or {})
    return found


@pytest.mark.parametrize(
    "name",
    ["1abc.cif", "1abc.cif.gz", "1ABC.cif.gz", "1abc.pdb", "1abc.pdb.gz", "pdb1abc.ent", "pdb1abc.ent.gz", "1abc.ent"],
)
def test_names_an_entry_may_have(name):
    found = chosen([name, "2xyz.cif"])
    assert (found.file, found.reason) == (name, "")
    assert not is_own_file(found)


def test_mmcif_is_preferred_and_a_file_of_the_domains_own_most():
    assert chosen(["pdb1abc.ent.gz", "1abc.pdb", "1abc.cif.gz"]).file == "1abc.cif.gz"
    found = chosen(["1abc.cif", "e1abcA1.pdb"])
    assert found.file == "e1abcA1.pdb"
    assert is_own_file(found)


def test_a_domain_called_as_its_entry_is_cut_from_the_entry():
    found = chosen(["model_1.pdb"], pdb="model_1", name="model_1")
    assert found.file == "model_1.pdb"
    assert not is_own_file(found)


def test_promod3s_database_holds_every_entry():
    assert chosen(["structure_db.dat", "1abc.cif"]).file == "structure_db.dat"
    assert "names no entry" in chosen(["structure_db.dat"], pdb="na").reason


def test_an_obsolete_entry_is_taken_from_its_successor(tmp_path):
    (tmp_path / "obsolete.dat").write_text(
        " LIST OF OBSOLETE COORDINATE ENTRIES AND SUCCESSORS\n"
        "OBSLTE    31-JUL-94 1ABC     2XYZ     3XYZ\n"
        "OBSLTE    31-JUL-95 2XYZ     4XYZ\n"
        "OBSLTE    26-SEP-06 2H33\n"
    )
    obsolete = read_obsolete(tmp_path / "obsolete.dat")
    assert obsolete == {"1abc": ["2xyz", "3xyz"], "2xyz": ["4xyz"], "2h33": []}
    assert chosen(["1abc.pdb", "2xyz.cif"], obsolete=obsolete).file == "1abc.pdb"
    found = chosen(["3xyz.cif", "4xyz.cif"], obsolete=obsolete)
    assert (found.file, found.note) == ("3xyz.cif", "entry 1abc is obsolete; its successor 3xyz was used")
    assert chosen(["4xyz.cif"], obsolete=obsolete).file == "4xyz.cif"
    nowhere = chosen([], obsolete=obsolete)
    assert nowhere.reason.startswith("there is no structure file of entry 1abc, which is obsolete, nor of 2xyz or 3xyz")
    assert "obsolete and has no successor" in chosen([], pdb="2h33", obsolete=obsolete).reason
    assert chosen([], pdb="9abc").reason == "there is no structure file of entry 9abc"
    (tmp_path / "other").write_text("nothing\n")
    with pytest.raises(StoreError, match="lists no obsolete entry"):
        read_obsolete(tmp_path / "other")


def test_a_ring_of_successors_ends():
    assert "no structure file" in chosen([], obsolete={"1abc": ["2abc"], "2abc": ["1abc"]}).reason


def test_an_obsolete_list_may_be_gzipped(tmp_path):
    (tmp_path / "o.gz").write_bytes(gzip.compress(b"OBSLTE    31-JUL-94 1ABC     2XYZ\n"))
    assert read_obsolete(tmp_path / "o.gz") == {"1abc": ["2xyz"]}


def test_domains_of_one_file_share_a_bucket_and_the_others_do_not_matter():
    entries = [entry(f"{number // 3}abc", f"d{number}", f"{number:09d}") for number in range(60)]
    names = [f"{number}abc.cif" for number in range(20)]
    planned = with_files(entries, names, {})
    parts = buckets(planned, 8)
    assert sum(map(len, parts.values())) == 60
    assert len(parts) > 3
    number_of = {one.uid: number for number, part in parts.items() for one in part}
    assert all(len({number_of[f"{3 * file + k:09d}"] for k in range(3)}) == 1 for file in range(20))
    fewer = buckets(planned[:30], 8)
    assert all(number_of[one.uid] == number for number, part in fewer.items() for one in part)
    assert not buckets([entry(reason="bad")], 8)


def test_the_number_of_buckets_is_a_power_of_two():
    assert [bucket_count(number) for number in (1, 250, 251, 2574, 10**7)] == [1, 1, 2, 16, 1024]
