"""HH-suite: it reads our own database, a template finds itself and its homologues, a bad profile fails alone.

The templates are two groups of the embedded reference; tests that need HH-suite are skipped without it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import gemmi
import numpy as np
import pytest

from domainflow.domains.candidates.sequence_hits import map_sequence_hits
from domainflow.domains.candidates.template_chains import chain_domains
from domainflow.domains.parameters import DPAM_V2
from domainflow.reference.hh_database import build_database
from domainflow.run.errors import InputError, MissingProgramError, ProgramError, StoreError
from domainflow.run.ledger import read_ledger
from domainflow.sequences import hhsuite
from domainflow.sequences.ffindex import read_ffindex
from domainflow.sequences.hhm import hhm_sequence, one_hot
from domainflow.sequences.hhr import read_hhsuite_text
from domainflow.sequences.profile_files import Frequencies, ProfileFiles, ProfileText
from domainflow.sequences.profiles import SequenceSearch, query_profile, template_profile
from domainflow.structures.archive import read_texts, write_proteins
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

needs_hhsuite = pytest.mark.skipif(shutil.which("hhsearch") is None, reason="HH-suite (Debian's hhsuite) is missing")
ALONE = SequenceSearch()


@pytest.fixture(scope="module")
def store(root, tmp_path_factory):
    """Twelve templates, the first of the embedded reference."""
    path = tmp_path_factory.mktemp("store") / "templates.arrow"
    TemplateStore.open(root / "assets" / "mini-ecod" / "templates.arrow").subset(range(12), path)
    return TemplateStore.open(path)


def relatives(sequence, number=8, changed=0.4):
    """Make an alignment of a sequence with invented homologues."""
    draw = np.random.default_rng(1)
    letters = np.array(list("ACDEFGHIKLMNPQRSTVWY"))
    rows = [f">first\n{sequence}\n"]
    for row in range(number):
        other = np.where(draw.random(len(sequence)) < changed, draw.choice(letters, len(sequence)), list(sequence))
        rows.append(f">relative{row}\n{''.join(other)}\n")
    return "".join(rows)


@pytest.fixture(scope="module")
def database(store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hh")
    build_database(store, None, folder)
    return hhsuite.database_prefix(folder)


def search(sequence, given, database, folder):
    hhm = query_profile(sequence, given, ALONE, folder)
    return hhsuite.profile_report(hhm, database, 1, "P1", folder)


def test_a_database_has_every_template_by_its_uid_and_the_same_bytes_each_time(store, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        rows = build_database(store, None, tmp_path / name)
        assert [(row.uid, row.made_from) for row in rows] == [(uid, "sequence") for uid in store.uids]
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == [f"templates_{part}.{end}" for part in ("a3m", "cs219", "hhm") for end in ("ffdata", "ffindex")]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    profiles = dict(read_ffindex(tmp_path / "one" / "templates_hhm"))
    assert [hhm_sequence(text.decode()) for text in profiles.values()] == store.sequences


def test_a_template_whose_profile_does_not_fit_is_left_out_with_the_reason(store, tmp_path):
    first, second, third = store.uids[:3]
    np.savez(
        tmp_path / "given.npz",
        **{
            first: np.ones((5, 20)),
            second: one_hot(store.sequences[1]),
            store.template_id(2): one_hot(store.sequences[2]),
        },
    )
    rows = build_database(store, ProfileFiles.open(tmp_path / "given.npz"), tmp_path)
    assert [row.made_from for row in rows[:4]] == ["left out", "frequencies", "frequencies", "sequence"]
    assert "5 x 20, expected 327 x 20" in rows[0].reason
    assert [name for name, _ in read_ffindex(tmp_path / "templates_hhm")][:2] == [second, third]


def test_frequencies_of_the_whole_sequence_are_cut_to_residues_with_coordinates(tmp_path):
    whole, present = "MKTAYIAKQR", np.array([2, 3, 4, 7, 8, 9])
    sequence = "".join(whole[place - 1] for place in present)
    given = Frequencies(one_hot(whole))
    cut = template_profile("u", sequence, "HHHEEE", 10, present, given, tmp_path)
    assert cut == template_profile("u", sequence, "HHHEEE", 10, present, Frequencies(one_hot(sequence)), tmp_path)


@needs_hhsuite
def test_alignments_of_templates_are_cut_too(tmp_path):
    whole = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ"
    present = np.r_[1:11, 14:34]
    sequence = "".join(whole[place - 1] for place in present)
    text = template_profile(
        "u", sequence, "H" * len(sequence), len(whole), present, ProfileText("a3m", relatives(whole)), tmp_path
    )
    assert hhm_sequence(text) == sequence
    assert ">ss_dssp" in text
    with pytest.raises(InputError, match="the profile has 33 columns, the model 30 residues"):
        template_profile("u", sequence, "H" * 30, 30, None, ProfileText("a3m", relatives(whole)), tmp_path)


@needs_hhsuite
def test_a_single_sequence_finds_itself_and_its_relative(store, database, tmp_path):
    # 000000005 and 000000006 are both phosphoglycerate kinases
    hits = read_hhsuite_text(search(store.sequences[4], None, database, tmp_path))
    assert [hit.chain for hit in hits[:2]] == [store.uids[4], store.uids[5]]
    assert all(float(hit.report.probability) > 95 for hit in hits[:2])
    rows = map_sequence_hits(hits, chain_domains(store), DPAM_V2)
    assert rows[0].coverage > 0.95
    np.testing.assert_array_equal(rows[0].query, rows[0].template)


@needs_hhsuite
@pytest.mark.parametrize("kind", ["frequencies", "a3m", "hhm"])
def test_every_kind_of_profile_finds_its_template(store, database, tmp_path, kind):
    sequence = store.sequences[6]
    if kind == "frequencies":
        given = Frequencies(0.7 * one_hot(sequence) + 0.3 / 20)
    else:
        given = ProfileText("a3m", relatives(sequence))
    if kind == "hhm":
        given = ProfileText("hhm", query_profile(sequence, given, ALONE, tmp_path))
    best = read_hhsuite_text(search(sequence, given, database, tmp_path))[0]
    assert (best.chain, best.query_start, best.template_start) == (store.uids[6], 1, 1)
    assert float(best.report.probability) > 95


@needs_hhsuite
def test_a_report_says_neither_where_nor_when(store, database, tmp_path):
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        texts.append(search(store.sequences[0], None, database, tmp_path / name))
    assert texts[0] == texts[1]
    assert texts[0].startswith("Query         P1\n")
    assert str(tmp_path) not in texts[0]


@needs_hhsuite
def test_real_profiles_find_their_own_group_first(root, shared, tmp_path):
    whole = TemplateStore.open(root / "assets" / "mini-ecod" / "templates.arrow")
    chosen = [row for row in range(len(whole)) if whole.t_group(row) in ("11.1.1", "2003.1.1")]
    whole.subset(chosen, tmp_path / "store")
    store = TemplateStore.open(tmp_path / "store")
    profiles = ProfileFiles.open(shared / "data" / "reference" / "profiles.npz")
    build_database(store, profiles, tmp_path)
    uid = next(uid for row, uid in enumerate(store.uids) if store.t_group(row) == "2003.1.1")
    row = store.row(uid)
    given = profiles.read(store.template_id(row))
    hits = read_hhsuite_text(search(store.sequences[row], given, hhsuite.database_prefix(tmp_path), tmp_path))
    assert hits[0].chain == uid
    assert float(hits[0].report.probability) > 95
    likely = {hit.chain for hit in hits if float(hit.report.probability) > 90}
    assert len(likely) > 1
    assert {store.t_group(store.row(name)) for name in likely} == {"2003.1.1"}


REPORT = """Query         query
Match_columns 9

 No Hit                             Prob
  1 000000001                       99.0
  2 000000002                       98.0

No 1
>000000001
Probab=99.0

No 2
>000000002
Probab=98.0


"""


@pytest.mark.parametrize(
    ("report", "complaint"),
    [
        (REPORT, None),
        (REPORT.partition("No 2")[0] + "\n", "2 hits are listed, 1 alignments given"),
        (REPORT.rstrip(), "ends within an alignment"),
        (REPORT.rstrip() + "\n", "ends within an alignment"),
        ("", "no list of hits"),
        (REPORT.partition("  1 0000")[0] + "\n", None),
    ],
    ids=["whole", "lost alignment", "cut", "no blank line", "empty", "no hits"],
)
def test_a_report_that_was_cut_is_not_taken(monkeypatch, tmp_path, report, complaint):
    runs = []

    def run(_arguments, folder, _database):
        runs.append(1)
        (folder / "query.hhr").write_text(report)

    monkeypatch.setattr(hhsuite, "_run", run)
    if complaint is None:
        assert hhsuite.profile_report("", tmp_path / "db", 1, "P1", tmp_path).startswith("Query         P1\n")
        assert len(runs) == 1
    else:
        with pytest.raises(ProgramError, match=complaint):
            hhsuite.profile_report("", tmp_path / "db", 1, "P1", tmp_path)
        assert len(runs) == hhsuite.ATTEMPTS


def test_predicted_secondary_structure_must_be_there_unless_nothing_is_known(monkeypatch, tmp_path):
    alignment = ">query\nMKTA\n"

    def run(arguments, folder, _database=None):
        (folder / ("predicted.a3m" if "predicted" in arguments else "query.a3m")).write_text(alignment)

    monkeypatch.setattr(hhsuite, "_run", run)
    monkeypatch.setattr(hhsuite, "_addss", lambda: "addss.pl")
    assert len(hhsuite.aligned_with_uniref("MKTA", tmp_path, True, 1, tmp_path)) == 1
    alignment += ">r\nMKTT\n"
    assert len(hhsuite.aligned_with_uniref("MKTA", tmp_path, False, 1, tmp_path)) == 2
    with pytest.raises(ProgramError, match=r"predicted no secondary structure.*--skip_addss"):
        hhsuite.aligned_with_uniref("MKTA", tmp_path, True, 1, tmp_path)
    alignment = ">ss_pred\nCCHH\n>ss_conf\n9999\n" + alignment
    assert len(hhsuite.aligned_with_uniref("MKTA", tmp_path, True, 1, tmp_path)) == 4


@pytest.mark.skipif(shutil.which("perl") is None, reason="perl is missing")
def test_psipred_is_looked_for_where_addss_looks_for_it(monkeypatch, tmp_path):
    scripts, programs = tmp_path / "scripts", tmp_path / "psipred"
    scripts.mkdir()
    programs.mkdir()
    monkeypatch.setenv("HHLIB", str(tmp_path))
    monkeypatch.setattr(hhsuite, "ADDSS", (str(scripts / "addss.pl"),))
    assert not hhsuite.psipred_installed()
    (scripts / "addss.pl").write_text("")
    (scripts / "addss.pl").chmod(0o755)
    assert not hhsuite.psipred_installed()
    (scripts / "HHPaths.pm").write_text(
        "package HHPaths; use Exporter; our @ISA = qw(Exporter); our @EXPORT = qw($execdir); "
        f"our $execdir = '{programs}'; 1;"
    )
    assert not hhsuite.psipred_installed()
    for name in hhsuite.PSIPRED:
        (programs / name).write_text("")
        (programs / name).chmod(0o755)
    assert hhsuite.psipred_installed()


def test_databases_and_programs_that_are_missing_are_named(tmp_path):
    with pytest.raises(StoreError, match=r"lacks pdb70_a3m\.ffdata"):
        hhsuite.database_prefix(tmp_path / "pdb70")
    with pytest.raises(StoreError, match="holds 0 HH-suite databases"):
        hhsuite.database_prefix(tmp_path)
    with pytest.raises(MissingProgramError, match="no-such-program of HH-suite"):
        hhsuite.require_programs("no-such-program")


def test_profiles_come_from_an_npz_a_folder_or_a_zip(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "P.1.a3m").write_text(">q\nMK\n")
    (folder / "P.1.hhm").write_text("a profile")
    (folder / "P2.a3m").write_text(">q\nMKT\n")
    (folder / "notes.txt").write_text("")
    shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "folder")
    for path in (folder, tmp_path / "packed.zip"):
        files = ProfileFiles.open(path)
        assert files.names == {"P.1", "P2"}
        assert files.read("P.1") == ProfileText("hhm", "a profile")
        assert files.read("P3", "P2") == ProfileText("a3m", ">q\nMKT\n")
        assert files.read("P3") is None
    np.savez(tmp_path / "arrays.npz", **{"P.1": np.ones((3, 20))})
    given = ProfileFiles.open(tmp_path / "arrays.npz").read("P.1")
    assert isinstance(given, Frequencies)
    assert given.table.shape == (3, 20)
    for wrong in ("missing.npz", "folder/notes.txt"):
        with pytest.raises(StoreError):
            ProfileFiles.open(tmp_path / wrong)


def protein(name, sequence):
    """Make a straight chain: no test here uses coordinates."""
    lines = [
        f"ATOM  {4 * i + a + 1:5d}  {atom:<3s} {gemmi.expand_one_letter(letter, gemmi.ResidueKind.AA)} A{i + 1:4d}    "
        f"{i:8.3f}{a:8.3f}{0:8.3f}  1.00  0.00           {atom[0]}\n"
        for i, letter in enumerate(sequence)
        for a, atom in enumerate(("N", "CA", "C", "O"))
    ]
    none, length = np.empty((0, 3)), len(sequence)
    return Protein(
        name, sequence, none, none, none, np.empty(0, np.int32), "-" * length, np.zeros(length, np.int32), None, (),
        "".join(lines),
    )  # fmt: skip


@needs_hhsuite
@pytest.mark.parametrize("skip", [False, True])
def test_without_psipred_the_search_goes_on_and_says_so(root, store, database, tmp_path, monkeypatch, skip):
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "hhblits"
    fake.write_text(f"#!{sys.executable}\nfrom pathlib import Path\ntext = Path('query.fa').read_text()\n"
                    "Path('query.a3m').write_text(text + text.replace('>query', '>relative'))\n")  # fmt: skip
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("HHLIB", str(tmp_path))
    for part in hhsuite.PARTS:
        for end in ("ffdata", "ffindex"):
            (tmp_path / f"uniref_{part}.{end}").write_text("")
    names = ("made", "given")
    write_proteins(tmp_path / "b.proteins.zip", [protein(name, store.sequences[0]) for name in names])
    np.savez(tmp_path / "given.npz", given=one_hot(store.sequences[0]))
    options = ["--proteins=b.proteins.zip", f"--hh-database={database}", "--uniref=uniref", "--profiles=given.npz"]
    command = [sys.executable, root / "bin" / "search_profiles.py", *options, *(["--skip-addss"] if skip else [])]
    subprocess.run(command, cwd=tmp_path, check=True)
    ledger = {row.protein: row for row in read_ledger(tmp_path / "b.profiles.ledger.tsv")}
    assert {row.status for row in ledger.values()} == {"passed"}
    assert ledger["made"].reason == ("-" if skip else hhsuite.NO_PSIPRED)
    assert ledger["given"].reason == "-"


@needs_hhsuite
def test_a_protein_with_a_bad_profile_fails_alone_and_threads_change_nothing(root, store, database, tmp_path):
    write_proteins(
        tmp_path / "bucket-0001.proteins.zip",
        [protein("good", store.sequences[0]), protein("bad", "MKTAYIAKQR"), protein("Consensus", store.sequences[4])],
    )
    np.savez(tmp_path / "given.npz", bad=np.ones((3, 20)))
    archives = []
    for threads in (1, 2):
        out = tmp_path / f"out{threads}"
        out.mkdir()
        options = {
            "proteins": tmp_path / "bucket-0001.proteins.zip", "hh-database": database.parent,
            "profiles": tmp_path / "given.npz", "threads": threads, "out-dir": out,
        }  # fmt: skip
        command = [sys.executable, root / "bin" / "search_profiles.py"]
        subprocess.run(command + [f"--{name}={value}" for name, value in options.items()], check=True)
        archives.append((out / "bucket-0001.hhr.zip").read_bytes())
        ledger = {row.protein: row for row in read_ledger(out / "bucket-0001.profiles.ledger.tsv")}
    assert archives[0] == archives[1]
    assert {name: row.status for name, row in ledger.items()} == {
        "good": "passed", "bad": "rejected", "Consensus": "passed",
    }  # fmt: skip
    assert "3 x 20, expected 10 x 20" in ledger["bad"].reason
    reports = dict(read_texts(Path(tmp_path / "out1" / "bucket-0001.hhr.zip")))
    assert list(reports) == ["good", "Consensus"]
    assert read_hhsuite_text(reports["good"])[0].chain == store.uids[0]
    assert read_hhsuite_text(reports["Consensus"])[0].chain == store.uids[4]
