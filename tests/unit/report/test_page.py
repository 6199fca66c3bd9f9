"""The page is one file with all data inside, or beside it; its script is what its policy allows."""

import base64
import hashlib
import re

import pytest

from domainflow.report.colours import DOMAIN_COLOURS, domain_colour
from domainflow.report.packing import pack, unpack
from domainflow.report.page import MODULES, joined_script, write_page

RUN = {"title": 'A run & "more"', "rows": {"id": ["</script>"]}}
MOST_LINES = 400


@pytest.fixture
def assets(root):
    return root / "assets" / "report"


def element(page, name):
    """Return the text of an element of packed data."""
    return re.search(rf'<script type="text/plain" id="{name}">([^<]*)</script>', page)[1]


def value(page, name):
    return unpack(base64.b64decode(element(page, name)))


def test_data_come_back_from_the_page(tmp_path, assets):
    write_page(tmp_path / "report.html", RUN, [("</script>", pack({"a": 1})), ("b", pack([2]))], assets=assets)
    page = (tmp_path / "report.html").read_text()
    data = value(page, "data")
    assert data["run"] == RUN
    assert data["meta"]["pages"] == {"</script>": 0, "b": 1}
    assert data["meta"]["inside"] == 2
    assert value(page, "page-0") == {"a": 1}
    assert value(page, "page-1") == [2]
    assert not (tmp_path / "report_data").exists()
    assert "A run &amp; &#34;more&#34;" in page


def test_what_exceeds_the_limit_lies_beside(tmp_path, assets):
    pages = [("a", pack("x")), ("b", pack(list(range(100)))), ("c", pack("y"))]
    limit = len(base64.b64encode(pages[0][1])) + 1
    write_page(tmp_path / "report.html", RUN, pages, assets=assets, embed=limit)
    page = (tmp_path / "report.html").read_text()
    assert value(page, "data")["meta"]["inside"] == 1
    files = sorted((tmp_path / "report_data").iterdir())
    assert [path.name for path in files] == ["000001.js", "000002.js"]
    number, data = re.fullmatch(r'domainflowPayload\((\d+),"([^"]+)"\)\n', files[0].read_text()).groups()
    assert (number, unpack(base64.b64decode(data))) == ("1", list(range(100)))
    assert "'self' file:" in page
    write_page(tmp_path / "report.html", RUN, pages[:1], assets=assets)
    assert not (tmp_path / "report_data").exists(), "files of an earlier report are removed"


def test_equal_data_give_equal_bytes(tmp_path, assets):
    for name in ("a", "b"):
        write_page(tmp_path / name, RUN, [("p", pack({"x": 1.5}))], assets=assets)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_policy_names_the_script(tmp_path, assets):
    write_page(tmp_path / "report.html", RUN, assets=assets)
    page = (tmp_path / "report.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "file:" not in policy
    assert element(page, "viewer") == "", "without pages the page needs no viewer"


def test_every_file_of_the_script_is_joined_once(assets):
    assert sorted(MODULES) == sorted(path.stem for path in (assets / "script").glob("*.js"))
    assert "import " not in joined_script(assets)
    assert max(len(path.read_text().splitlines()) for path in (assets / "script").iterdir()) <= MOST_LINES


def test_no_name_of_the_script_is_defined_twice(assets):
    names = re.findall(
        r"^(?:async )?(?:function|const|let|class) (\w+)|^const .*?, (\w+) = ", joined_script(assets), re.M
    )
    names = [first or second for first, second in names]
    assert sorted(set(names)) == sorted(names)


def test_the_viewer_is_the_published_one(assets):
    for line in (assets / "CHECKSUMS").read_text().splitlines():
        checksum, name = line.split()
        assert hashlib.sha256((assets / name).read_bytes()).hexdigest() == checksum


def test_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack({"x": float("nan")})


def test_colours_begin_again_after_the_last():
    assert domain_colour(len(DOMAIN_COLOURS)) == domain_colour(0) == "#0072b2"
