"""Fixtures shared by all tests."""

import os
from pathlib import Path

import numpy as np
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


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """An empty folder that stands for a node's own disk."""
    folder = tmp_path / "node"
    folder.mkdir()
    return folder


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """An empty folder that stands for a task's folder on shared storage."""
    folder = tmp_path / "task"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def same_numbers_in_any_order(request: pytest.FixtureRequest) -> None:
    """Begin a module's random numbers anew, so that a test draws the same ones whichever ran before it."""
    generator = getattr(request.module, "RNG", None)
    if generator is not None:
        generator.bit_generator.state = np.random.PCG64(generator.bit_generator.seed_seq).state
