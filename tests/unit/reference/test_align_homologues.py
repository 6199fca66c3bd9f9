"""Alignments of homologous templates: choice of pairs, limits of a homologue, and completeness of a set of files."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from domainflow.reference.align_homologues import align_homologues, bucket_of, homologue_pairs
from domainflow.reference.self_z import identity_z, self_z_scores
from domainflow.run.errors import EXIT_BAD_REFERENCE, StoreError
from domainflow.structures.ranges import parse_range
from domainflow.templates.homologue_pairs import HomologuePair, read_pairs, write_pairs
from domainflow.templates.store import TemplateStore


def test_all_pairs_of_small_groups():
    groups = {"3": "1.1", "1": "1.1", "2": "1.1", "4": "2.1", "6": "na", "7": "na"}
    assert homologue_pairs(groups) == [("1", "2"), ("1", "3"), ("2", "3")]
    whole = {f"{number:09d}": "1.1" for number in range(21)}
    assert len(homologue_pairs(whole)) == 21 * 20 // 2


def test_large_groups_cost_twenty_alignments_a_template():
    groups = {f"{number:09d}": "1.1" for number in range(1000)}
    pairs = homologue_pairs(groups)
    assert pairs == sorted(set(pairs))
    assert all(query < template for query, template in pairs)
    assert 19_000 < len(pairs) <= 20_000
    members = Counter(uid for pair in pairs for uid in pair)
    assert min(members.values()) >= 20
    assert len(members) == 1000
    # partners are drawn from the whole group, not from the neighbours in the list
    distances = [int(template) - int(query) for query, template in pairs]
    assert 300 < np.mean(distances) < 370


def test_choice_depends_on_the_group_alone():
    group = {f"{number:09d}": "1.1" for number in range(50)}
    others = {f"{number:09d}": "2.1" for number in range(50, 99)}
    turned = dict(reversed(list((others | group).items())))
    chosen = homologue_pairs(group)
    assert [pair for pair in homologue_pairs(turned) if pair[0] in group] == chosen


def test_buckets_share_the_work():
    uids = [f"{number:09d}" for number in range(1000)]
    assert {bucket_of(uid, 1) for uid in uids} == {0}
    counts = Counter(bucket_of(uid, 8) for uid in uids)
    assert sorted(counts) == list(range(8))
    assert max(counts.values()) < 170
    assert bucket_of("000000003", 8) == 4  # CRC-32, on any machine


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod" / "templates.arrow")


@pytest.fixture(scope="module")
def family(store):
    """Some small templates of one homologous group."""
    rows = [row for row in range(len(store)) if store.h_group(row) == "11.1"]
    return [store.uids[row] for row in sorted(rows, key=lambda row: store.lengths[row])[:4]]


def test_homologues_are_aligned_in_order_and_alike_by_any_threads(store, family):
    pairs = homologue_pairs(dict.fromkeys(family, "11.1"))
    found = align_homologues(store, pairs)
    assert found == align_homologues(store, pairs[::-1], threads=3)
    assert len(found) >= 3
    for pair in found:
        assert (pair.query, pair.template) in pairs
        assert pair.z >= 2
        covered = [
            parse_range(",".join(f"{first}-{last}" for first, last in zip(bounds[::2], bounds[1::2], strict=True)))
            for bounds in (pair.query_bounds, pair.template_bounds)
        ]
        assert len(covered[0]) == len(covered[1]) >= 20
        for residues, uid in zip(covered, pair[:2], strict=True):
            assert 1 <= residues.min() < residues.max() <= store.lengths[store.row(uid)]


def test_a_template_of_two_groups_is_no_homologue(store, family):
    stranger = next(uid for row, uid in enumerate(store.uids) if store.h_group(row) == "101.1")
    (short,) = align_homologues(store, [(family[0], family[0])])
    assert short.query_bounds == [1, store.lengths[store.row(family[0])]]
    assert align_homologues(store, [(family[0], stranger)]) == []


# z of a template against itself


def test_self_z_is_that_of_a_template_aligned_with_itself(store, tmp_path):
    rows = [0, 7, 100, 1000, 2000]
    store.subset(rows, tmp_path / "some.arrow")
    some = TemplateStore.open(tmp_path / "some.arrow")
    aligned = align_homologues(some, [(uid, uid) for uid in some.uids])
    assert [pair.query for pair in aligned] == some.uids
    for z, pair, length in zip(self_z_scores(some), aligned, some.lengths, strict=True):
        assert pair.query_bounds == [1, length]
        assert z == pytest.approx(pair.z, abs=1e-9)


def test_short_templates_have_no_self_z():
    line = np.zeros((29, 3), np.float32)
    assert identity_z(line, [np.arange(29)]) is None


# Files

PAIRS = [
    HomologuePair("000000001", "000000002", 5.04, [1, 30], [3, 32]),
    HomologuePair("000000002", "000000003", 2.5, [1, 5, 7, 31], [2, 31]),
]


def write_both(folder, key="key"):
    paths = [folder / "0.pairs.arrow", folder / "1.pairs.arrow"]
    for bucket, path in enumerate(paths):
        write_pairs(path, PAIRS[bucket : bucket + 1], key, bucket, 2)
    return paths


def test_pairs_come_back(tmp_path):
    paths = write_both(tmp_path)
    assert read_pairs(paths[::-1], "key") == PAIRS
    write_pairs(tmp_path / "none.pairs.arrow", [], "key", 0, 1)
    assert read_pairs([tmp_path / "none.pairs.arrow"], "key") == []


def test_an_incomplete_set_is_refused(tmp_path):
    paths = write_both(tmp_path)
    with pytest.raises(StoreError, match="lack bucket 0;"):
        read_pairs(paths[1:], "key")
    with pytest.raises(StoreError, match="lack bucket 0;"):
        read_pairs([], "key")
    with pytest.raises(StoreError, match="not of one set"):
        read_pairs([paths[0], paths[0]], "key")
    write_pairs(tmp_path / "2.pairs.arrow", [], "key", 2, 3)
    with pytest.raises(StoreError, match="not of one set"):
        read_pairs([*paths, tmp_path / "2.pairs.arrow"], "key")


def test_other_or_damaged_pairs_are_refused(tmp_path):
    paths = write_both(tmp_path)
    with pytest.raises(StoreError, match=r"0\.pairs\.arrow was made with other templates"):
        read_pairs(paths, "another key")
    paths[1].write_bytes(paths[1].read_bytes()[:-50])
    with pytest.raises(StoreError, match=r"1\.pairs\.arrow holds no alignments of homologues, or is damaged"):
        read_pairs(paths, "key")


# Executables


def run(root, folder, program, *arguments):
    command = [sys.executable, root / "bin" / program, *arguments]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, check=False)


def test_buckets_do_not_change_the_statistics(root, store, family, tmp_path):
    store.subset([store.row(uid) for uid in family], tmp_path / "templates.arrow")
    reference = ("--reference", "templates.arrow")
    for buckets in (1, 2):
        folder = tmp_path / f"pairs{buckets}"
        folder.mkdir()
        for bucket in range(buckets):
            place = ("--bucket", str(bucket), "--buckets", str(buckets), "--out", f"{folder}/{bucket}.pairs.arrow")
            assert run(root, tmp_path, "align_homologues.py", *reference, *place).returncode == 0
        done = run(root, tmp_path, "derive_statistics.py", *reference, "--pairs", folder, "--out", f"{buckets}.arrow")
        assert done.stdout.startswith("4 of 4 templates have weights")
    assert (tmp_path / "1.arrow").read_bytes() == (tmp_path / "2.arrow").read_bytes()
    (tmp_path / "pairs2" / "1.pairs.arrow").unlink()
    done = run(root, tmp_path, "derive_statistics.py", *reference, "--pairs", "pairs2", "--out", "3.arrow")
    assert done.returncode == EXIT_BAD_REFERENCE
    assert done.stderr == "the alignments of homologues lack bucket 1; align the homologues again\n"
