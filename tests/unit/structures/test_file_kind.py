"""The kind of a file is told from its content."""

import gzip
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.structures.file_kind import Kind, decode_text, file_kind
from files_in_memory import hdf5, saved
from peptides import ALPHA, pdb_text, peptide

PDB = pdb_text(peptide([ALPHA] * 12))


CONTENTS = {
    Kind.PDB: PDB.encode(),
    Kind.MMCIF: b"# made by a program\ndata_model\n#\nloop_\n_atom_site.id\n1\n",
    Kind.GZIP: gzip.compress(PDB.encode()),
    Kind.NUMPY_ARRAY: saved(np.save, np.zeros((3, 3))),
    Kind.NUMPY_ARCHIVE: saved(np.savez_compressed, pae=np.zeros((3, 3))),
    Kind.PICKLE: pickle.dumps({"plddt": np.zeros(3)}),
    Kind.HDF5: hdf5(np.zeros(4)),
    Kind.JSON: b'  [{"predicted_aligned_error": [[0]]}]',
    Kind.NUMBERS: b"0.250 1.5e+00 3\n1 0 2\n",
    Kind.FASTA: b">sp|P12345\nMKV\n",
    Kind.WEB_PAGE: b"<!DOCTYPE html><html>404</html>",
    Kind.EMPTY: b" \n",
    Kind.TEXT: b"id,structure,pae\n",
    Kind.BINARY: b"\x07\x00\x01\x02",
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_kinds(kind):
    assert file_kind(CONTENTS[kind]) is kind
    if kind in (Kind.PDB, Kind.MMCIF, Kind.JSON, Kind.NUMBERS, Kind.WEB_PAGE, Kind.FASTA):
        for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
            assert file_kind(CONTENTS[kind].decode().encode(encoding)) is kind


def test_texts_are_decoded():
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert decode_text("modèle\n".encode(encoding) if "16-" not in encoding else "model\n".encode(encoding)) in (
            "modèle\n",
            "model\n",
        )
    assert decode_text("modèle".encode("latin-1")) == "modèle"


@given(st.binary(max_size=400))
def test_every_content_has_a_kind(content):
    assert isinstance(file_kind(content), Kind)
    assert isinstance(decode_text(content), str)
