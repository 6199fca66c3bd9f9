"""What a finished phase keeps, and what is said if it cannot be gone on with."""

import copy

import pytest

from domainflow.run.errors import InputError
from domainflow.run.phases import check_facts, check_files, file_record, pack, unpack

FACTS = {
    "workflow": "domains",
    "code": {"search_templates": "aa", "align_templates": "bb"},
    "parameters": {"min_block": 4, "leave_out": "none", "foldseek_sensitivity": 9.5},
    "files": {"templates.arrow": "cc"},
    "databases": {"db.ffdata": 10},
}
RECORD = {"phase": "align", "contents": [{"name": "bucket-0000.tar", "size": 10240, "sha256": "dd"}], **FACTS}


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "bucket-0000.hits.tsv").write_bytes(b"hits\n")
    (folder / "bucket-0000.proteins.zip").write_bytes(bytes(range(256)) * 30)
    return sorted(folder.iterdir())


def test_a_part_gives_its_files_back(files, tmp_path):
    packed = pack(files, tmp_path / "bucket-0000.tar")
    restored = unpack(tmp_path / "bucket-0000.tar", packed, tmp_path / "restored")
    assert {path.name: path.read_bytes() for path in restored} == {path.name: path.read_bytes() for path in files}


def test_the_same_files_give_the_same_bytes(files, tmp_path):
    first = pack(files, tmp_path / "one.tar")
    for path in files:
        path.touch()
    second = pack(reversed(files), tmp_path / "two.tar")
    assert first[1:] == second[1:]


@pytest.mark.parametrize("place", [0, 600, 5000, -1])
def test_a_changed_byte_is_found(files, tmp_path, place):
    part = tmp_path / "bucket-0000.tar"
    packed = pack(files, part)
    content = bytearray(part.read_bytes())
    content[place] ^= 1
    part.write_bytes(content)
    with pytest.raises(InputError, match=r"bucket-0000\.tar is not the file that the phase wrote"):
        unpack(part, packed, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_folder_must_be_whole(tmp_path):
    inputs = tmp_path / "inputs.json"
    inputs.write_text('[{"id": "a"}]')
    record = RECORD | {"contents": [*RECORD["contents"], file_record(inputs)._asdict()]}
    sizes = {"bucket-0000.tar": 10240, "inputs.json": 13}
    check_files(record, sizes, inputs)
    with pytest.raises(InputError, match=r"lacks bucket-0000\.tar"):
        check_files(record, {"inputs.json": 13}, inputs)
    with pytest.raises(InputError, match=r"bucket-0000\.tar with another size"):
        check_files(record, sizes | {"bucket-0000.tar": 10241}, inputs)
    inputs.write_text('[{"id": "b"}]')
    with pytest.raises(InputError, match=r"inputs\.json is not the file that the phase wrote"):
        check_files(record, sizes, inputs)


def test_the_same_run_goes_on():
    check_facts(RECORD, FACTS)


@pytest.mark.parametrize(
    ("section", "name", "value", "said"),
    [
        ("code", "align_templates", "bc", "the code of align_templates has changed since"),
        ("code", "align_templates", None, "the code of align_templates has changed since"),
        ("parameters", "min_block", 5, "--min_block was 4 and is 5; give it as before"),
        ("parameters", "leave_out", "related", "--leave_out was none and is related"),
        ("files", "templates.arrow", "ce", r"templates\.arrow is another file now"),
        ("files", "templates.arrow", None, r"templates\.arrow is another file now"),
        ("databases", "db.ffdata", 11, r"the size of db\.ffdata in bytes was 10 and is 11"),
        ("databases", "more.ffdata", 1, r"the size of more\.ffdata in bytes was not given and is 1"),
    ],
)
def test_what_differs_is_named(section, name, value, said):
    facts = copy.deepcopy(FACTS)
    if value is None:
        del facts[section][name]
    else:
        facts[section][name] = value
    with pytest.raises(InputError, match=f"the phase align cannot be gone on with: {said}"):
        check_facts(RECORD, facts)


def test_all_differences_are_named_at_once():
    facts = copy.deepcopy(FACTS)
    facts["parameters"] |= {"min_block": 3, "leave_out": "related"}
    with pytest.raises(InputError, match=r"--leave_out was none and is related.*--min_block was 4 and is 3"):
        check_facts(RECORD, facts)


def test_what_later_phases_use_may_differ():
    facts = copy.deepcopy(FACTS)
    facts["parameters"]["domass_engine"] = "tensorflow"
    facts["code"]["score_domains"] = "ee"
    facts["files"]["statistics.arrow"] = "ff"
    check_facts(RECORD, facts)


def test_another_workflow_is_named():
    with pytest.raises(InputError, match="of --workflow domains, but this run has --workflow codons"):
        check_facts(RECORD, FACTS | {"workflow": "codons"})
