"""What a user is told before any task starts."""

import json
import re

import pytest

from pipeline.conftest import write_sheet

RIGHT = [
    {"input": "SHEET"},
    {"workflow": "reference", "from": "STORE", "export": "dpam"},
    {"input": "SHEET", "search_engine": "foldseek", "foldseek_evalue": "1e6"},
    {"input": "SHEET", "scratch": "off", "node_cache": "/local/node-cache"},
    {"workflow": "reference", "from": "STORE", "foldseek": True},
]
WRONG = [
    ({}, "--input is required"),
    ({"workflow": "codons"}, "--input is required"),
    (
        {"input": "SHEET", "workflow": "codons", "codon_max_ambiguous": 2},
        "--codon_max_ambiguous is 2, but must be at most 1",
    ),
    ({"input": "SHEET", "inptu": "x"}, "--inptu is not a parameter; did you mean --input?"),
    ({"input": "SHEET", "min_block": "four"}, "--min_block is 'four', but must be an integer"),
    ({"input": "SHEET", "min_block": 0}, "--min_block is 0, but must be at least 1"),
    ({"input": "SHEET", "buckets": 12}, "--buckets is 12, but must be a power of two"),
    ({"input": "SHEET", "parameters": "v3"}, "--parameters is 'v3', but must be one of v2, v1, paper"),
    ({"input": "SHEET", "workflow": "train"}, "--workflow train is now called --workflow training"),
    ({"input": "SHEET", "strict": "maybe"}, "--strict is 'maybe', but must be a boolean"),
    ({"input": "SHEET", "reference": "nowhere.arrow"}, "--reference: there is no file or folder 'nowhere.arrow'"),
    ({"input": "nowhere.csv"}, "--input: there is no file or folder 'nowhere.csv'"),
    ({"input": "SHEET", "hh_database": "gone/db"}, "There is no file whose name begins with gone/db"),
    ({"input": "SHEET", "uniref": "gone/db"}, "--uniref and --query_profiles need --hh_database"),
    ({"input": "SHEET", "foldseek_db": "gone/db"}, "--foldseek_db needs --search_engine foldseek"),
    ({"input": "SHEET", "search_engine": "foldseek", "foldseek_db": "gone/db"}, "file prefix of a Foldseek database"),
    ({"input": "SHEET", "foldseek_evalue": "small"}, "--foldseek_evalue is 'small', but must be a number"),
    ({"input": "SHEET", "scratch": "local"}, "--scratch is 'local', but must be off, or the whole path of a folder"),
    ({"input": "SHEET", "node_cache": "/a'; id; '"}, "but must be the whole path of a folder without blanks"),
    ({"workflow": "reference"}, "makes a reference of --domains and --structures"),
    ({"workflow": "reference", "domains": "TABLE"}, "--structures is required with --domains"),
    ({"workflow": "reference", "from": "STORE"}, "--from needs --export"),
]
"""What is given beside the defaults, and what is said of it; words in capitals stand for files that there are."""


@pytest.fixture(scope="module")
def described(root):
    """Parameters of the schema by name."""
    schema = json.loads((root / "nextflow_schema.json").read_text())
    return {name: p for group in schema["$defs"].values() for name, p in group["properties"].items()}


@pytest.fixture(scope="module")
def said(evaluate, root, described, tmp_path_factory):
    """Function of what is given to what is said of it."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "a.pdb").write_text("x")
    (folder / "domains.tsv").write_text("id\trange\tt_group\nd1\tA:1-9\t1.1.1\n")
    files = {
        "SHEET": str(write_sheet(folder / "samples.csv", [("a", "a.pdb", "")])),
        "TABLE": str(folder / "domains.tsv"),
        "STORE": str(root / "assets" / "mini-ecod"),
    }
    defaults = {name: parameter.get("default") for name, parameter in described.items()}
    defaults |= {name: str(root / defaults[name]) for name in ("reference", "domass_network")}
    cases = [*RIGHT, *(given for given, _ in WRONG)]
    filled_in = [{name: files.get(value, value) for name, value in given.items()} for given in cases]
    answers = evaluate("print_complaints.nf", [defaults | given for given in filled_in])
    return lambda given: answers[cases.index(given)]


@pytest.mark.parametrize("given", RIGHT)
def test_nothing_is_said_of_good_parameters(said, given):
    assert said(given) is None


@pytest.mark.parametrize(("given", "sentence"), WRONG)
def test_a_wrong_parameter_has_its_sentence(said, given, sentence):
    assert sentence in said(given)


def test_the_sentence_is_all_there_is_and_the_end(run, tmp_path):
    (tmp_path / "a.pdb").write_text("x")
    sheet = write_sheet(tmp_path / "samples.csv", [("a", "a.pdb", "")])
    done = run("-stub", "--input", sheet, "--inptu", "x", succeed=False)
    assert "--inptu is not a parameter; did you mean --input?" in done.stdout + done.stderr
    assert "Submitted process" not in done.stdout
    assert "\tat " not in done.stdout + done.stderr  # no stack trace


def test_help_names_every_parameter_and_starts_nothing(run, root, tmp_path):
    text = run("--help").stdout
    schema = json.loads((root / "nextflow_schema.json").read_text())
    for group in schema["$defs"].values():
        assert group["title"] in text
        for name, described in group["properties"].items():
            assert f"--{name} " in text
            assert described["description"] in text
            # no text still speaks of a value by its old name
            assert not [old for old in described.get("renamed", {}) if re.search(rf"--{name} {old}\b", text)]
    assert not (tmp_path / "results").exists()


def test_schema_and_configuration_have_the_same_defaults(root, described):
    block = re.search(r"^params \{(.*?)^\}", (root / "nextflow.config").read_text(), re.M | re.S)[1]
    configured = dict(re.findall(r"^\s+(\w+)\s+= (.+?)\s*$", block, re.M))
    assert set(described) == set(configured)
    for name, value in configured.items():
        text = value.rpartition("?: ")[2].strip("'\"").replace("${projectDir}/", "")
        default = described[name].get("default")
        assert text == (default if isinstance(default, str) else json.dumps(default))
