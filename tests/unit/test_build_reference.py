"""The program that makes template stores, run as a user runs it."""

import subprocess
import sys

import pytest

from domainflow.errors import EXIT_BAD_REFERENCE, EXIT_USAGE
from domainflow.io.store import TemplateStore
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
    command = [sys.executable, root / "bin" / "build_reference.py", *arguments]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("--no-compression",)])
def test_dpams_data_folder_becomes_a_store(root, dpam_data, tmp_path, options):
    out = tmp_path / "a store.arrow"
    result = run(root, "--dpam-data", dpam_data, "--out", out, "--processes", "2", *options)
    assert result.returncode == 0, result.stderr
    assert "2 templates in" in result.stdout
    store = TemplateStore.open(out)
    assert store.uids == [HELIX, STRANDED]
    assert [store.t_group(row) for row in range(2)] == ["11.1.1", "11.1.2"]
    assert "H" * 14 in store.states[0]
    assert store.self_z(0) == 7.1
    assert store.weights(0).tolist() == [0.1] * 20
    assert [scores.tolist() for scores in store.family(0)] == [[3.2], [1.7]]
    assert store.self_z(1) is store.weights(1) is store.family(1) is None


def test_every_template_left_out_is_named_with_the_reason(root, dpam_data, tmp_path):
    result = run(root, "--dpam-data", dpam_data, "--out", tmp_path / "store.arrow")
    (line,) = [line for line in result.stderr.splitlines() if line.startswith(MISSING)]
    assert "left out" in line
    assert f"{MISSING}.pdb" in line


def test_a_source_that_cannot_be_read_is_one_sentence(root, tmp_path):
    out = tmp_path / "store.arrow"
    result = run(root, "--dpam-data", tmp_path / "missing", "--out", out)
    assert result.returncode == EXIT_BAD_REFERENCE
    assert len(result.stderr.splitlines()) == 1
    assert run(root, "--facts", tmp_path, "--out", out).returncode == EXIT_USAGE
    assert not out.exists()
