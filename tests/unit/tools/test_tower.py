"""tower.yml names files that runs publish."""

import re


def test_every_report_of_tower_is_a_file_that_a_run_publishes(root):
    sources = [*(root / "modules").glob("*/*.nf"), *(root / "bin").rglob("*.py"), root / "nextflow.config"]
    texts = "\n".join(path.read_text() for path in sources)
    named = re.findall(r'^  "(.+)":$', (root / "tower.yml").read_text(), re.MULTILINE)
    assert len(named) >= 8
    assert [name for name in named if not re.search(rf"[\"'/]{re.escape(name)}", texts)] == []
