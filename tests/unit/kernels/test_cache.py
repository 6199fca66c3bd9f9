"""Compiled kernels are never older than the sources they came from."""

import subprocess
import sys
from pathlib import Path

import numba
import pytest

from domainflow.kernels import cache
from domainflow.kernels.cache import copy_kernels, discard_stale_kernels, kernel_sources, make_kernels_usable

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def library(tmp_path):
    """Return a package with a kernel, a caller, a plain module and stored machine code."""
    (tmp_path / "__pycache__").mkdir()
    name = tmp_path.name
    (tmp_path / "kernel.py").write_text("from numba import njit\n@njit\ndef f(): return 1\n")
    imports = f"import numba\nfrom {name}.kernel import (\n    f,\n)\nfrom {name} import plain\n"
    (tmp_path / "caller.py").write_text(f"{imports}@numba.njit\ndef g(): return f()\n")
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "user.py").write_text(f"from {name}.caller import g\n")
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
    (library / "kernel.py").write_text("import numba\n@numba.njit\ndef f(): return 2\n")
    assert discard_stale_kernels(library)
    assert stored(library) == []


def test_a_changed_constant_of_a_plain_module_discards_them_too(library):
    # numba compiles imported constants into its code
    (library / "plain.py").write_text("x = 2\n")
    assert discard_stale_kernels(library)
    assert stored(library) == []


def test_modules_that_no_kernel_imports_may_change(library):
    assert [path.name for path in kernel_sources(library)] == ["caller.py", "kernel.py", "plain.py"]
    (library / "user.py").write_text("y = 1\n")
    assert not discard_stale_kernels(library)
    assert stored(library) == ["caller.g.1.nbc", "caller.g.nbi"]


def test_every_module_that_a_kernel_of_the_library_imports_counts(root):
    sources = {
        path.relative_to(root / "bin" / "domainflow").as_posix() for path in kernel_sources(root / "bin" / "domainflow")
    }
    assert {"kernels/compile.py", "alignment/native/score.py", "structures/ranges.py"} <= sources
    assert not {"domains/results.py", "run/ledger.py", "reference/entry.py"} & sources


PROGRAM = """
import sys
from pathlib import Path

sys.path[:0] = [{library!r}, {package!r}]
import numba

from domainflow.kernels.cache import copy_kernels

if {copied}:
    numba.config.CACHE_DIR = str(copy_kernels(Path({package!r}), Path({package!r}), Path({parent!r})))
import kernel

kernel.double(1)
print(sum(kernel.double.stats.cache_hits.values()))
"""


def test_copied_kernels_are_those_that_numba_finds(tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    code = "import numba\n@numba.njit(cache=True)\ndef double(x):\n    return 2 * x\n"
    (package / "kernel.py").write_text(code)

    def hits(copied: bool) -> int:
        names = {"library": str(ROOT / "bin"), "package": str(package), "parent": str(tmp_path), "copied": copied}
        command = [sys.executable, "-c", PROGRAM.format(**names)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert [hits(False), hits(False), hits(True)] == [0, 1, 1]
    (package / "__pycache__").rename(tmp_path / "elsewhere")
    assert hits(True) == 1  # the copy made before


def test_a_copy_is_made_once_a_user_and_source(library, tmp_path_factory):
    parent = tmp_path_factory.mktemp("temporary")
    first = copy_kernels(library, library, parent)
    assert sorted(path.name for path in first.rglob("*.nb?")) == stored(library)
    assert copy_kernels(library, library, parent) == first
    (library / "kernel.py").write_text("import numba\n@numba.njit\ndef f(): return 2\n")
    assert copy_kernels(library, library, parent) != first
    assert len(list(parent.iterdir())) == 2


@pytest.mark.parametrize(("writable", "named", "copied"), [(True, False, 0), (False, True, 0), (False, False, 1)])
def test_only_a_library_that_cannot_be_written_is_copied(
    library, tmp_path_factory, monkeypatch, writable, named, copied
):
    parent = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(cache, "_is_writable", lambda _: writable)
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(parent))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.delenv("DOMAINFLOW_KERNELS", raising=False)
    if named:
        monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    make_kernels_usable(library)
    assert [str(path) for path in parent.iterdir()] == [numba.config.CACHE_DIR] * copied


def test_kernels_of_an_image_are_used_if_they_are_of_the_same_sources(library, tmp_path_factory, monkeypatch):
    image, temporary = tmp_path_factory.mktemp("image"), tmp_path_factory.mktemp("temporary")
    (library / "__pycache__").rename(image / "__pycache__")
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(temporary))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("DOMAINFLOW_KERNELS", str(image))
    make_kernels_usable(library)
    subpath = numba.core.caching.UserProvidedCacheLocator.get_suitable_cache_subpath(str(library / "kernel.py"))
    assert sorted(path.name for path in Path(numba.config.CACHE_DIR, subpath).iterdir()) == stored(image)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    (library / "kernel.py").write_text("import numba\n@numba.njit\ndef f(): return 2\n")
    make_kernels_usable(library)
    assert numba.config.CACHE_DIR == ""
