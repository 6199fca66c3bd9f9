"""DaliLite with stand-ins for its programs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalilite_standins import TROUBLE, Archive, write_standins
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.dalilite.template_archive import SourceChain, write_archive
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore


@pytest.fixture
def dalilite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for DaliLite's scripts, found through DALI_HOME; ``calls`` logs the templates of each call."""
    if shutil.which("perl") is None:
        pytest.skip("the stand-ins are written in Perl")
    folder = tmp_path / "dali" / "bin"
    write_standins(folder)
    monkeypatch.setenv("DALI_HOME", str(folder.parent))
    monkeypatch.setenv("STANDIN_LOG", str(tmp_path / "calls"))
    monkeypatch.setenv("STANDIN_TROUBLE", TROUBLE)
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def store(root: Path) -> TemplateStore:
    return TemplateStore.open(root / "assets" / "mini-ecod")


@pytest.fixture
def archive(scratch: Path, tmp_path: Path, store: TemplateStore) -> Archive:
    """Import templates of the reference as chains of one residue type: alanine is found, valine makes trouble."""

    def make(rows: list[int], kinds: str = "") -> Path:
        def chains() -> Iterator[SourceChain]:
            for row, kind in zip(rows, kinds or "A" * len(rows), strict=True):
                length = int(store.lengths[row])
                lines = backbone_lines(kind * length, store.backbone(row))
                yield SourceChain(store.uids[row], "".join(f"{line}\n" for line in lines), length)

        write_archive(tmp_path / "dali.arrow", chains(), find_dalilite(), 1, scratch)
        return tmp_path / "dali.arrow"

    return make
