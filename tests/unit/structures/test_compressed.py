"""Packed files are unpacked in memory; archives that attack are refused in one sentence."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
import zstandard

from domainflow.run.errors import InputError
from domainflow.structures.compressed import MOST_LAYERS, read_bytes, unpack

TEXT = b"some text of a file\n" * 500
BOMB = bytes(8 * 1024**2)
MOST = 1024**2
"""Bytes that the tests allow."""


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(*members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members:
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
            else:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
    "zip": lambda content: zipped(("a.pdb", content)),
    "tar": lambda content: tarred(("folder/a.pdb", content)),
}


@pytest.mark.parametrize("program", PACKERS)
def test_one_file_is_unpacked(program):
    packed = PACKERS[program](TEXT)
    assert unpack(packed, "x") == TEXT
    assert unpack(gzip.compress(packed), "x") == TEXT
    if program not in ("zip", "tar"):
        assert unpack(packed + packed, "x") == TEXT + TEXT, "several streams are one file"


@pytest.mark.parametrize("program", PACKERS)
def test_a_cut_file_is_named_by_its_kind(program):
    packed = PACKERS[program](TEXT)
    end = 700 if program == "tar" else len(packed) - 12
    with pytest.raises(InputError, match=f"x is a damaged or incomplete {program}"):
        unpack(packed[:end], "x")


@pytest.mark.parametrize("program", PACKERS)
def test_a_bomb_is_not_unpacked(program):
    with pytest.raises(InputError, match="x holds more than 1 MB"):
        unpack(PACKERS[program](BOMB), "x", MOST)
    with pytest.raises(InputError, match="x holds more than 1 MB"):
        unpack(gzip.compress(PACKERS[program](BOMB)), "x", MOST)


def test_packings_inside_one_another_end():
    content = TEXT
    for _ in range(MOST_LAYERS):
        content = gzip.compress(content)
    assert unpack(content, "x") == TEXT
    with pytest.raises(InputError, match="packed more than 3 times"):
        unpack(gzip.compress(content), "x")


def test_archives_of_several_files_are_named():
    with pytest.raises(InputError, match="x is a zip archive of 2 files; give the archive itself as --input"):
        unpack(zipped(("a", b"1"), ("b", b"2")), "x")
    with pytest.raises(InputError, match="x is a tar archive of 2 files; give the archive itself as --input"):
        unpack(tarred(("a", b"1"), ("b", b"2")), "x")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(kind):
    member = tarfile.TarInfo("../../etc/passwd")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(InputError, match="holds a link or device"):
        unpack(tarred(("", member)), "x")


def test_names_in_archives_are_not_used(tmp_path):
    path = tmp_path / "inside" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(zipped(("../../escaped", TEXT)))
    assert read_bytes(path) == TEXT
    assert [found.name for found in tmp_path.rglob("*")] == ["inside", "a.zip"]


def test_an_xz_file_that_needs_a_huge_dictionary_is_refused():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**29}]
    packed = bytearray(lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 2**20}]))
    with pytest.raises(InputError, match="damaged or incomplete xz"):
        unpack(bytes(packed[:12]) + bytes(packed[13:]), "x")
    with pytest.raises(InputError, match="damaged or incomplete xz"):
        unpack(lzma.compress(b"x", filters=filters), "x")
