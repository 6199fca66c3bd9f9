"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from domainflow.kernels.cache import use_stored_kernels

use_stored_kernels()

ROOT = Path(__file__).resolve().parent.parent

# No test asserts a time: the first example may compile a kernel. CI draws the same examples every time, so that a
# failure comes from the change under test; elsewhere new examples are drawn.
settings.register_profile("domainflow", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("domainflow")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; tests that need it are skipped without it."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the reference material in ../shared")
    return folder
