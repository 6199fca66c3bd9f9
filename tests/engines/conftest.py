"""Runs with the published programs, which `make test-engines SOURCES=DIR` takes from a folder."""

import os
from pathlib import Path

import pytest

from pipeline.conftest import run_in

__all__ = ["run_in", "sources"]


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of programs and tarballs; tests that need it are skipped without it."""
    named = os.environ.get("DOMAINFLOW_SOURCES")
    if not named:
        pytest.skip("needs the published programs: make test-engines SOURCES=DIR")
    return Path(named).resolve()
