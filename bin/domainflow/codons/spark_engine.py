"""Count batches with Spark, for those who already run it: the same function as everywhere, on Spark's executors.

A task of Spark is one batch file. The executor reads it by its path, which must be the same on all nodes, and returns
the bytes of the files that counting writes. Nothing else leaves an executor: no accumulator and no file. So a task that
runs twice, because an executor died or was slow, changes nothing.

No Arrow batch is sized by a number of rows: parts of a batch file are sized by bytes (`domainflow.codons.batches`).
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from domainflow.codons.count_codons import count_file
from domainflow.codons.genetic_codes import known_codes, read_own_code
from domainflow.codons.settings import CountSettings
from domainflow.kernels.cache import use_stored_kernels
from domainflow.run.errors import MissingProgramError

__all__ = ["count_with_spark"]

AT_A_TIME = 64
"""Batches whose results are in the driver's memory at a time, some 100 MB."""
LOOPBACK = "127.0.0.1"
LIBRARY = Path(__file__).resolve().parents[2]


def count_with_spark(
    batches: Sequence[Path],
    out: Path,
    settings: CountSettings,
    own_code: Path | None,
    master: str,
    partitions: int | None = None,
) -> None:
    """Count batches on Spark's executors, and write what `count_file` writes of each.

    Parameters
    ----------
    batches : sequence of Path
    out : Path
        Folder to write to.
    settings : CountSettings
    own_code : Path or None
        The user's own genetic code.
    master : str
        ``local[N]``, ``local-cluster[…]``, ``spark://…`` or ``yarn``.
    partitions : int, optional
        Of Spark; one per batch by default.

    Raises
    ------
    MissingProgramError
        If pyspark is not installed.
    """
    context = _context(master)
    code = None if own_code is None else own_code.resolve()
    try:
        for some in _groups([str(batch.resolve()) for batch in batches]):
            counted = context.parallelize(some, partitions or len(some)).map(partial(_files_of_batch, settings, code))
            for files in counted.collect():
                for name, content in files.items():
                    (out / name).write_bytes(content)
    finally:
        context.stop()


def _groups(paths: Sequence[str]) -> Iterator[list[str]]:
    for begin in range(0, len(paths), AT_A_TIME):
        yield list(paths[begin : begin + AT_A_TIME])


def _context(master: str) -> Any:
    """Return a Spark context; other settings than these come from the user's ``spark-defaults.conf``."""
    try:
        from pyspark import SparkConf, SparkContext
    except ImportError:
        raise MissingProgramError(
            "pyspark is not installed; install it with: pip install -r requirements-spark.txt"
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setMaster(master).setAppName("domainflow codons").set("spark.ui.enabled", "false")
    conf.set("spark.executorEnv.PYTHONPATH", os.pathsep.join([str(LIBRARY), os.environ.get("PYTHONPATH", "")]))
    if master.startswith("local") or LOOPBACK in master:
        conf.set("spark.driver.host", LOOPBACK).set("spark.driver.bindAddress", LOOPBACK)
    return SparkContext(conf=conf)


def _files_of_batch(settings: CountSettings, own_code: Path | None, path: str) -> dict[str, bytes]:
    """Count one batch on an executor; return the content of the files by name."""
    use_stored_kernels()
    codes = known_codes(None if own_code is None else read_own_code(own_code))
    with tempfile.TemporaryDirectory() as folder:
        count_file(Path(path), Path(folder), settings, codes)
        return {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}
