"""The folder that each predictor leaves: flat, nested, zipped and in a tar, it gives its best models with their PAE."""

import io
import tarfile
import zipfile

import numpy as np
import pytest

from domainflow.inputs.folder import listed_folder
from domainflow.inputs.list_inputs import list_inputs
from domainflow.inputs.part_files import files_of_parts
from domainflow.inputs.proteins import groups
from domainflow.inputs.rows import rows_of_groups
from domainflow.structures.prepare import prepare_input, prepare_protein
from predictor_folders import MATRIX, PREDICTORS


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pae_is_that_of_the_best(protein, expected):
    if expected is None:
        return protein.pae is None
    return protein.pae is not None and np.allclose(protein.pae, MATRIX)


@pytest.mark.parametrize("predictor", PREDICTORS)
@pytest.mark.parametrize("nested", [False, True])
def test_a_folder(tmp_path, predictor, nested):
    files, expected = PREDICTORS[predictor]()
    folder = write(tmp_path / "in", {f"results/{name}" if nested else name: files[name] for name in files})
    rows, unused = rows_of_groups(groups(listed_folder(folder), "in"))
    start = "results/" if nested else ""
    if nested and len(expected) == 1 and "/" not in next(iter(expected.values()))[0]:
        expected = {"results": next(iter(expected.values()))}  # alone in its folder: it has the folder's name
    found = {row.id: (row.structure, row.pae) for row in rows}
    assert found == {name: (start + one, two and start + two) for name, (one, two) in expected.items()}
    # every file is used, or listed with a reason
    used = {path for pair in found.values() for path in pair if path}
    assert used | {path for path, _ in unused} == {start + name for name in files}
    assert not used & {path for path, _ in unused}
    for row in rows:
        pae = folder / row.pae if row.pae else None
        protein = prepare_protein(row.id, folder / row.structure, pae, not row.found)
        assert pae_is_that_of_the_best(protein, row.pae), protein.notes


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def tarred(mode):
    def write_tar(path, files):
        with tarfile.open(path, mode) as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))

    return write_tar


ARCHIVES = {"in.zip": zipped, "in.tar": tarred("w"), "in.tar.gz": tarred("w:gz"), "in.tar.xz": tarred("w:xz")}


@pytest.mark.parametrize("predictor", PREDICTORS)
@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive(tmp_path, monkeypatch, predictor, name):
    files, expected = PREDICTORS[predictor]()
    # members in an order that no program gives
    ARCHIVES[name](tmp_path / name, dict(sorted(files.items(), key=lambda item: item[0][::-1])))
    inputs = list_inputs(tmp_path / name, name, tmp_path / "parts", 4)
    rows = list(inputs.rows)
    unused = [path for path, _ in inputs.unused]
    inputs.close()
    assert [row.id for row in rows] == sorted(expected)
    assert all(row.reason is None for row in rows)
    assert len(unused) + sum(1 + (pae is not None) for _, pae in expected.values()) == len(files)
    monkeypatch.chdir(tmp_path)
    parts = sorted((tmp_path / "parts").iterdir())
    assert all(part.name.startswith("archive-000") for part in parts)
    prepared = {}
    for given in files_of_parts(map(str, parts)):
        prepared[given.id] = prepare_input(given)
        assert pae_is_that_of_the_best(prepared[given.id], expected[given.id][1]), prepared[given.id].notes
    assert prepared.keys() == expected.keys()
    assert not list(tmp_path.glob("protein.*"))
