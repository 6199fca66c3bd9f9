"""The program that imports DPAM's data folder as a reference, run as in the workflow."""

import subprocess
import sys

import pytest

from domainflow.reference.ledger import read_reference_ledger
from domainflow.run.errors import EXIT_BAD_REFERENCE, EXIT_USAGE
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore
from peptides import ALPHA, STRAND, pdb_text, peptide

HELIX, STRANDED, MISSING = "000000012", "000000111", "000000207"


@pytest.fixture
def dpam_data(tmp_path):
    """A helix with statistics (weights sharded by the last two digits), a strand without, one without structure."""
    folder = tmp_path / "dpam data"
    files = {
        "ECOD_length": "".join(f"{uid} e{uid[-3:]}xA1 20\n" for uid in (HELIX, STRANDED, MISSING)),
        "ecod.latest.domains": "".join(
            f"{uid}\te{uid[-3:]}xA1\tAUTO_NONREP\t11.1.{place}.3\t1abc\tA\tA:1-20\n"
            for place, uid in enumerate((HELIX, STRANDED, MISSING), start=1)
        ),
        "ECOD_norms": f"{HELIX} 7.1\n",
        f"ECOD_pdbs/{HELIX}.pdb": pdb_text(peptide([ALPHA] * 20)),
        f"ECOD_pdbs/{STRANDED}.pdb": pdb_text(peptide([STRAND] * 20)),
        f"posi_weights/{HELIX[-2:]}/{HELIX}.weight": "".join(f"{index} x x 0.1\n" for index in range(1, 21)),
        f"ecod_internal/{HELIX}.info": "000000999 3.2 1.7\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def run(root, *arguments):
    command = [sys.executable, root / "bin" / "import_dpam.py", *arguments]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def test_the_folder_becomes_a_reference_with_its_own_numbers(root, dpam_data, tmp_path):
    result = run(root, "--dpam-data", dpam_data, "--out-dir", tmp_path, "--threads", "2")
    assert result.returncode == 0, result.stderr
    store = TemplateStore.open(tmp_path)
    assert store.uids == [HELIX, STRANDED]
    assert [store.t_group(row) for row in range(2)] == ["11.1.1", "11.1.2"]
    assert "H" * 14 in store.states[0]
    statistics = ReferenceStatistics.open(tmp_path / "statistics.arrow", store)
    assert statistics.self_z(HELIX) == 7.1
    assert statistics.weights(HELIX).tolist() == [0.1] * 20
    assert [scores.tolist() for scores in statistics.family(HELIX)] == [[3.2], [1.7]]
    assert statistics.family_uids(HELIX) == ["000000999"]
    assert statistics.self_z(STRANDED) is statistics.weights(STRANDED) is statistics.family(STRANDED) is None
    assert "tgroup_length: it is not in dpam data" in result.stdout


def test_every_domain_has_a_row_in_the_ledger(root, dpam_data, tmp_path):
    assert run(root, "--dpam-data", dpam_data, "--out-dir", tmp_path).returncode == 0
    rows = read_reference_ledger(tmp_path / "ledger.tsv")
    assert [(row.uid, row.status) for row in rows] == [(HELIX, "ok"), (STRANDED, "ok"), (MISSING, "left_out")]
    assert f"no file {MISSING}.pdb" in rows[2].reason


def test_a_source_that_cannot_be_read_is_one_sentence(root, tmp_path):
    result = run(root, "--dpam-data", tmp_path / "missing", "--out-dir", tmp_path)
    assert result.returncode == EXIT_BAD_REFERENCE
    assert len(result.stderr.splitlines()) == 1
    assert run(root, "--out-dir", tmp_path).returncode == EXIT_USAGE
    assert not list(tmp_path.iterdir())
