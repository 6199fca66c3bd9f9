"""The images build from their Dockerfiles, hold what their tasks need, and give the results of a run without them."""

import filecmp
import gzip
import hashlib
import os
import shutil
import subprocess

import pytest

from domainflow.templates.store import TemplateStore
from engines.conftest import DALILITE_TARBALL, source
from pipeline.conftest import read_table, write_pdb, write_sheet

UID = "12345"
"""A user that no image knows."""

IMAGES = ["domainflow", "dalilite", "foldseek", "hhsuite", "tensorflow"]
DALILITE_BINARIES = ["serialcompare", "dsspcmbi", "puu", "fssp", "puutos"]

PROGRAMS = {
    "domainflow": "python3 -c 'import numba, pyarrow, gemmi, h5py, Bio, mini3di, scoring_matrices'",
    "dalilite": "command -v dali.pl import.pl && test -x $DALI_HOME/bin/serialcompare",
    "foldseek": "foldseek version",
    "hhsuite": "command -v hhsearch hhmake hhblits && mkdssp --version",
    "tensorflow": "python3 -c 'import tensorflow, keras, matplotlib.pyplot'",
}
"""A command that shows that an image's programs can be used."""


@pytest.fixture(scope="module")
def run_as_nobody(docker):
    """Run a shell command in an image, without network and as a user that owns nothing."""

    def run(name, command, *options, check=True):
        where = ("run", "--rm", "--network", "none", "--user", UID, *options)
        return docker(*where, name, "bash", "-c", command, check=check).stdout

    return run


@pytest.mark.parametrize("name", IMAGES)
def test_image_runs_without_network_as_any_user(image, run_as_nobody, name):
    command = f"id -u && ps -o comm= -p 1 && {{ {PROGRAMS[name]}; }} >&2 && ls /sys/class/net"
    output = run_as_nobody(image(name), command)
    assert output.split() == [UID, "bash", "lo"]


@pytest.mark.parametrize("name", IMAGES)
def test_image_starts_bash_as_a_plain_user(image, docker, name):
    settings = "{{.Config.User}} {{json .Config.Cmd}} {{json .Config.Entrypoint}}"
    assert docker("image", "inspect", "--format", settings, image(name)).stdout.split() == [
        "domainflow",
        '["bash"]',
        "null",
    ]


@pytest.mark.parametrize("name", IMAGES)
def test_authorities_of_the_build_are_not_in_the_image(image, run_as_nobody, sources, name):
    authorities = [path.read_text().strip() for path in sources.glob("*.crt")]
    if not authorities:
        pytest.skip("needs *.crt in the folder of sources")
    trusted = run_as_nobody(image(name), "cat /etc/ssl/certs/ca-certificates.crt 2>/dev/null || true; ls /")
    assert not [authority for authority in authorities if authority in trusted]
    assert "sources" not in trusted.split()


@pytest.fixture
def other_sources(sources, tmp_path):
    """A folder of sources with the authorities alone."""
    for path in sources.glob("*.crt"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_a_wrong_source_ends_with_one_sentence(build_images, other_sources):
    (other_sources / DALILITE_TARBALL).write_bytes(b"something else")
    done = build_images("dalilite", folder=other_sources, DALILITE_SHA256="0" * 64)
    assert done.returncode == 1
    found = hashlib.sha256(b"something else").hexdigest()
    assert done.stderr == (
        f"Source {DALILITE_TARBALL} is not the expected file: its SHA-256 is {found}, but must be {'0' * 64}.\n"
    )


def test_an_unreachable_source_ends_with_one_sentence(build_images, other_sources):
    url = "http://127.0.0.1:9/DaliLite.tar.gz"
    done = build_images("dalilite", folder=other_sources, DALILITE_URL=url)
    assert done.returncode == 1
    assert done.stderr == (
        f"Source {DALILITE_TARBALL} is missing: it could not be downloaded from {url}; give it with --sources.\n"
    )


def test_an_unknown_image_and_a_missing_folder_end_with_one_sentence(build_images, tmp_path):
    unknown = build_images("dali")
    assert unknown.returncode == 1
    assert unknown.stderr == f"There is no image 'dali'; the images are: {' '.join(IMAGES)}.\n"
    missing = build_images(folder=tmp_path / "none")
    assert missing.stderr == f"--sources: there is no folder '{tmp_path / 'none'}'.\n"


def test_two_builds_of_dalilite_have_the_same_binaries(image, docker, run_as_nobody, root, base, sources, tmp_path):
    shutil.copytree(root / "containers", tmp_path / "containers")
    given = tmp_path / "containers" / "dalilite" / "sources"
    for path in (source(sources, DALILITE_TARBALL), *sources.glob("*.crt")):
        shutil.copy(path, given)
    again = "domainflow-tests/dalilite-build"
    where = ("--file", tmp_path / "containers" / "dalilite" / "Dockerfile", "--build-arg", f"BASE={base}")
    docker("build", "--no-cache", "--network", "host", "--target", "build", "--tag", again, *where, tmp_path)
    command = f"cd /opt/dalilite/bin && sha256sum {' '.join(DALILITE_BINARIES)}"
    first, second = run_as_nobody(image("dalilite"), command), run_as_nobody(again, command)
    docker("image", "rm", again)
    assert len(first.splitlines()) == len(DALILITE_BINARIES)
    assert first == second


def test_dssp_of_dalilite_does_not_depend_on_the_day(image, docker, root, tmp_path):
    """A date of two digits once went past the end of its array: no residue was written."""
    if shutil.which("faketime") is None:
        pytest.skip("needs faketime")
    container = docker("create", image("dalilite")).stdout.strip()
    docker("cp", f"{container}:/opt/dalilite/bin/dsspcmbi", tmp_path / "dsspcmbi")
    docker("rm", container)
    (tmp_path / "chain.pdb").write_bytes(gzip.decompress((root / "assets" / "demo" / "1CFB_A.pdb.gz").read_bytes()))

    def lines(day):
        command = ["faketime", f"2026-11-{day} 12:00:00", "./dsspcmbi", "chain.pdb", f"{day}.dssp"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        text = (tmp_path / f"{day}.dssp").read_text(errors="replace").splitlines()
        dated = [line for line in text if "DATE=" in line]
        assert [f"{int(day)}-NOV-2026" in line for line in dated] == [True]
        return [line for line in text if "DATE=" not in line]

    ninth, thirtieth = lines("09"), lines("30")
    assert ninth == thirtieth
    residues = thirtieth[next(place for place, line in enumerate(thirtieth) if line.startswith("  #  RESIDUE")) + 1 :]
    assert len(residues) == 205


def test_the_first_task_compiles_no_kernel(image, run_as_nobody, root):
    mounted = [word for name in ("bin", "tools", "assets") for word in ("-v", f"{root / name}:{root / name}:ro")]
    options = (*mounted, "-e", "NUMBA_DEBUG_CACHE=1")
    output = run_as_nobody(image("domainflow"), f"python3 {root / 'tools' / 'warm_up.py'}", *options)
    assert "data loaded from" in output
    assert "data saved to" not in output


def test_tables_of_the_demo_equal_those_outside(image, docker, root, tmp_path):  # noqa: ARG001  (the daemon runs)
    image("domainflow")
    subprocess.run([root / ".venv" / "bin" / "python", root / "tools" / "fetch_demo.py"], check=True)
    for profile in ("demo", "demo,docker"):
        command = [root / "tools" / "nextflow", "run", root / "main.nf", "-profile", profile, "--outdir", profile]
        done = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True, env=os.environ)
        assert done.returncode == 0, done.stdout + done.stderr
    plain, contained = tmp_path / "demo", tmp_path / "demo,docker"
    names = sorted(path.name for path in plain.glob("*.tsv"))
    assert {"domains.tsv", "ledger.tsv"} <= set(names)
    assert filecmp.cmpfiles(plain, contained, names, shallow=False) == (names, [], [])
    assert len(read_table(contained / "domains.tsv")) >= 7


def test_hhsuite_and_tensorflow_run_in_their_images(image, docker, root, tmp_path):
    """A template of the reference is found by its sequence, and its domain is scored."""
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    rows = [row for row, length in enumerate(store.lengths) if 60 <= length <= 80][:24]
    store.subset(rows, tmp_path / "small.arrow")
    write_pdb(tmp_path / "protein.pdb", store.sequences[rows[0]], store.backbone(rows[0]))
    write_sheet(tmp_path / "samples.csv", [("protein", "protein.pdb", "")])
    mounted = ("-v", f"{root / 'bin'}:{root / 'bin'}:ro", "-v", f"{tmp_path}:{tmp_path}", "-w", tmp_path)
    builder = (root / "bin" / "build_hh_database.py", "--reference", "small.arrow", "--out-dir", "hh")
    owner = f"{os.getuid()}:{os.getgid()}"
    docker("run", "--rm", "--network", "none", "--user", owner, *mounted, image("hhsuite"), "python3", *builder)
    image("tensorflow")
    given = ("--input", "samples.csv", "--reference", "small.arrow", "--hh_database", "hh/templates")
    command = [root / "tools" / "nextflow", "run", root / "main.nf", "-profile", "docker", *given]
    done = subprocess.run(
        [*command, "--domass_engine", "tensorflow"], cwd=tmp_path, text=True, capture_output=True, env=os.environ
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (domain, *_) = read_table(tmp_path / "results" / "domains.tsv")
    assert float(domain["hh_probability"]) > 0.9
    assert domain["template"] == store.uids[rows[0]]


def test_a_task_killed_for_its_memory_is_tried_with_more(image, docker, root, tmp_path):  # noqa: ARG001
    image("domainflow")
    folder = root / "tests" / "engines"
    command = [root / "tools" / "nextflow", "run", folder / "memory.nf", "-c", folder / "memory.config"]
    done = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    attempts = [(row["exit"], row["attempt"], row["status"]) for row in read_table(tmp_path / "trace.txt")]
    assert attempts == [("137", "1", "FAILED"), ("0", "2", "COMPLETED")]
