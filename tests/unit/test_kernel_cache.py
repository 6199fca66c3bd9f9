"""Compiled kernels are never older than the sources they came from."""

import pytest

from domainflow.kernel_cache import discard_stale_kernels


@pytest.fixture
def library(tmp_path):
    """A package with a kernel, a caller, a plain module and stored machine code."""
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "kernel.py").write_text("@njit\ndef f(): return 1\n")
    (tmp_path / "caller.py").write_text("@njit\ndef g(): return f()\n")
    (tmp_path / "plain.py").write_text("x = 1\n")
    discard_stale_kernels(tmp_path)
    for name in ("caller.g.nbi", "caller.g.1.nbc"):
        (tmp_path / "__pycache__" / name).write_text("machine code")
    return tmp_path


def stored(library):
    return sorted(path.name for path in (library / "__pycache__").glob("*.nb?"))


def test_unchanged_sources_keep_their_kernels(library):
    assert not discard_stale_kernels(library)
    assert stored(library) == ["caller.g.1.nbc", "caller.g.nbi"]


def test_a_changed_kernel_discards_its_callers_code(library):
    (library / "kernel.py").write_text("@njit\ndef f(): return 2\n")
    assert discard_stale_kernels(library)
    assert stored(library) == []


def test_a_changed_constant_of_a_plain_module_discards_them_too(library):
    # numba compiles imported constants into its code
    (library / "plain.py").write_text("x = 2\n")
    assert discard_stale_kernels(library)
    assert stored(library) == []
