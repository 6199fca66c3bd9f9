"""Statistics of a reference: they are read back as written, homologues can be excluded, wrong files are named."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from domainflow.domains.evidence.alignment_scores import AlignmentBlock, score_alignments
from domainflow.domains.parse_protein import template_facts
from domainflow.reference.derive_statistics import statistics_rows, t_group_lengths
from domainflow.run.errors import StoreError
from domainflow.templates.homologue_pairs import HomologuePair
from domainflow.templates.position_weights import family_statistics
from domainflow.templates.statistics import FORMAT, SCHEMA, ReferenceStatistics, StatisticsRow, write_statistics
from domainflow.templates.store import TemplateRow, TemplateStore, write_store
from peptides import ALPHA, peptide

UIDS = [f"{number:09d}" for number in range(1, 6)]
LENGTH = 40


def row(uid, residues=LENGTH, sequence_residues=LENGTH + 2):
    """An invented helix; the last one is alone in its T-group."""
    group = "2.1.1" if uid == UIDS[-1] else "1.1.1"
    return TemplateRow(
        uid=uid, id=f"e{uid[-4:]}A1", pdb=uid[-4:], chain="A", range=f"A:1-{sequence_residues}", t_group=group,
        t_group_name="Invented fold", h_group=group[:3], length=sequence_residues, sequence="A" * residues,
        states="H" * residues, letters="V" * residues, backbone=peptide([ALPHA] * residues),
        nodes=[np.arange(residues)],
    )  # fmt: skip


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "templates.arrow"
    write_store(path, [row(uid) for uid in UIDS[:-1]] + [row(UIDS[-1], 25, 27)])
    return TemplateStore.open(path)


PAIRS = [
    HomologuePair(UIDS[0], UIDS[1], 5.04, [1, 30], [3, 32]),
    HomologuePair(UIDS[0], UIDS[2], 7.26, [5, 20, 24, 30], [1, 16, 18, 24]),
    HomologuePair(UIDS[0], UIDS[3], 2.51, [11, 40], [1, 30]),
    HomologuePair(UIDS[1], UIDS[2], 4.0, [1, 25], [1, 25]),
]


@pytest.fixture
def statistics(store, tmp_path):
    path = tmp_path / "statistics.arrow"
    write_statistics(path, statistics_rows(store, PAIRS), store)
    return ReferenceStatistics.open(path, store)


def test_a_pair_counts_for_both_templates(statistics):
    weights, scores = family_statistics(LENGTH, [[1, 30], [5, 20, 24, 30], [11, 40]])
    assert statistics.family_uids(UIDS[0]) == UIDS[1:4]
    assert statistics.weights(UIDS[0]).tolist() == weights.tolist()
    z, found = statistics.family(UIDS[0])
    assert z.tolist() == [5.0, 7.3, 2.5]
    assert found.tolist() == scores.tolist()
    assert statistics.family_uids(UIDS[3]) == [UIDS[0]]
    assert statistics.family_aligned(UIDS[3]) == [[1, 30]]
    assert statistics.family_aligned(UIDS[2]) == [[1, 16, 18, 24], [1, 25]]


def test_a_lonely_template_has_no_weights(statistics):
    lonely = UIDS[-1]
    assert lonely in statistics
    assert (statistics.weights(lonely), statistics.family(lonely), statistics.family_uids(lonely)) == (None, None, None)
    assert statistics.self_z(lonely) is None
    assert statistics.self_z(UIDS[0]) > 2


def test_t_group_lengths_count_the_sequence(store, statistics):
    assert t_group_lengths(store) == {"1.1.1": LENGTH + 2, "2.1.1": 27}
    assert statistics.t_group_length("1.1.1") == LENGTH + 2
    assert statistics.t_group_length("9.9.9") is None


def test_what_is_unknown_is_none():
    empty = ReferenceStatistics.empty()
    assert len(empty) == 0
    assert UIDS[0] not in empty
    for asked in (empty.self_z, empty.weights, empty.family, empty.family_uids, empty.t_group_length):
        assert asked(UIDS[0]) is None
    assert empty.without(UIDS[0], {UIDS[1]}, "q") == (None, None)


# Excluded homologues


def test_leaving_out_equals_statistics_without_them(store, statistics, tmp_path):
    kept = [pair for pair in PAIRS if UIDS[1] not in pair]
    write_statistics(tmp_path / "other.arrow", statistics_rows(store, kept), store)
    other = ReferenceStatistics.open(tmp_path / "other.arrow", store)
    for uid in (UIDS[0], UIDS[2], UIDS[3]):
        weights, family = statistics.without(uid, {UIDS[1]})
        expected = other.weights(uid)
        if expected is None:
            assert (weights, family) == (None, None)
            continue
        assert weights.tolist() == expected.tolist()
        assert [part.tolist() for part in family] == [part.tolist() for part in other.family(uid)]


def test_nothing_is_left_of_a_family_of_one(statistics):
    assert statistics.without(UIDS[3], {UIDS[0]}) == (None, None)
    assert statistics.without(UIDS[3], set(), "any query") == (None, None)


def test_one_is_dropped_if_none_is_left_out(statistics):
    """Otherwise a missing homologue would show that the template is of the query's own family."""
    whole = statistics.family(UIDS[0])
    assert [part.tolist() for part in statistics.without(UIDS[0], {"x"})[1]] == [part.tolist() for part in whole]
    sizes = {len(statistics.without(UIDS[0], left_out, "q")[1][0]) for left_out in ({UIDS[1]}, {"x"}, set())}
    assert sizes == {2}
    dropped = set()
    for number in range(30):
        z = statistics.without(UIDS[0], set(), f"query {number}")[1][0]
        (gone,) = set(whole[0]) - set(z)
        dropped.add(float(gone))
    assert dropped == {5.0, 7.3, 2.5}


def test_which_one_is_dropped_does_not_depend_on_the_process(statistics, tmp_path, root):
    program = (
        "from domainflow.templates.statistics import ReferenceStatistics as S\n"
        f"s = S.open({str(tmp_path / 'statistics.arrow')!r})\n"
        f"print([s.without({UIDS[0]!r}, set(), str(n))[1][0].tolist() for n in range(9)])"
    )
    expected = str([statistics.without(UIDS[0], set(), str(n))[1][0].tolist() for n in range(9)])
    for seed in "12":
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root / "bin")}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, text=True, capture_output=True, check=True
        )
        assert run.stdout.strip() == expected


def test_facts_of_templates_leave_out_too(store, statistics):
    facts = template_facts(store, statistics, [UIDS[0], UIDS[4]])
    assert facts[UIDS[0]].weights.tolist() == statistics.weights(UIDS[0]).tolist()
    assert facts[UIDS[0]].self_z == statistics.self_z(UIDS[0])
    assert (facts[UIDS[4]].self_z, facts[UIDS[4]].weights) == (0.0, None)
    facts = template_facts(store, statistics, [UIDS[0]], {UIDS[2]}, "query")
    assert facts[UIDS[0]].family[0].tolist() == [5.0, 2.5]


def test_an_alignment_like_a_homologues_ties_with_it(store, statistics):
    """Percentiles count what is strictly better: equal positions must give equal sums."""
    residues = np.r_[5:21, 24:31]
    block = AlignmentBlock(f"{UIDS[0]}_1", 7.3, residues, residues, LENGTH, LENGTH)
    (hit,) = score_alignments([block], template_facts(store, statistics, [UIDS[0]]))
    scores = statistics.family(UIDS[0])[1]
    assert hit.q_tile == round(np.count_nonzero(scores > scores[1]) / 3, 2)
    assert hit.z_tile == 0


# Imported statistics


def imported_rows():
    yield StatisticsRow(
        uid=UIDS[0], self_z=33.3, weights=np.arange(LENGTH) / 7, family_z=np.array([9.0]),
        family_score=np.array([30.1]), t_group_length=99.5,
    )  # fmt: skip
    yield StatisticsRow(uid=UIDS[1], weights=np.ones(LENGTH))


@pytest.fixture
def imported(store, tmp_path):
    write_statistics(tmp_path / "imported.arrow", imported_rows(), store)
    return ReferenceStatistics.open(tmp_path / "imported.arrow", store)


def test_imported_statistics_stay_as_they_are(imported):
    weights, family = imported.without(UIDS[0], {UIDS[1]}, "query")
    assert weights.tolist() == (np.arange(LENGTH) / 7).tolist()
    assert [part.tolist() for part in family] == [[9.0], [30.1]]
    assert (imported.family_uids(UIDS[0]), imported.family_aligned(UIDS[0])) == (None, None)


def test_imported_values_go_before_computed_ones(store, statistics, imported, tmp_path):
    write_statistics(tmp_path / "both.arrow", statistics_rows(store, PAIRS, imported), store)
    both = ReferenceStatistics.open(tmp_path / "both.arrow", store)
    assert (both.self_z(UIDS[0]), both.self_z(UIDS[1])) == (33.3, statistics.self_z(UIDS[1]))
    assert both.weights(UIDS[0]).tolist() == imported.weights(UIDS[0]).tolist()
    # weights without homologues are useless
    assert both.weights(UIDS[1]).tolist() == statistics.weights(UIDS[1]).tolist()
    assert (both.t_group_length("1.1.1"), both.t_group_length("2.1.1")) == (99.5, 27)


# Files


def test_equal_statistics_have_equal_bytes(store, tmp_path):
    rows = list(statistics_rows(store, PAIRS))
    write_statistics(tmp_path / "a", rows, store)
    write_statistics(tmp_path / "b", statistics_rows(store, PAIRS[::-1]), store)
    write_statistics(tmp_path / "c", rows[::-1], store)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()
    assert not list(tmp_path.glob("*.part"))


def refusal(path, store=None):
    with pytest.raises(StoreError) as caught:
        ReferenceStatistics.open(path, store).weights(UIDS[0])
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    return message


@pytest.mark.usefixtures("statistics")
def test_statistics_of_other_templates_are_refused(store, tmp_path):
    store.subset([0, 1, 2], tmp_path / "fewer.arrow")
    assert "of other templates" in refusal(tmp_path / "statistics.arrow", TemplateStore.open(tmp_path / "fewer.arrow"))
    store.subset(range(len(store)), tmp_path / "same.arrow", None)
    ReferenceStatistics.open(tmp_path / "statistics.arrow", TemplateStore.open(tmp_path / "same.arrow"))


def test_other_files_are_named(store, tmp_path):
    assert "does not exist" in refusal(tmp_path / "missing.arrow")
    (tmp_path / "text.arrow").write_text("no statistics\n" * 100)
    (tmp_path / "empty.arrow").touch()
    for name in ("text.arrow", "empty.arrow"):
        assert "no reference statistics" in refusal(tmp_path / name)
    assert "no reference statistics" in refusal(store.path)
    assert "cannot be read" in refusal(tmp_path)


@pytest.mark.usefixtures("statistics")
def test_damage_is_noticed(tmp_path):
    path = tmp_path / "damaged.arrow"
    content = (tmp_path / "statistics.arrow").read_bytes()
    path.write_bytes(content[:-100])
    assert "damaged" in refusal(path)
    # the columns' frames, not the description of the file at its end
    places = [place for place in range(len(content)) if content.startswith(b"\x28\xb5\x2f\xfd", place)]
    for place in places:
        content = content[:place] + b"\0\0\0\0" + content[place + 4 :]
    path.write_bytes(content)
    assert "damaged" in refusal(path)


def test_another_version_is_named(tmp_path):
    path = tmp_path / "a.arrow"
    for schema, said in (
        (SCHEMA.with_metadata({"format": FORMAT, "version": "99"}), "version 99, expected 1"),
        (SCHEMA.remove(2).with_metadata({"format": FORMAT, "version": "1"}), "the columns of"),
    ):
        with pa.ipc.new_file(str(path), schema) as writer:
            writer.write_batch(pa.record_batch([pa.array([], field.type) for field in schema], schema=schema))
        assert said in refusal(path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uid": "000000009"}, "000000009 is not in"),
        ({"weights": np.ones(3)}, "3 weights"),
        ({"family_z": np.ones(2), "family_score": np.ones(3)}, "different lengths"),
        ({"family_aligned": [[1, LENGTH + 1]]}, "outside its 40 residues"),
    ],
)
def test_rows_that_do_not_fit_are_refused(store, tmp_path, changes, said):
    with pytest.raises(StoreError, match=said):
        write_statistics(tmp_path / "a", [StatisticsRow(**{"uid": UIDS[0]} | changes)], store)
    assert not (tmp_path / "a").exists()


def test_a_template_may_have_one_row_only(store, tmp_path):
    with pytest.raises(StoreError, match="twice"):
        write_statistics(tmp_path / "a", [StatisticsRow(uid=UIDS[0])] * 2, store)


def test_pairs_of_other_templates_are_refused(store):
    with pytest.raises(StoreError, match="000000009 is not in"):
        list(statistics_rows(store, [HomologuePair(UIDS[0], "000000009", 5.0, [1, 9], [1, 9])]))
