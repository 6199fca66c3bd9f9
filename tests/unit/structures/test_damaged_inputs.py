"""Thousands of damaged files of every kind: each has its row in the ledger, and good ones beside them are the same."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import tarfile
import zipfile
from collections import Counter

import foldcomp
import numpy as np
import pytest
import zstandard

from binary_cif import binary_cif
from domainflow.run.ledger import PASSED
from domainflow.run.step import Step
from domainflow.structures.prepare import ProteinFiles, prepare_input, prepare_protein
from files_in_memory import hdf5, saved
from peptides import ALPHA, mmcif_text, pdb_text, peptide

FILES = 5_000
L = 12
HELIX = peptide([ALPHA] * L)
PDB = pdb_text(HELIX)
MATRIX = np.round(np.random.default_rng(5).uniform(0.25, 30, (L, L)), 2)


def cif():
    rows = [
        f"ATOM {atom} . ALA A {number} {x:.3f} {y:.3f} {z:.3f} 1"
        for number, residue in enumerate(HELIX, start=1)
        for atom, (x, y, z) in zip(("N", "CA", "C", "O"), residue, strict=True)
    ]
    return mmcif_text(rows)


def words(separator, *last):
    """Atom lines with a separator between the fields."""
    rows = [line.split() for line in PDB.splitlines()]
    return "".join(separator.join([*row[:9], *(last or row[9:])]) + "\n" for row in rows).encode()


def zipped(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file", content)
    return buffer.getvalue()


def tarred(content):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("file")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def flat():
    pairs = [(i, j) for i in range(1, L + 1) for j in range(1, L + 1)]
    first, second = zip(*pairs, strict=True)
    return json.dumps([{"residue1": first, "residue2": second, "distance": MATRIX.ravel().tolist()}]).encode()


TEXT = PDB.encode()
AFDB = json.dumps([{"predicted_aligned_error": MATRIX.tolist()}]).encode()
STRUCTURES = {
    "PDB": TEXT,
    "PDB with byte order mark": PDB.encode("utf-8-sig"),
    "PDB in UTF-16": PDB.encode("utf-16"),
    "PDB with END": (PDB + "END\n" + PDB).encode(),
    "PDB with MSE after TER": (PDB + "TER\n" + pdb_text(HELIX[-1:] + 3, ["MSE"], first=13, hetero=(0,))).encode(),
    "PQR": words(" ", "-0.4157", "1.8240"),
    "tabs": words("\t"),
    "mmCIF": cif().encode(),
    "mmCIF, gzip": gzip.compress(cif().encode(), mtime=0),
    "BinaryCIF": binary_cif(cif()),
    "BinaryCIF, gzip": gzip.compress(binary_cif(cif()), mtime=0),
    "FoldComp": foldcomp.compress("helix", PDB),
    "gzip": gzip.compress(TEXT, mtime=0),
    "bzip2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "zstd": zstandard.compress(TEXT),
    "zip": zipped(TEXT),
    "tar": tarred(TEXT),
}
PAE = {
    "AlphaFold DB": AFDB,
    "AlphaFold DB, gzip": gzip.compress(AFDB, mtime=0),
    "AlphaFold DB in UTF-16": AFDB.decode().encode("utf-16"),
    "AlphaFold DB of 2021": flat(),
    "AlphaFold 3": json.dumps(
        {"pae": MATRIX.tolist(), "token_chain_ids": ["A"] * L, "token_res_ids": [*range(1, L + 1)]}
    ).encode(),
    "Protenix": json.dumps({"token_pair_pae": MATRIX.tolist()}).encode(),
    "npz": saved(np.savez_compressed, pae=MATRIX),
    "npy": saved(np.save, MATRIX[None]),
    "pickle": pickle.dumps({"predicted_aligned_error": MATRIX, "plddt": np.ones(L)}, 4),
    "old pickle": pickle.dumps({"predicted_aligned_error": MATRIX, "x": [1, "a"]}, 2),
    "HDF5": hdf5(MATRIX.ravel()),
    "text": saved(np.savetxt, MATRIX),
}
RNG = np.random.default_rng(11)


def damaged(content):
    """The content with one to three kinds of damage."""
    for _ in range(RNG.integers(1, 4)):
        place, size = int(RNG.integers(0, len(content) + 1)), int(RNG.integers(1, 40))
        kind = RNG.integers(0, 8)
        if kind == 0:
            content = content[:place]
        elif kind == 1:
            content = content[:place] + content[place + size :]
        elif kind == 2:
            content = content[:place] + RNG.bytes(size) + content[place:]
        elif kind == 3:
            content = content[:place] + content[place : place + 40 * size] * 2 + content[place + 40 * size :]
        elif kind == 4:
            lines = content.split(b"\n")
            one, two = RNG.integers(0, len(lines), 2)
            lines[one], lines[two] = lines[two], lines[one]
            content = b"\n".join(lines)
        elif kind == 5 and len(content) < 10**5:
            encoding = ("utf-16", "utf-8-sig", "utf-32", "utf-16-be")[RNG.integers(0, 4)]
            content = content.decode("latin-1").encode(encoding)
        else:
            changed = bytearray(content)
            for at in RNG.integers(0, max(len(changed), 1), size // 2 + 1):
                if at < len(changed):
                    changed[at] ^= 1 << int(RNG.integers(0, 8))
            content = bytes(changed)
    return content


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A good structure and PAE."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "good.pdb").write_bytes(TEXT)
    (folder / "good.json").write_bytes(AFDB)
    return folder


def test_good_files_of_all_kinds_pass(tmp_path, good):
    assert len(STRUCTURES) + len(PAE) == 30
    for number, content in enumerate([*STRUCTURES.values(), *PAE.values()]):
        (tmp_path / f"{number}").write_bytes(content)
        is_structure = number < len(STRUCTURES)
        structure, pae = (tmp_path / f"{number}", None) if is_structure else (good / "good.pdb", tmp_path / f"{number}")
        protein = prepare_protein("x", structure, pae)
        assert protein.sequence == "A" * L
        assert is_structure or np.allclose(protein.pae, MATRIX)


def test_damaged_files(tmp_path, good):
    kinds = [*STRUCTURES.items(), *PAE.items()]

    def inputs():
        for number in range(FILES):
            kind, content = kinds[number % len(kinds)]
            path = tmp_path / "file"
            path.write_bytes(damaged(content))
            files = (good / "good.pdb", path) if kind in PAE else (path, good / "good.json")
            yield ProteinFiles(f"damaged{number}", *files)
            if number % 50 == 0:
                yield ProteinFiles(f"good{number}", good / "good.pdb", good / "good.json")

    expected = prepare_protein("good", good / "good.pdb", good / "good.json")
    step = Step("PREPARE_PROTEINS")
    names = []
    for given, protein in step.each(inputs(), prepare_input):
        names.append(given.id)
        if given.id.startswith("good"):
            assert (protein.pdb, protein.states, protein.notes) == (expected.pdb, expected.states, expected.notes)
            np.testing.assert_array_equal(protein.pae, expected.pae)
    assert len(step.rows) == FILES + FILES // 50
    assert len({row.protein for row in step.rows}) == len(step.rows)
    assert sum(name.startswith("good") for name in names) == FILES // 50
    wrong = [row for row in step.rows if row.status not in (PASSED, "rejected")]
    assert wrong == []
    assert all(len(row.reason) < 300 for row in step.rows)
    statuses = Counter(row.status for row in step.rows)
    assert min(statuses.values()) > FILES // 20, "some damage is harmless, some is not"
