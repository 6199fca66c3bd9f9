"""ProMod3's structure database, tested on a small invented file of the same layout."""

import struct
from pathlib import Path

import numpy as np
import pytest

from domainflow.reference.promod3 import Promod3Database
from domainflow.run.errors import StoreError

CHAINS = [("1ABC", "A", "MKV"), ("2XYZ", "B", "GG")]


def invented_file(path: Path) -> np.ndarray:
    """Write two chains of three and two residues; return the coordinates in 0.01 Å, shape (5, 4, 3)."""
    content = struct.pack("<II", 1234, 2) + bytes(69) + struct.pack("<Q", len(CHAINS))
    first = 0
    for pdb, chain, sequence in CHAINS:
        content += struct.pack("<I4sIcIHh3f", 4, pdb.encode(), 1, chain.encode(), first, len(sequence), 7, 1, 2, 3)
        first += len(sequence)
    coordinates = np.arange(first * 12, dtype="<i2").reshape(first, 4, 3) * 100 - 3000
    content += struct.pack("<Q", first) + "".join(sequence for _, _, sequence in CHAINS).encode()
    content += struct.pack("<Q", first) + coordinates.tobytes()
    for size in (4, 2, 2, 1):
        content += struct.pack("<Q", first) + bytes(size * first)
    profiles = np.zeros((first, 20), "<u2")
    profiles[np.arange(first), np.arange(first)] = 10_000
    path.write_bytes(content + struct.pack("<Q", first) + profiles.tobytes())
    return coordinates


def test_coordinates_are_hundredths_of_an_angstrom_without_the_shift(tmp_path: Path) -> None:
    coordinates = invented_file(tmp_path / "structure_db.dat")
    database = Promod3Database(tmp_path / "structure_db.dat")
    assert ("1ABC", "A") in database
    assert ("1ABC", "B") not in database
    chain = database.chain("2XYZ", "B")
    assert chain.sequence == "GG"
    np.testing.assert_allclose(chain.backbone, coordinates[3:] / 100, atol=1e-9)
    assert database.chain("1ABC", "A").sequence == "MKV"
    with pytest.raises(KeyError):
        database.chain("1ABC", "B")


def test_profiles_are_shares(tmp_path: Path) -> None:
    invented_file(tmp_path / "structure_db.dat")
    profile = Promod3Database(tmp_path / "structure_db.dat").profile("2XYZ", "B")
    np.testing.assert_allclose(profile, np.eye(5, 20)[3:], atol=1e-6)


def test_refuses_other_and_cut_files(tmp_path: Path) -> None:
    path = tmp_path / "structure_db.dat"
    with pytest.raises(StoreError, match="cannot be read"):
        Promod3Database(path)
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be read"):
        Promod3Database(path)
    path.write_bytes(bytes(200))
    with pytest.raises(StoreError, match="not version 2"):
        Promod3Database(path)
    invented_file(path)
    for kept in (100, 160, 180):
        path.write_bytes(path.read_bytes()[:kept] if kept < path.stat().st_size else b"")
        with pytest.raises(StoreError, match=r"cut off|cannot be read"):
            Promod3Database(path)
        invented_file(path)
