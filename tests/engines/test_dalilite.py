"""DaliLite v5 through `main.nf`, beside its recorded alignments; and its failures, each of which must be seen."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.oracle import Oracle
from domainflow.alignment.dalilite import engine as dalilite_engine
from domainflow.alignment.dalilite.candidates import TaskTemplates
from domainflow.alignment.dalilite.chain_import import import_chain
from domainflow.alignment.dalilite.comparison import QUERY, ImportedTemplate, compare
from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.dalilite.template_archive import SourceChain, TemplateArchive, write_archive
from domainflow.alignment.engine import Alignment, EngineSettings, heavy_atom_chain
from domainflow.domains.dpam_files.steps_1_to_13 import parse_alignments
from domainflow.templates.store import TemplateStore
from engines.conftest import source
from pipeline.conftest import read_table, write_sheet

QUERIES = ["P00698", "P01308", "2CFX_E", "1E7L_A", "2D6Y_A", "2CW3_A", "3ZYQ_A", "4ZBD_B", "1QR0_A"]
"""Queries with up to 228 residues, to keep the test short; 269 pairs."""
PAIRS = 269
FEW_QUERIES = ["P00698", "2CFX_E"]
FEW_PAIRS = 64
QUERY_NAME = "2CFX_E"
"""Query with 24 hits among its 32 templates."""
HEADING = (
    "#uid", "ecod_domain_id", "manual_rep", "f_id", "pdb", "chain", "pdb_range", "seqid_range", "unp_acc", "arch_name",
    "x_name", "h_name", "t_name", "f_name", "asm_status", "ligand",
)  # fmt: skip


@pytest.fixture(scope="module")
def oracle(shared):
    return Oracle(*(shared / "data" / name for name in ("oracle", "models", "chains", "reference")))


@pytest.fixture(scope="module")
def pairs(oracle):
    """Recorded pairs of the queries."""
    return [pair for pair in oracle.pairs if pair.query in QUERIES]


@pytest.fixture(scope="module")
def dalilite(sources):
    """DaliLite as it was built outside of the images; also in the environment of the tests."""
    folder = source(sources, "dalilite")
    before = os.environ.get("DALI_HOME")
    os.environ["DALI_HOME"] = str(folder)
    yield find_dalilite()
    del os.environ["DALI_HOME"]
    if before is not None:
        os.environ["DALI_HOME"] = before


@pytest.fixture(scope="module")
def uids(pairs):
    """UIDs of the templates, by name."""
    return {name: f"{number:09d}" for number, name in enumerate(sorted({pair.template for pair in pairs}))}


@pytest.fixture(scope="module")
def dpam_data(oracle, uids, tmp_path_factory):
    """The templates as a data folder of DPAM."""
    folder = tmp_path_factory.mktemp("dpam_data")
    (folder / "ECOD_pdbs").mkdir()
    texts = oracle.template_texts(uids)
    lengths, classes = [], ["\t".join(HEADING)]
    for name, uid in uids.items():
        (folder / "ECOD_pdbs" / f"{uid}.pdb").write_text(texts[name])
        length = len({line[22:27] for line in texts[name].splitlines() if line.startswith("ATOM")})
        place = f"A:1-{length}"
        lengths.append(f"{uid}\t{name}\t{length}")
        family = f"{oracle.t_groups[name]}.0"
        classes.append("\t".join([uid, name, "MANUAL_REP", family, name[1:5], "A", place, place, *["na"] * 8]))
    (folder / "ECOD_length").write_text("\n".join(lengths) + "\n")
    (folder / "ecod.latest.domains").write_text("\n".join(classes) + "\n")
    return folder


@pytest.fixture(scope="module")
def reference(run_in, dpam_data, dalilite, tmp_path_factory):  # noqa: ARG001  (DALI_HOME)
    """The data folder as a reference, with the templates imported for DaliLite."""
    folder = tmp_path_factory.mktemp("reference")
    run_in(folder, "--workflow", "reference", "--dpam_data", dpam_data, "--dali_import", "--outdir", "ref")
    return folder / "ref"


@pytest.fixture(scope="module")
def run_pairs(run_in, root, oracle, pairs, uids, reference):
    """Run `main.nf` on queries with their recorded templates as candidates; return the blocks of step 7 by query."""

    def run(folder, queries, *options, env=None):
        proteins, missing = oracle.queries(queries)
        assert missing == []
        for name, protein in proteins.items():
            (folder / f"{name}.pdb").write_text(protein.pdb)
        given = {name: [uids[pair.template] for pair in pairs if pair.query == name] for name in queries}
        (folder / "given.json").write_text(json.dumps(given))
        shim = root / "tests" / "engines" / "given_candidates"
        (folder / "given.config").write_text(
            "process { withName: 'SELECT_CANDIDATES' { container = null\n"
            f"beforeScript = 'export PATH={shim}:$PATH GIVEN_CANDIDATES={folder / 'given.json'} "
            f"SELECT_CANDIDATES={root / 'bin' / 'select_candidates.py'}' }} }}\n"
            "profiles { docker { }\ncharliecloud { } }\n"  # a file of one's own must name the profiles (docs/usage.md)
        )
        sheet = write_sheet(folder / "samples.csv", [(name, f"{name}.pdb", "") for name in queries])
        run_in(
            folder, "-c", folder / "given.config", "--input", sheet, "--reference", reference,
            "--alignment_engine", "dalilite", "--save_intermediates", "--outdir", "out", *options, env=env,
        )  # fmt: skip
        blocks = {}
        for name in queries:
            path = next((folder / "out" / "intermediates" / "step8").rglob(f"{name}_hits"))
            blocks[name] = parse_alignments(path.read_text())
        return blocks

    return run


def assert_as_recorded(blocks, pairs, uids, expected_pairs):
    """Hits, rounds, z and all pairs of residues are those that DaliLite gave."""
    compared = 0
    for pair in pairs:
        if pair.query in blocks:
            found = [block for block in blocks[pair.query] if block.uid == uids[pair.template]]
            assert [block.hit_name.rpartition("_")[2] for block in found] == [str(hit.round) for hit in pair.hits]
            assert [block.z for block in found] == [hit.z for hit in pair.hits]
            for block, hit in zip(found, pair.hits, strict=True):
                assert np.array_equal(np.array([block.query, block.template]) - 1, hit.pairs), (pair.query, block)
            compared += 1
    assert compared == expected_pairs
    assert sum(map(len, blocks.values())) == sum(len(pair.hits) for pair in pairs if pair.query in blocks)


def test_alignments_in_docker_are_those_recorded(docker, image, run_pairs, pairs, uids, tmp_path):  # noqa: ARG001
    image("dalilite")
    blocks = run_pairs(tmp_path, QUERIES, "-profile", "docker")
    assert_as_recorded(blocks, pairs, uids, PAIRS)
    record = json.loads((tmp_path / "out" / "pipeline_info" / "provenance.json").read_text())
    assert record["engines"]["dalilite"]["version"] == "DaliLite v5"
    assert {row["status"] for row in read_table(tmp_path / "out" / "ledger.tsv")} <= {"ok", "no_domain"}


def test_alignments_in_charliecloud_are_those_recorded(
    docker, image, build_images, run_pairs, pairs, uids, tmp_path  # noqa: ARG001
):  # fmt: skip
    if shutil.which("ch-run") is None:
        pytest.skip("needs charliecloud")
    image("dalilite")
    exported = build_images("--charliecloud", tmp_path / "images", "domainflow", "dalilite")
    assert exported.returncode == 0, exported.stderr
    options = ("-profile", "charliecloud", "--image_folder", tmp_path / "images")
    blocks = run_pairs(tmp_path, FEW_QUERIES, *options, env={"USER": os.environ.get("USER", "root")})
    assert_as_recorded(blocks, pairs, uids, FEW_PAIRS)


def test_alignments_outside_of_containers_are_those_recorded(run_pairs, pairs, uids, tmp_path):
    blocks = run_pairs(tmp_path, FEW_QUERIES, "--dali_workers", "3")
    assert_as_recorded(blocks, pairs, uids, FEW_PAIRS)


def test_a_run_without_imported_templates_imports_its_candidates(run_in, reference, oracle, tmp_path):
    shutil.copytree(reference, tmp_path / "ref", ignore=shutil.ignore_patterns("dali.arrow"))
    (tmp_path / "query.pdb").write_text(oracle.queries([QUERY_NAME])[0][QUERY_NAME].pdb)
    sheet = write_sheet(tmp_path / "samples.csv", [(QUERY_NAME, "query.pdb", "")])
    done = run_in(tmp_path, "--input", sheet, "--reference", tmp_path / "ref", "--alignment_engine", "dalilite")
    assert "this run imports its candidates" in done.stdout
    assert (next((tmp_path / "work").rglob("dali.arrow"))).is_file()
    assert [row["status"] for row in read_table(tmp_path / "results" / "ledger.tsv")] == ["ok"]


def test_a_missing_program_ends_the_run_at_its_start(run_in, reference, root, tmp_path):
    shutil.copy(root / "assets" / "demo" / "1CFB_A.pdb.gz", tmp_path)
    sheet = write_sheet(tmp_path / "samples.csv", [("1CFB_A", "1CFB_A.pdb.gz", "")])
    options = ("--input", sheet, "--reference", reference, "--alignment_engine", "dalilite")
    done = run_in(tmp_path, *options, succeed=False, env={"DALI_HOME": str(tmp_path / "none")})
    assert "lacks dali.pl, import.pl, serialcompare, dsspcmbi, puu, puutos, fssp" in done.stdout + done.stderr
    assert "ALIGN_TEMPLATES" not in done.stdout


# Failures that DaliLite itself passes over in silence, one after another (status 0, fewer hits)


@pytest.fixture(scope="module")
def few(oracle, dalilite, tmp_path_factory):
    """A query, five of its templates in a store and imported, three of them with hits, and the undisturbed answer."""
    folder = tmp_path_factory.mktemp("few")
    of_query = [pair for pair in oracle.pairs if pair.query == QUERY_NAME]
    with_hits = [pair.template for pair in of_query if pair.hits][:3]
    without = [pair.template for pair in of_query if not pair.hits][:2]
    names = sorted(with_hits + without)
    store_uids = oracle.write_templates(folder / "store.arrow", names)
    store = TemplateStore.open(folder / "store.arrow")
    texts = oracle.template_texts(names)
    chains = [
        SourceChain(store_uids[name], texts[name], int(store.lengths[store.row(store_uids[name])])) for name in names
    ]
    write_archive(folder / "dali.arrow", chains, dalilite, 2, folder)
    query = heavy_atom_chain(oracle.queries([QUERY_NAME])[0][QUERY_NAME])
    jobs = [(store.row(store_uids[name]), np.arange(len(query))) for name in names]
    settings = EngineSettings(workers=1, templates=len(names), imported=folder / "dali.arrow", task_folder=folder)
    with open_dalilite(store, settings) as engine:
        answer = engine.align(query, jobs)
    assert sum(isinstance(alignment, Alignment) for alignment in answer) == 3
    return query, store, jobs, settings, answer


def assert_same(found, answer):
    for one, other in zip(found, answer, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert one.z == other.z
            assert np.array_equal(one.query, other.query)
            assert np.array_equal(one.template, other.template)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_a_damaged_template_costs_no_hit(few, tmp_path, monkeypatch, damage):
    query, store, jobs, settings, answer = few
    place = TaskTemplates.place

    def place_and_damage(self, uids):
        place(self, uids)
        for path in sorted(tmp_path.glob("*/*/T/*.dat"))[1:2]:
            content = path.read_bytes()
            path.unlink()
            if damage != "missing":
                path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")

    monkeypatch.setattr(TaskTemplates, "place", place_and_damage)
    with open_dalilite(store, replace(settings, scratch=str(tmp_path))) as engine:
        assert_same(engine.align(query, jobs), answer)


def test_a_file_that_is_cut_between_check_and_call_costs_no_hit(few, tmp_path, monkeypatch):
    """The end of the file is missing when DaliLite reads it: "End of file", and hits of other templates are lost."""
    query, store, jobs, settings, answer = few
    run = dalilite_engine.DaliLite.run
    cut = []

    def cut_and_run(self, folder, script, *arguments):
        paths = sorted(tmp_path.glob("*/*/T/*.dat"))
        if script == "dali.pl" and not cut:
            cut.append(paths[1])
            paths[1].write_bytes(paths[1].read_bytes()[:300])
        return run(self, folder, script, *arguments)

    monkeypatch.setattr(dalilite_engine.DaliLite, "run", cut_and_run)
    with open_dalilite(store, replace(settings, scratch=str(tmp_path))) as engine:
        assert_same(engine.align(query, jobs), answer)
    assert cut


def test_a_full_disk_costs_no_hit(few, tmp_path, monkeypatch):
    if os.getuid() != 0:
        pytest.skip("needs root, to mount a file system of 300 kB")
    query, store, jobs, settings, answer = few
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount: {mounted.stderr.strip()}")
    try:
        monkeypatch.setattr(dalilite_engine, "BYTES_OF_CALL", 1)
        monkeypatch.setattr(dalilite_engine, "BYTES_OF_TEMPLATE", 1)
        with open_dalilite(store, replace(settings, scratch=str(disk))) as engine:
            assert_same(engine.align(query, jobs), answer)
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.fixture
def call(few, dalilite, tmp_path):
    """Call DaliLite directly with the templates of `few`; keywords change the call."""
    query, store, jobs, settings, _ = few
    archive = TemplateArchive(settings.imported)
    templates = []
    (tmp_path / "T").mkdir()
    for row, _ in jobs:
        uid = store.uids[row]
        (tmp_path / "T" / f"{archive.code(uid)}.dat").write_bytes(archive.dat(uid))
        templates.append(ImportedTemplate(archive.code(uid), int(store.lengths[row]), archive.size(uid)))
    dat = import_chain(dalilite, query.pdb, QUERY, len(query), tmp_path)
    (tmp_path / "c").mkdir()

    def run(query_dat=dat, of=templates, place="../T/"):
        return compare(dalilite, query_dat, of, place, tmp_path / "c")

    run.templates = templates
    run.folder = tmp_path / "c"
    return run


def test_the_undisturbed_call_has_three_hits(call):
    answer = call()
    assert answer.sign is None
    assert len(answer.hits) == 3


def test_a_path_that_is_too_long_is_refused(call):
    assert "more than 80 characters" in call(place="../T/" + "./" * 40).sign


def test_a_code_of_four_characters_is_refused(call):
    code = call.templates[0].code
    shutil.copy(call.folder.parent / "T" / f"{code}.dat", call.folder.parent / "T" / f"{code[:4]}.dat")
    short = replace(call.templates[0], code=code[:4])
    assert call(of=[short]).sign == f"{code[:4]}.dat is damaged"


def test_a_missing_query_is_seen(call, monkeypatch):
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda path, data: 0 if path.name == "mol1A.dat" else write(path, data))
    assert "cannot open" in call().sign


def test_a_locked_folder_is_seen(call):
    (call.folder / "dali.lock").write_text("lock\n")
    assert "locked" in call().sign


def test_an_old_result_does_no_harm(call):
    first = call()
    assert (call.folder / "mol1A.dccp").is_file()
    again = call()
    assert again.sign is None
    assert {code: hit.z for code, hit in again.hits.items()} == {code: hit.z for code, hit in first.hits.items()}


def test_a_template_named_twice_does_no_harm(call):
    answer = call(of=[*call.templates, call.templates[0]])
    assert answer.sign is None
    assert len(answer.hits) == 3
