"""What a user is told before any task starts."""

import json
import re

import pytest

from pipeline.conftest import write_sheet


@pytest.fixture
def sheet(tmp_path):
    (tmp_path / "a.pdb").write_text("x")
    return write_sheet(tmp_path / "samples.csv", [("a", "a.pdb", "")])


def test_help_names_every_parameter_and_starts_nothing(run, root, tmp_path):
    text = run("--help").stdout
    schema = json.loads((root / "nextflow_schema.json").read_text())
    for group in schema["$defs"].values():
        assert group["title"] in text
        for name, described in group["properties"].items():
            assert f"--{name} " in text
            assert described["description"] in text
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--inptu", "x"], "--inptu is not a parameter; did you mean --input?"),
        (["--min_block", "four"], "--min_block is 'four', but must be an integer"),
        (["--min_block", "0"], "--min_block is 0, but must be at least 1"),
        (["--buckets", "12"], "--buckets is 12, but must be a power of two"),
        (["--parameters", "v3"], "--parameters is 'v3', but must be one of v2, v1, paper"),
        (["--strict", "maybe"], "--strict is 'maybe', but must be a boolean"),
        (["--reference", "nowhere.arrow"], "--reference: there is no file or folder 'nowhere.arrow'"),
        (["--input", "nowhere.csv"], "--input: there is no file or folder 'nowhere.csv'"),
    ],
)
def test_a_wrong_parameter_is_one_sentence_and_the_end(run, sheet, arguments, sentence):
    given = arguments if "--input" in arguments else ["--input", sheet, *arguments]
    done = run("-stub", *given, succeed=False)
    assert sentence in done.stdout + done.stderr
    assert "Submitted process" not in done.stdout
    assert "\tat " not in done.stdout + done.stderr  # no stack trace


def test_input_is_required(run):
    assert "--input is required" in run(succeed=False).stdout


def test_schema_and_configuration_have_the_same_defaults(root):
    schema = json.loads((root / "nextflow_schema.json").read_text())
    described = {name: p for group in schema["$defs"].values() for name, p in group["properties"].items()}
    block = re.search(r"^params \{(.*?)^\}", (root / "nextflow.config").read_text(), re.M | re.S)[1]
    configured = dict(re.findall(r"^\s+(\w+)\s+= (.+?)\s*$", block, re.M))
    assert set(described) == set(configured)
    for name, value in configured.items():
        text = value.rpartition("?: ")[2].strip("'\"").replace("${projectDir}/", "")
        default = described[name].get("default")
        assert text == (default if isinstance(default, str) else json.dumps(default))
