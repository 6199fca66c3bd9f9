"""The version stands in four places, and in each image's name and label; all agree."""

import re

import pytest

import domainflow

PLACES = {
    "nextflow.config": r"^    version += '([^']+)'$",
    "CITATION.cff": r"^version: (\S+)$",
    "CHANGELOG.md": r"^## \[(\d[^]]*)\]",
}


@pytest.mark.parametrize("name", PLACES)
def test_version_is_the_librarys(root, name):
    """The changelog's first release is the newest one."""
    found = re.search(PLACES[name], (root / name).read_text(), re.MULTILINE)
    assert found is not None
    assert found[1] == domainflow.__version__


def test_release_has_one_date(root):
    cited = re.search(r"^date-released: (\S+)$", (root / "CITATION.cff").read_text(), re.MULTILINE)
    listed = re.search(r"^## \[\d[^]]*\] - (\S+)$", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert cited is not None
    assert listed is not None
    assert cited[1] == listed[1]


def test_images_have_the_version_in_name_and_label(root):
    folder = root / "containers"
    named = dict(re.findall(r"^    (\w+): '(\S+)',$", (folder / "images.config").read_text(), re.MULTILINE))
    assert set(named) == {path.parent.name for path in folder.glob("*/Dockerfile")}
    for name, image in named.items():
        assert image == f"domainflow/{name}:{domainflow.__version__}"
        text = (folder / name / "Dockerfile").read_text()
        assert re.findall(r'image\.version="([^"]+)"', text) == [domainflow.__version__]
        begins = re.findall(r"^ARG DOMAINFLOW=(\S+)$", text, re.MULTILINE)
        assert begins == [] if name == "domainflow" else begins == [named["domainflow"]]
