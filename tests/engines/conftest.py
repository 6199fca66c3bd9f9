"""What the published programs and the images need: a folder of sources, a docker daemon, a base image.

What this machine does not have is skipped by name.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.conftest import run_in

__all__ = ["base", "build_images", "docker", "image", "run_in", "sources"]

BASE = "debian:bookworm-slim"
DALILITE_TARBALL = "DaliLite.v5.tar.gz"
SECONDS_TO_START = 60
"""Longest wait for docker's daemon."""

Docker = Callable[..., subprocess.CompletedProcess[str]]
Build = Callable[[str], str]


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of tarballs, built programs and authorities that DOMAINFLOW_SOURCES names."""
    named = os.environ.get("DOMAINFLOW_SOURCES")
    if not named:
        pytest.skip("needs `make test-engines SOURCES=DIR`, DIR with tarballs and built programs")
    folder = Path(named).resolve()
    assert folder.is_dir(), f"SOURCES: there is no folder {folder}"
    return folder


def source(folder: Path, name: str) -> Path:
    """Return a file or folder of the sources; a test that needs it is skipped without it."""
    path = folder / name
    if not path.exists():
        pytest.skip(f"needs {name} in the folder of sources")
    return path


def call_docker(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the docker client; its output is text."""
    done = subprocess.run(["docker", *map(str, arguments)], text=True, capture_output=True)
    assert not check or done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done


@pytest.fixture(scope="session")
def docker(sources: Path) -> Iterator[Docker]:  # noqa: ARG001  (without sources no daemon is started)
    """The docker client, with a daemon that answers: the one that runs, or one in a temporary folder."""
    if shutil.which("docker") is None:
        pytest.skip("needs docker")
    if call_docker("version", check=False).returncode == 0:
        yield call_docker
        return
    if os.environ.get("DOCKER_HOST"):
        pytest.skip("the docker daemon of DOCKER_HOST does not answer")
    if os.getuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip("needs a docker daemon, or root and dockerd to start one")
    folder = Path(tempfile.mkdtemp(prefix="domainflow-docker-"))
    daemon = start_daemon(folder)
    try:
        yield call_docker
    finally:
        daemon.terminate()
        daemon.wait()
        del os.environ["DOCKER_HOST"]
        shutil.rmtree(folder, ignore_errors=True)


def start_daemon(folder: Path) -> subprocess.Popen[bytes]:
    """Start a daemon that keeps everything in a folder and changes nothing in the machine's network."""
    socket = f"unix://{folder}/docker.sock"
    places = ["--data-root", folder / "data", "--exec-root", folder / "exec", "--pidfile", folder / "pid", "-H", socket]
    network = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--ip-forward=false"]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(["dockerd", *network, *map(str, places)], stdout=log, stderr=log)
    os.environ["DOCKER_HOST"] = socket
    end = time.monotonic() + SECONDS_TO_START
    while call_docker("version", check=False).returncode != 0:
        if daemon.poll() is not None or time.monotonic() > end:
            daemon.kill()
            del os.environ["DOCKER_HOST"]
            pytest.skip(f"dockerd does not start: {(folder / 'log').read_text()[-300:]}")
        time.sleep(0.2)
    return daemon


@pytest.fixture(scope="session")
def base(docker: Docker, sources: Path) -> str:
    """Debian 12 as an image: there already, pulled, of rootfs.tar among the sources, or made by debootstrap."""
    if docker("image", "inspect", BASE, check=False).returncode == 0:
        return BASE
    if docker("pull", "--quiet", BASE, check=False).returncode == 0:
        return BASE
    if (sources / "rootfs.tar").is_file():
        docker("import", sources / "rootfs.tar", BASE)
        return BASE
    if os.getuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip(f"needs {BASE}: a registry, rootfs.tar among the sources, or root and debootstrap")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        made = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root], capture_output=True, text=True)
        if made.returncode != 0:
            pytest.skip(f"debootstrap fails: {made.stderr[-300:]}")
        archive = Path(scratch) / "rootfs.tar"
        subprocess.run(["tar", "--create", "--file", archive, "--directory", root, "."], check=True)
        docker("import", archive, BASE)
    return BASE


@pytest.fixture(scope="session")
def build_images(root: Path, base: str, sources: Path) -> Docker:
    """Run `tools/build_images.sh` with these arguments; keywords are variables of its environment."""

    def run(*arguments: object, folder: Path = sources, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [root / "tools" / "build_images.sh", "--sources", folder, "--base", base, *map(str, arguments)]
        # the daemon of these tests has no network of its own
        options = {"DOCKER_BUILD_OPTIONS": "--network host"}
        return subprocess.run(command, text=True, capture_output=True, env={**os.environ, **options, **variables})

    return run


@pytest.fixture(scope="session")
def image(root: Path, build_images: Docker, sources: Path) -> Build:
    """Name of an image, built before its first use; skipped by name where its source is not at hand.

    Foldseek's image is that of the ready program.
    """
    lines = (root / "containers" / "images.config").read_text().splitlines()

    @cache
    def build(name: str) -> str:
        variables = {}
        if name == "dalilite":
            source(sources, DALILITE_TARBALL)
        if name == "foldseek":
            program = source(sources, "foldseek")
            variables["FOLDSEEK_SHA256"] = hashlib.sha256(program.read_bytes()).hexdigest()
        done = build_images(name, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return next(line.split("'")[1] for line in lines if line.strip().startswith(f"{name}:"))

    return build
