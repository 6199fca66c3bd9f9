"""The template store: it is read back as written, equal content has equal bytes, and wrong files are named."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from domainflow.run.errors import StoreError
from domainflow.templates.store import TemplateRow, TemplateStore, write_store
from domainflow.templates.store_format import FORMAT, SCHEMA
from peptides import ALPHA, STRAND, peptide


def template(number, length=30, **changes):
    """Invent a template; those with even numbers have a sequence index."""
    backbone = peptide([ALPHA if number % 2 else STRAND] * length)
    known = number % 2 == 0
    row = TemplateRow(
        uid=f"{number:09d}", id=f"e{number}abcA1", pdb=f"{number}abc", chain="A", range=f"A:1-{length + 2}",
        t_group=f"{number}.1.1", t_group_name="Invented fold", h_group=f"{number}.1", length=length + 2,
        sequence="ACDEFGHIKL"[number] * length, states="H" * length, letters="V" * length, backbone=backbone,
        nodes=[np.arange(length), np.r_[0:10, 15:25]],
        sequence_index=np.arange(3, length + 3) if known else None,
    )  # fmt: skip
    return replace(row, **changes)


@pytest.fixture(params=["zstd", None])
def store(request, tmp_path):
    path = tmp_path / "a store.arrow"
    write_store(path, [template(3), template(2, 40), template(1)], request.param)
    return TemplateStore.open(path)


def test_rows_ascend_by_uid_whatever_the_order_written(store):
    assert store.uids == ["000000001", "000000002", "000000003"]
    assert [store.row(uid) for uid in store.uids] == [0, 1, 2]
    assert "000000002" in store
    assert "000000004" not in store


def test_facts_come_back(store):
    assert (store.template_id(1), store.pdb(1), store.chain(1), store.range(1)) == ("e2abcA1", "2abc", "A", "A:1-42")
    assert (store.t_group(1), store.t_group_name(1), store.h_group(1)) == ("2.1.1", "Invented fold", "2.1")
    assert store.sequences == ["C" * 30, "D" * 40, "E" * 30]
    assert store.states[0] == "H" * 30
    assert store.letters[0] == "V" * 30


def test_length_counts_the_sequence_and_lengths_the_coordinates(store):
    assert [store.length(row) for row in range(3)] == [32, 42, 32]
    assert store.lengths.tolist() == [30, 40, 30]
    assert store.offsets.tolist() == [0, 30, 70, 100]
    assert store.lengths.dtype == np.int32
    assert store.offsets.dtype == np.int64


def test_backbone_comes_back_to_a_hundredth_of_an_angstrom_around_the_origin(store):
    original = peptide([STRAND] * 40)
    backbone = store.backbone(1)
    assert backbone.dtype == np.float32
    shift = backbone[0, 1] - np.rint(original[0, 1] * 100) / 100
    np.testing.assert_allclose(backbone - shift, original, atol=0.0051)
    assert np.abs(backbone[:, 1].mean(axis=0)).max() < 0.01


def test_ca_of_all_templates_lies_in_one_array(store):
    assert store.ca.dtype == np.float32
    assert store.ca.shape == (100, 3)
    np.testing.assert_array_equal(store.ca[store.offsets[1] : store.offsets[2]], store.backbone(1)[:, 1])


def test_coordinates_on_the_grid_are_exact(tmp_path):
    grid = np.rint(peptide([ALPHA] * 30) * 100) / 100
    write_store(tmp_path / "a", [template(1, backbone=grid)])
    write_store(tmp_path / "b", [template(1, backbone=TemplateStore.open(tmp_path / "a").backbone(0))])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nodes_come_back_as_residues(store):
    whole, part = store.nodes(1)
    assert whole.tolist() == list(range(40))
    assert part.tolist() == [*range(10), *range(15, 25)]
    assert part.dtype == np.int32


def test_places_in_the_sequence_are_known_or_absent(store):
    assert store.sequence_index(1).tolist() == list(range(3, 43))
    assert store.sequence_index(0) is None


def test_a_folder_is_opened_by_its_store(tmp_path):
    (tmp_path / "ref").mkdir()
    write_store(tmp_path / "ref" / "templates.arrow", [template(1)])
    store = TemplateStore.open(tmp_path / "ref")
    assert store.uids == ["000000001"]
    assert store.path == tmp_path / "ref" / "templates.arrow"


@pytest.mark.parametrize("compression", ["zstd", None])
def test_equal_content_has_equal_bytes(tmp_path, compression):
    templates = [template(number) for number in range(1, 5)]
    write_store(tmp_path / "a", templates, compression)
    write_store(tmp_path / "b", reversed(templates), compression)
    TemplateStore.open(tmp_path / "b").subset(range(4), tmp_path / "c", compression)
    TemplateStore.open(tmp_path / "b").subset([3, 1], tmp_path / "d", compression)
    write_store(tmp_path / "e", [templates[1], templates[3]], compression)
    contents = {name: (tmp_path / name).read_bytes() for name in "abcde"}
    assert contents["a"] == contents["b"] == contents["c"]
    assert contents["d"] == contents["e"]
    checksums = [TemplateStore.open(tmp_path / name).checksum() for name in "ad"]
    assert len(checksums[0]) == 64
    assert checksums[0] != checksums[1]


def test_a_subset_is_a_store(store, tmp_path):
    store.subset([2, 0], tmp_path / "subset.arrow")
    part = TemplateStore.open(tmp_path / "subset.arrow")
    assert part.uids == ["000000001", "000000003"]
    np.testing.assert_array_equal(part.backbone(1), store.backbone(2))
    assert [node.tolist() for node in part.nodes(1)] == [node.tolist() for node in store.nodes(2)]


# Unusable files and templates


def refusal(path):
    with pytest.raises(StoreError) as caught:
        TemplateStore.open(path)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    return message


def test_other_files_are_no_stores(tmp_path):
    assert "does not exist" in refusal(tmp_path / "missing.arrow")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match=r"empty/templates\.arrow, the file of templates, does not exist"):
        TemplateStore.open(tmp_path / "empty")
    (tmp_path / "text.arrow").write_text("not a store\n" * 100)
    (tmp_path / "empty.arrow").touch()
    for name in ("text.arrow", "empty.arrow"):
        assert "holds no templates" in refusal(tmp_path / name)


def test_a_cut_off_store_is_noticed(tmp_path):
    path = tmp_path / "a.arrow"
    write_store(path, [template(1)])
    path.write_bytes(path.read_bytes()[:-100])
    assert "damaged" in refusal(path)


def write_arrow(path, schema, rows=0):
    columns = [pa.nulls(rows, field.type) for field in schema]
    with pa.ipc.new_file(str(path), schema) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))


def test_another_version_or_schema_is_named(tmp_path):
    path = tmp_path / "a.arrow"
    write_arrow(path, pa.schema([("x", pa.int32())]))
    assert "no template store" in refusal(path)
    write_arrow(path, SCHEMA.with_metadata({"format": FORMAT, "version": "99"}))
    assert "version 99, expected 2" in refusal(path)
    write_arrow(path, SCHEMA.remove(SCHEMA.get_field_index("letters")))
    assert "lacks the columns letters" in refusal(path)
    write_arrow(path, SCHEMA.set(SCHEMA.get_field_index("ca"), pa.field("ca", pa.list_(pa.float32()))))
    assert "column ca" in refusal(path)
    write_arrow(path, SCHEMA)
    assert "holds no template" in refusal(path)


def test_an_unknown_template_is_named(store):
    with pytest.raises(StoreError, match=r"template 000000009 is not in a store\.arrow"):
        store.row("000000009")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uid": "12"}, "nine digits"),
        ({"letters": "V"}, "1 entries in letters"),
        ({"sequence_index": np.ones(3, int)}, "3 entries in sequence_index"),
        ({"weights": np.ones(3)}, "3 entries in weights"),
        ({"family": (np.ones(2), np.ones(3))}, "2 z-scores of homologues but 3"),
        ({"backbone": np.full((30, 4, 3), np.nan)}, "not finite numbers"),
        ({"backbone": np.arange(30)[:, None, None] * np.full((1, 4, 3), 30.0)}, "more than 327 Å"),
    ],
)
def test_what_cannot_be_stored_is_named(tmp_path, changes, said):
    with pytest.raises(StoreError, match=said):
        write_store(tmp_path / "a", [template(1, **changes)])
    assert not (tmp_path / "a").exists()


def test_no_template_and_a_uid_twice_are_refused(tmp_path):
    with pytest.raises(StoreError, match="no template to write"):
        write_store(tmp_path / "a", [])
    with pytest.raises(StoreError, match="000000001 occurs twice"):
        write_store(tmp_path / "a", [template(1), template(1)])
