"""Spark gives the files that the engine `native` gives, to the byte, on one machine and on a real standalone cluster.

Runs where pyspark is installed. The standalone cluster, with two workers on the loopback interface, runs with
``make test-spark`` alone.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from domainflow.codons.count_codons import count_file
from domainflow.codons.genetic_codes import known_codes
from domainflow.codons.prepare_genes import GeneFile, prepare_genes
from domainflow.codons.settings import CountSettings, PrepareSettings
from domainflow.codons.spark_engine import count_with_spark

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed (requirements-spark.txt)")

CODES = known_codes()
SETTINGS = CountSettings(translate=True)
GENES, LONGEST = 400, 60_000_000
WAIT = 120
"""Seconds to wait for a daemon on a busy machine."""
standalone = pytest.mark.skipif("DOMAINFLOW_SPARK" not in os.environ, reason="make test-spark runs it")


@pytest.fixture(scope="module")
def batches(tmp_path_factory):
    """Batches of made-up genes, one of them a record of 60 million bases, and the files that counting gives."""
    folder = tmp_path_factory.mktemp("batches")
    rng = np.random.default_rng(5)
    letters = np.frombuffer(b"ACGT", np.uint8)
    with (folder / "genes.fa").open("wb") as stream:
        for number in range(GENES):
            length = LONGEST if number == GENES // 2 else 3 * int(rng.integers(10, 400))
            stream.write(b">g%d\n%s\n" % (number, letters[rng.integers(0, 4, length, dtype=np.uint8)].tobytes()))
    file = GeneFile("genes.fa", folder / "genes.fa", None, 1, None)
    made = prepare_genes([file], folder, "s", PrepareSettings(batch_size=20), CODES)
    return [batch.path for batch in made]


@pytest.fixture(scope="module")
def native(batches, tmp_path_factory):
    folder = tmp_path_factory.mktemp("native")
    for batch in batches:
        count_file(batch, folder, SETTINGS, CODES)
    return contents(folder)


def contents(folder):
    """Files of a folder by name, without what a batch cost."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".cost.tsv")}


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_local_spark_gives_the_same_files(batches, native, tmp_path, partitions):
    count_with_spark(batches, tmp_path, SETTINGS, None, "local[2]", partitions)
    assert contents(tmp_path) == native


def test_executors_of_their_own_give_the_same_files(batches, native, tmp_path):
    count_with_spark(batches, tmp_path, SETTINGS, None, "local-cluster[2,1,700]", 7)
    assert contents(tmp_path) == native


class Cluster:
    """A master and two workers on the loopback interface, in processes of their own.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.master = f"spark://127.0.0.1:{port}"
        home = Path(pyspark.__file__).parent
        secret = secrets.token_hex(16)
        (folder / "conf").mkdir()
        settings = {
            "spark.executor.memory": "512m", "spark.executor.cores": "1", "spark.cores.max": "2",
            "spark.authenticate": "true", "spark.authenticate.secret": secret, "spark.speculation": "true",
        }  # fmt: skip
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        (folder / "conf" / "spark-defaults.conf").write_text(text)
        self.environment = {
            "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
            "SPARK_DAEMON_MEMORY": "256m", "SPARK_NO_DAEMONIZE": "1", "SPARK_CONF_DIR": str(folder / "conf"),
        }  # fmt: skip
        main = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]
        self._start("master", "org.apache.spark.deploy.master.Master", main)
        for number in (1, 2):
            limits = ["--host", "127.0.0.1", "--cores", "1", "--memory", "900m", "--webui-port", "0"]
            work = ["--work-dir", str(folder / f"w{number}"), self.master]
            self._start(f"worker{number}", "org.apache.spark.deploy.worker.Worker", [*limits, *work])
        self._wait_for_workers()

    def _start(self, name, kind, arguments):
        command = [f"{self.environment['SPARK_HOME']}/bin/spark-class", kind, *arguments]
        with (self.folder / f"{name}.log").open("w") as log:
            environment = {**os.environ, **self.environment}
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))

    def _wait_for_workers(self):
        end = time.monotonic() + WAIT
        while (self.folder / "master.log").read_text().count("Registering worker") < 2:
            assert time.monotonic() < end, (self.folder / "master.log").read_text()[-2000:]
            time.sleep(0.5)

    def pids(self):
        """Processes of the cluster: daemons and executors."""
        found, seen = [process.pid for process in self.processes], 0
        while seen < len(found):
            children = Path(f"/proc/{found[seen]}/task/{found[seen]}/children")
            found += [int(pid) for pid in children.read_text().split()] if children.exists() else []
            seen += 1
        return found

    def executors(self):
        """Java processes of executors."""
        lines = {pid: Path(f"/proc/{pid}/cmdline") for pid in self.pids()}
        texts = {pid: path.read_text() for pid, path in lines.items() if path.exists()}
        return [pid for pid, text in texts.items() if "CoarseGrainedExecutorBackend" in text]

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory, monkeypatch):
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    yield made
    made.stop()


def listening(pids):
    """Addresses that processes listen at."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    rows = [line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes}


@standalone
def test_a_standalone_cluster_gives_the_same_files(batches, native, cluster, tmp_path):
    count_with_spark(batches, tmp_path, SETTINGS, None, cluster.master, 7)
    assert contents(tmp_path) == native
    for number in (1, 2):
        assert list((cluster.folder / f"w{number}").glob("app-*")), "both workers had an executor"
    loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert listening(cluster.pids()) <= loopback


@standalone
def test_an_executor_that_is_killed_changes_nothing(batches, native, cluster, tmp_path):
    killed = []

    def kill_one():
        end = time.monotonic() + WAIT
        while not killed and time.monotonic() < end:
            for pid in cluster.executors()[:1]:
                time.sleep(1)
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.1)

    killer = threading.Thread(target=kill_one)
    killer.start()
    count_with_spark(batches * 20, tmp_path, SETTINGS, None, cluster.master)
    killer.join()
    assert killed
    assert contents(tmp_path) == native
