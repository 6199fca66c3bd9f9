"""The benchmark of DaliLite as an engine: the published loop with a stand-in, what counts as the same, the tables."""

import shutil
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.engines import dalilite_cost, dalilite_slow
from benchmarks.engines.dalilite_pairs import Pairs, agree, as_recorded, spread
from benchmarks.engines.dalilite_published import PublishedWay
from benchmarks.engines.dalilite_slow import Place, Row
from benchmarks.engines.dalilite_ways import ENGINE, PUBLISHED, Aligning, only_first_round
from benchmarks.engines.markdown import table
from benchmarks.oracle import DaliHit, DaliPair
from benchmarks.path_calls import PathCalls
from domainflow.alignment.dalilite.programs import DaliLite
from domainflow.alignment.engine import Alignment, backbone_chain
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.tables import write_candidates
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore

STAND_IN = r"""
# aligns the first 40 residues of the query with the template; finds nothing under 30 residues
use strict;
my %given = @ARGV;
my @files = glob('*');
die "the folder is not fresh: @files" if "@files" ne 'q.pdb t.pdb';
open(my $log, '>>', '../log') or die;
my %length;
for my $file ('q.pdb', 't.pdb') {
    open(my $in, '<', $file) or die;
    my @atoms = grep { /^ATOM.{9}CA / } <$in>;
    $length{$file} = @atoms;
    printf $log "%s %d from %d\n", $file, scalar @atoms, substr($atoms[0], 22, 4);
}
exit 0 if $length{'q.pdb'} < 30;
my ($q, $t) = @length{'q.pdb', 't.pdb'};
open(my $out, '>', 'mol1A.txt') or die;
print $out "# Job: test\n# Query: mol1A\nNo 1: Query=mol1A Sbjct=mol2A Z-score=12.5\n\n";
print $out "Query ", 'A' x 40, 'a' x ($q - 40), '-' x ($t - 40), "\nSbjct ", 'A' x 40, '-' x ($q - 40),
    'a' x ($t - 40), "\n";
for (1 .. 3) {
    print $out "-matrix  \"mol1-A mol2-A  U($_,.)   1.000000  0.000000  0.000000            1.500000\"\n";
}
"""
ALIGNMENT = Alignment(
    12.5, np.arange(40, dtype=np.int32), np.arange(40, dtype=np.int32), np.eye(3), np.zeros(3), 100, 50, 0.0
)
PAIR = ("q", "000000001")
FOUND = {PAIR: [(1, ALIGNMENT)]}


def chain(length):
    backbone = np.arange(length * 12, dtype=np.float32).reshape(length, 4, 3) % 90
    made = backbone_chain(backbone, "A" * length)
    return replace(made, pdb="".join(f"{line}\n" for line in backbone_lines(made.sequence, backbone)))


@pytest.mark.skipif(shutil.which("perl") is None, reason="the stand-in is written in Perl")
def test_the_published_way_copies_both_files_for_each_round(tmp_path, root):
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "dali.pl").write_text(STAND_IN)
    (tmp_path / "work").mkdir()
    store = TemplateStore.open(next((root / "assets").rglob("templates.arrow")))
    template = tmp_path / "t"
    template.write_text(chain(50).pdb)
    way = PublishedWay(DaliLite(tmp_path / "programs"), {0: template}, tmp_path / "work")
    found = align_templates(chain(100), store, [store.uids[0]], way.align, DPAM_V2)
    assert not found.lost
    assert [(number, alignment.query[[0, -1]].tolist()) for _, number, alignment in found.alignments] == [
        (1, [0, 39]),
        (2, [40, 79]),
    ]
    log = (tmp_path / "work" / "log").read_text().splitlines()
    assert log[::2] == ["q.pdb 100 from 1", "q.pdb 60 from 41", "q.pdb 20 from 81"]
    assert set(log[1::2]) == {"t.pdb 50 from 1"}
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["log"]


def test_only_the_first_round_reaches_the_engine():
    asked = []

    def align(_query, jobs):
        asked.append(len(jobs))
        return [ALIGNMENT] * len(jobs)

    first = only_first_round(align)
    query, whole = chain(100), np.arange(100)
    assert first(query, [(0, whole), (1, whole)]) == [ALIGNMENT, ALIGNMENT]
    assert first(query, [(0, whole[40:])]) == [None]
    assert asked == [2]


@pytest.mark.parametrize(
    "other",
    [
        [],
        [(2, ALIGNMENT)],
        [(1, ALIGNMENT), (2, ALIGNMENT)],
        [(1, replace(ALIGNMENT, z=12.4))],
        [(1, replace(ALIGNMENT, template=ALIGNMENT.template + 1))],
    ],
)
def test_pairs_agree_in_rounds_z_and_residues(other):
    assert agree(FOUND, FOUND) == 1
    assert agree(FOUND, {PAIR: other}) == 0
    hits = [DaliHit(number, made.z, np.stack([made.query, made.template])) for number, made in other]
    assert as_recorded(FOUND, {PAIR: DaliPair(*PAIR, tuple(hits), 1.0)}) == 0


def test_a_recorded_pair_agrees():
    hit = DaliHit(1, 12.5, np.stack([ALIGNMENT.query, ALIGNMENT.template]))
    assert as_recorded(FOUND, {PAIR: DaliPair(*PAIR, (hit,), 1.0)}) == 1


def test_templates_are_spread_over_the_list():
    assert spread(list("abcdefgh"), 4) == list("aceg")
    assert spread(list("abc"), 2) == list("ab")
    assert spread(list("abc"), 9) == list("abc")


def test_a_table_has_a_line_for_each_row():
    assert table(["way", "s"], [["engine", 0.12345], ["published", 1234.6]]) == (
        "| way | s |\n| --- | --- |\n| engine | 0.123 |\n| published | 1,235 |\n"
    )


@pytest.fixture
def pairs(tmp_path):
    made = Pairs(tmp_path)
    write_candidates(made.candidates, {"q": ["000000001", "000000002"]})
    return made


def test_ratios_of_path_calls_are_those_of_all_pairs(pairs, tmp_path, monkeypatch, capsys):
    calls = {(ENGINE, "first"): 60, (PUBLISHED, "first"): 600, (ENGINE, "all"): 400, (PUBLISHED, "all"): 1000}

    def counted(_pairs, way, rounds, _work):
        return PathCalls(Counter({"open": calls[way, rounds] - 4, "unlink": 4}), 100, 20)

    monkeypatch.setattr(dalilite_cost, "_path_calls", counted)
    figures = dalilite_cost.path_figures(pairs, tmp_path)
    assert list(figures.values()) == [30.0, 0.1, 0.4]
    assert "| first | engine | 30 | 2 | 50 | 10 |" in capsys.readouterr().out


def test_what_a_slow_folder_adds_is_calls_times_delay(pairs, tmp_path, monkeypatch, capsys):
    def places(folder, delays):
        return [Place(0.0, folder, None), *(Place(delay, folder, object()) for delay in delays)]

    def row(_pairs, rounds, way, workers, scratch, place):
        calls = {ENGINE: 10, PUBLISHED: 100}[way] * (4 if way == ENGINE and rounds == "all" else 1)
        calls = 0 if place.slow is None or scratch != "off" else calls
        wall = 1.0 + calls * place.delay / 1000
        return Row(rounds, way, scratch != "off", workers, place, Aligning({}, 0.5, wall), calls)

    monkeypatch.setattr(dalilite_slow, "_places", lambda *given: _Opened(places(*given)))
    monkeypatch.setattr(dalilite_slow, "_row", row)
    figures = dalilite_slow.slow_figures(pairs, tmp_path, [2.0, 5.0])
    assert list(figures.values()) == pytest.approx([0.1, 0.4])
    lines = capsys.readouterr().out.splitlines()
    assert "| first | published | 1 | 50 | 0.10; 0.25 | 0.10; 0.25 | 0.50; 0.60; 0.75 | 0.25; 0.25; 0.25 |" in lines
    assert (
        "| all | engine, in scratch | 1 | 0 | 0.00; 0.00 | 0.00; 0.00 | 0.50; 0.50; 0.50 | 0.25; 0.25; 0.25 |" in lines
    )


class _Opened(list):
    """A list as a context manager."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None
