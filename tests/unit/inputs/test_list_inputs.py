"""What an input is, is told from its content; every kind gives its proteins or one sentence."""

import io
import os
import tarfile
import zipfile

import foldcomp
import pytest

from domainflow.inputs.archive import members
from domainflow.inputs.list_inputs import InputKind, default_buckets, list_inputs
from domainflow.inputs.parts import part_number
from domainflow.run.errors import InputError
from peptides import ALPHA, pdb_text, peptide
from predictor_folders import structure


def listed(path, buckets=None):
    inputs = list_inputs(path, path.name, path.parent / f"{path.name}.parts", buckets)
    rows, unused = list(inputs.rows), list(inputs.unused)
    inputs.close()
    return inputs.kind, rows, unused


def test_one_structure(tmp_path):
    for name in ("a.pdb", "a.cif.gz", "AF-P1-F1-model_v4.cif"):
        (tmp_path / name).write_bytes(structure())
        kind, rows, _ = listed(tmp_path / name)
        assert kind is InputKind.FILE
        assert [row.id for row in rows] == [name.partition(".")[0].removesuffix("-model_v4")]


def test_a_list_of_paths(tmp_path):
    (tmp_path / "list.txt").write_text("/data/x/model.pdb\n/data/y/model.pdb\n/data/y/pae.json\nz.cif\n")
    kind, rows, _ = listed(tmp_path / "list.txt")
    assert kind is InputKind.SHEET
    assert [(row.id, row.structure, row.pae) for row in rows] == [
        ("x", "/data/x/model.pdb", None), ("y", "/data/y/model.pdb", "/data/y/pae.json"), ("z", "z.cif", None),
    ]  # fmt: skip


def test_an_empty_folder(tmp_path):
    with pytest.raises(InputError, match="holds no structure"):
        listed(tmp_path)


def test_files_of_a_folder_are_paired_and_the_others_listed(tmp_path):
    folder = tmp_path / "models"
    for name in (
        "P0CG48/model.cif",
        "both.cif",
        "both.pdb",
        "several/a.pdb",
        "several/b.pdb",
        "x_model_1.pdb",
        "x_model_2.pdb",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(structure())
    (folder / "P0CG48" / "pae.json").write_text('{"pae": [[0]]}')
    (folder / "lonely.json").write_text('{"pae": [[0]]}')
    (folder / ".hidden.pdb").write_bytes(structure())
    _, rows, unused = listed(folder)
    assert {row.id: (row.structure, row.pae) for row in rows} == {
        "P0CG48": ("P0CG48/model.cif", "P0CG48/pae.json"),
        "a": ("several/a.pdb", None),
        "b": ("several/b.pdb", None),
        "both": ("both.cif", None),
        "x_model_1": ("x_model_1.pdb", None),
        "x_model_2": ("x_model_2.pdb", None),
    }
    assert dict(unused) == {
        ".hidden.pdb": "a hidden file",
        "both.pdb": "another model or format of the protein; both.cif is used",
        "lonely.json": "no structure belongs to it",
    }


def tar_of(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return path


def test_members_that_attack_are_left_out(tmp_path):
    link = tarfile.TarInfo("link.pdb")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("device.pdb")
    device.type = tarfile.CHRTYPE
    outside = [("../../up.pdb", structure()), ("/tmp/absolute.pdb", structure())]
    path = tar_of(tmp_path / "in.tar", [("good.pdb", structure()), link, device, *outside])
    _, rows, unused = listed(path)
    assert [row.id for row in rows] == ["good"]
    assert dict(unused) == {
        "link.pdb": "a link or device, which is not followed",
        "device.pdb": "a link or device, which is not followed",
        "../../up.pdb": "its name leads out of the archive",
        "/tmp/absolute.pdb": "its name leads out of the archive",
    }
    assert not (tmp_path.parent / "up.pdb").exists()
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("good.pdb", structure())
        archive.writestr("../up.pdb", structure())
    _, rows, unused = listed(tmp_path / "in.zip")
    assert [row.id for row in rows] == ["good"]
    assert unused == [("../up.pdb", "its name leads out of the archive")]


def test_bombs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("domainflow.inputs.archive.FREE", 2**20)
    bomb = tar_of(tmp_path / "in.tar.xz", [(f"{n}.pdb", bytes(2**20)) for n in range(8)], "w:xz")
    with pytest.raises(InputError, match="unpacks to more than 500 times its size"):
        listed(bomb)
    monkeypatch.setattr("domainflow.inputs.archive.LARGEST", 2**20)
    for name, mode in (("in.tar", "w"), ("in.tar.gz", "w:gz")):
        with pytest.raises(InputError, match="of a single protein has at most"):
            listed(tar_of(tmp_path / name, [("a.pdb", bytes(2**20 + 1))], mode))
    with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdb", bytes(2**20 + 1))
    with pytest.raises(InputError, match="of a single protein has at most"):
        listed(tmp_path / "in.zip")


def test_a_cut_archive_is_one_sentence(tmp_path):
    path = tar_of(tmp_path / "in.tar.gz", [(f"{n}.pdb", os.urandom(5000)) for n in range(9)], "w:gz")
    path.write_bytes(path.read_bytes()[:-9000])
    with pytest.raises(InputError, match=r"in.tar.gz is a damaged or incomplete archive"):
        list(members(path, path.name))


def test_an_archive_without_structures(tmp_path):
    with pytest.raises(InputError, match=r"the archive in.tar holds no structure"):
        listed(tar_of(tmp_path / "in.tar", [("a.txt", b"text")]))


def test_equal_ids_in_an_archive_are_rows_with_a_reason(tmp_path):
    path = tar_of(
        tmp_path / "in.tar",
        [("a.pdb", structure()), ("b c.pdb", structure()), ("x/a.pdb", structure()), ("x/z.pdb", structure())],
    )
    _, rows, _ = listed(path)
    assert {row.id: row.reason is None for row in rows} == {"a": True, "b c": False, "x_a": True, "z": True}


def test_a_foldcomp_database(tmp_path):
    text = pdb_text(peptide([ALPHA] * 24), ["ALA", "GLY", "LEU", "SER"] * 6)
    data, index, lookup = b"", "", ""
    for number, name in enumerate(("one", "two")):
        entry = foldcomp.compress(name, text)
        index += f"{number}\t{len(data)}\t{len(entry)}\n"
        lookup += f"{number}\t{name}.pdb\t0\n"
        data += entry
    (tmp_path / "db").write_bytes(data)
    (tmp_path / "db.index").write_text(index)
    (tmp_path / "db.lookup").write_text(lookup)
    kind, rows, _ = listed(tmp_path / "db")
    assert kind is InputKind.ARCHIVE
    assert [row.id for row in rows] == ["one", "two"]


def test_fragments_of_a_long_protein_share_a_part():
    assert part_number("AF-Q8WZ42-F1") == part_number("AF-Q8WZ42-F12") != part_number("AF-Q8WZ43-F1")


def test_buckets_grow_as_those_of_files():
    assert [default_buckets(n) for n in (1, 2, 10, 100, 100_000, 10**6)] == [1, 4, 8, 16, 512, 1024]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_members_are_those_that_tarfile_reads(tmp_path, form):
    names = ["a.pdb", "é.pdb", "long/" * 30 + "b.pdb", "folder/c.pdb", "d" * 90 + ".pdb", "last.pdb"]
    with tarfile.open(tmp_path / "in.tar", "w", format=form) as archive:
        for number, name in enumerate(names):
            info = tarfile.TarInfo(name)
            info.size = 500 + number
            archive.addfile(info, io.BytesIO(bytes([number]) * info.size))
    found = {member.name: member.content for member in members(tmp_path / "in.tar", "in.tar")}
    assert found == {name: bytes([number]) * (500 + number) for number, name in enumerate(names)}


def test_a_wrong_checksum_is_damage(tmp_path):
    path = tar_of(tmp_path / "in.tar", [(f"{n}.pdb", structure()) for n in range(3)])
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"in.tar is a damaged or incomplete archive"):
        list(members(path, path.name))
