"""A real SLURM on this machine, shared by all tests, and runs of Nextflow that a test disturbs.

The controlling process of pytest starts SLURM and ends it; its workers find it by ``SLURM_CONF``.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.conftest import mini_ecod, read_table, small_proteins, small_rows, small_store, trace, write_sheet

__all__ = ["mini_ecod", "small_proteins", "small_rows", "small_store"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = "DOMAINFLOW_TEST_SLURM"
"""Environment variable: folder of the SLURM of these tests."""
MEASURED = "measured.txt"
"""File in that folder: what tests have measured. It is printed at the end, because workers' output is not shown."""
PROTEINS = 8
"""Proteins of a run; with two buckets each has some."""
LONGEST_WAIT = 240
"""Seconds until a wait for an event is given up: far more than any takes."""
QUICK = """
profiles {
    slurm {
        executor {
            queueStatInterval = '1s'
            pollInterval      = '500ms'
            exitReadTimeout   = '10s'
        }
        process.cpus = 1
    }
}
"""
"""Configuration of the tests: short intervals, 1 CPU a task."""


def obstacle() -> str | None:
    """Return why SLURM cannot run here, as a clause, or None."""
    if os.geteuid() != 0:
        return "only root can start SLURM's daemons"
    if (
        not shutil.which("slurmctld")
        and not shutil.which("slurmctld", path="/usr/sbin")
        and not shutil.which("apt-get")
    ):
        return "SLURM is not installed, and this is not Debian, where it could be"
    return None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start SLURM, in the controlling process alone."""
    if hasattr(session.config, "workerinput") or obstacle():
        return
    folder = Path(tempfile.mkdtemp(prefix="domainflow-slurm-"))
    os.environ[FOLDER] = str(folder)
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    done = subprocess.run([HERE / "start.sh", folder], text=True, capture_output=True)
    if done.returncode:
        raise pytest.UsageError(done.stderr.strip())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End SLURM."""
    if hasattr(session.config, "workerinput") or FOLDER not in os.environ:
        return
    subprocess.run([HERE / "stop.sh", os.environ[FOLDER]], check=True)
    measured = Path(os.environ[FOLDER]) / MEASURED
    if measured.exists():
        print(f"\n{measured.read_text().strip()}")
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip all with one sentence where SLURM cannot run."""
    reason = obstacle()
    for item in items if reason else []:
        item.add_marker(pytest.mark.skip(reason=f"Tests of SLURM are skipped: {reason}."))


def wait_for(what: str, event: Callable[[], object]) -> None:
    """Wait until something is true; `what` stands in the message if it never is."""
    end = time.monotonic() + LONGEST_WAIT
    while not event():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.2)


def slurm(*command: object) -> str:
    """Return what a program of SLURM prints; a slurmctld that restarts is waited for."""
    end = time.monotonic() + LONGEST_WAIT
    while True:
        done = subprocess.run([*map(str, command)], text=True, capture_output=True)
        if not done.returncode:
            return done.stdout.strip()
        assert "contact" in done.stderr, done.stderr
        assert time.monotonic() < end, done.stderr
        time.sleep(0.5)


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Do something once at a time among all workers; yield a folder that they share."""
    folder = Path(os.environ[FOLDER]) / "shared"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


class Head:
    """A run of Nextflow in a folder, as a process that a test can disturb.

    Parameters
    ----------
    folder : Path
        The run is started here; results are in its folder ``results``.
    given : list of str
        Options of the run.
    """

    def __init__(self, folder: Path, given: list[str]) -> None:
        self.folder, self.given = folder, given
        self.results = folder / "results"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *more: object, fault: str = "", settings: str = "") -> "Head":
        """Start the run.

        Parameters
        ----------
        *more : object
            Further options.
        fault : str
            Action, step and protein of the fault, see `shim/sitecustomize.py`.
        settings : str
            Further configuration.
        """
        config = self.folder / "quick.config"
        text = QUICK + settings
        if fault:
            text += (
                f"process.beforeScript = 'export PYTHONPATH={HERE / 'shim'} FAULT_LIBRARY={ROOT / 'bin'} "
                f'FAULT="{fault} {self.folder}"\'\n'
            )
        config.write_text(text)
        command = [ROOT / "tools" / "nextflow", "run", ROOT / "main.nf", "-ansi-log", "false", "-profile", "slurm"]
        command += ["-c", config, *self.given, *more]
        with (self.folder / "head.log").open("a") as log:
            self.process = subprocess.Popen([*map(str, command)], cwd=self.folder, stdout=log, stderr=log)
        return self

    def end(self) -> "Head":
        """Wait for the end of the run, which must succeed."""
        assert self.process is not None
        assert self.process.wait(LONGEST_WAIT * 2) == 0, (self.folder / "head.log").read_text()
        return self

    def reached(self) -> tuple[str, str]:
        """Wait until a task is at the fault's protein; return the number and the node of its job."""
        assert self.process is not None
        wait_for(
            f"{self.folder}/reached", lambda: (self.folder / "reached").exists() or self.process.poll() is not None
        )
        job, node, _ = (self.folder / "reached").read_text().split()
        return job, node

    def go(self) -> None:
        """Let the task that waits go on."""
        (self.folder / "go").touch()

    def tables(self) -> tuple[bytes, bytes]:
        """Domains and ledger, byte for byte."""
        return (self.results / "domains.tsv").read_bytes(), (self.results / "ledger.tsv").read_bytes()

    def ledger(self) -> list[dict[str, str]]:
        """Rows of the ledger."""
        return read_table(self.results / "ledger.tsv")

    def attempts(self, process: str = "ALIGN_TEMPLATES") -> list[tuple[str, str]]:
        """(Exit code, number) of the attempts at the fault's task, in their order."""
        rows = [row for row in trace(self.results) if (row["process"], row["tag"]) in self.repeated()]
        return sorted(
            ((row["exit"], row["attempt"]) for row in rows if row["process"] == process), key=lambda row: int(row[1])
        )

    def lost(self) -> set[tuple[str, str]]:
        """(Process, bucket) of the tasks that ended badly, at least once."""
        return {(row["process"], row["tag"]) for row in trace(self.results) if row["exit"] != "0"}

    def repeated(self) -> set[tuple[str, str]]:
        """(Process, bucket) of the tasks that were tried more than once."""
        times = Counter((row["process"], row["tag"]) for row in trace(self.results))
        return {task for task, count in times.items() if count > 1}


@pytest.fixture
def head(tmp_path: Path, inputs: list[str]) -> Head:
    """A run of eight small proteins in two buckets, not yet started."""
    return Head(tmp_path, inputs)


@pytest.fixture(scope="session")
def inputs(small_proteins: list[tuple[str, Path]], small_store: Path) -> list[str]:
    """Options that name these proteins and the small reference."""
    with alone("inputs") as folder:
        sheet, store = folder / "samples.csv", folder / "small.arrow"
        if not sheet.exists():
            shutil.copy(small_store, store)
            rows = [(name, shutil.copy(path, folder), "") for name, path in small_proteins[:PROTEINS]]
            write_sheet(sheet, rows)
    return ["--input", str(sheet), "--reference", str(store), "--buckets", "2"]


@pytest.fixture(scope="session")
def undisturbed(inputs: list[str]) -> Head:
    """The same proteins on the local executor, without SLURM and without a fault."""
    with alone("undisturbed") as folder:
        run = Head(folder, inputs)
        if not (run.results / "ledger.tsv").exists():
            command = [ROOT / "tools" / "nextflow", "run", ROOT / "main.nf", "-ansi-log", "false", *inputs]
            done = subprocess.run([*map(str, command)], cwd=folder, text=True, capture_output=True)
            assert done.returncode == 0, done.stdout + done.stderr
            assert len(run.ledger()) == PROTEINS
    return run


@pytest.fixture(scope="session")
def victim(undisturbed: Head) -> str:
    """The second protein of its bucket: its bucket is in the middle of its work when it comes to it."""
    buckets: dict[str, list[str]] = {}
    for path in sorted(undisturbed.folder.glob("work/*/*/*.align.ledger.tsv")):
        if not path.is_symlink():
            buckets[path.name] = [row["protein"] for row in read_table(path)]
    assert all(len(names) >= 3 for names in buckets.values())
    return next(iter(buckets.values()))[1]
