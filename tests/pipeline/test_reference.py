"""A reference of one's own, by the very table and commands of docs/reference.md."""

import re
import shlex
import subprocess
import sys

import pytest

from domainflow.reference.dpam_data import read_dpam_data
from domainflow.run.errors import EXIT_BAD_REFERENCE
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore
from pipeline.conftest import read_table, tasks
from report_page import run_inside


@pytest.fixture(scope="module")
def document(root):
    return (root / "docs" / "reference.md").read_text()


def block(document, language):
    """The document's first block of a language."""
    match = re.search(rf"^```{language}\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[1]


def arguments(root, command):
    """What follows `nextflow run main.nf`; paths of the checkout made absolute."""
    words = shlex.split(command)
    assert words[:3] == ["nextflow", "run", "main.nf"]
    return [str(root / word) if word.startswith("assets/") else word for word in words[3:]]


def test_the_documents_example(run, root, tmp_path, document):
    (tmp_path / "domains.tsv").write_text(block(document, "tsv"))
    (tmp_path / "samples.csv").write_text(block(document, "csv").replace("assets/", f"{root}/assets/"))
    make, cut = block(document, "bash").splitlines()

    done = run(*arguments(root, make), "--export", "dpam")
    assert "Domains: 1 left_out, 7 ok (ledger.tsv)" in done.stdout
    ledger = read_table(tmp_path / "ref" / "ledger.tsv")
    assert [row["status"] for row in ledger] == ["ok"] * 7 + ["left_out"]
    assert ledger[7]["reason"] == "there is no structure file of entry 9xyz"
    store = TemplateStore.open(tmp_path / "ref")
    statistics = ReferenceStatistics.open(tmp_path / "ref" / "statistics.arrow", store)
    assert [store.template_id(row) for row in range(len(store))] == [row["id"] for row in ledger[:7]]
    assert [store.length(row) for row in range(3)] == [146, 107, 143]
    related = [uid for uid in store.uids if statistics.family(uid) is not None]
    assert [store.template_id(store.row(uid)) for uid in related] == ["e1cfbA1", "e1cfbA2"]
    assert statistics.family_uids(related[0]) == [related[1]]
    assert "e1cfbA1" in run_inside(tmp_path / "ref" / "report.html")["rows"]["id"]
    data = read_dpam_data(tmp_path / "ref" / "dpam")
    assert data.uids == store.uids
    assert data.domain(related[0]).weights.tolist() == statistics.weights(related[0]).tolist()

    run(*arguments(root, cut))
    domains = read_table(tmp_path / "results" / "domains.tsv")
    assert [row["t_group"] for row in domains] == ["11.1.1", "11.1.1"]


def test_a_table_without_usable_domains_is_one_sentence(root, tmp_path):
    (tmp_path / "domains.tsv").write_text("id\trange\tt_group\nd1\tA:1-9\t1.1.1\n")
    command = [sys.executable, root / "bin" / "plan_templates.py", "--domains", "domains.tsv"]
    names = "\n".join(path.name for path in (root / "assets" / "demo").iterdir())
    done = subprocess.run(command, cwd=tmp_path, input=names, text=True, capture_output=True)
    # every task would meet the same: with this exit code the run ends
    assert done.returncode == EXIT_BAD_REFERENCE
    said = "no domain of domains.tsv can be used; of the first, d1: there is no file d1.cif or .pdb"
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_a_domain_more_cuts_its_own_bucket_alone(run, root, tmp_path, document):
    rows = block(document, "tsv").splitlines()[:-1]
    command = ["--workflow", "reference", "--domains", "domains.tsv", "--structures", root / "assets" / "demo"]
    for number, chosen in enumerate((rows[:-2], rows)):
        (tmp_path / "domains.tsv").write_text("\n".join(chosen) + "\n")
        run(*command, "--outdir", "ref", "--buckets", 64, "-resume")
        cached = tasks(tmp_path / "ref", "CACHED")["CUT_TEMPLATES"]
        assert cached == (2 if number else 0)
    assert tasks(tmp_path / "ref", "COMPLETED")["CUT_TEMPLATES"] == 1
    assert len(TemplateStore.open(tmp_path / "ref")) == 7
