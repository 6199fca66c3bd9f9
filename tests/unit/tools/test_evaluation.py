"""The contents of docs/results.md: boundaries, groups, and the losses of each step."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from domainflow.domains.domass.network import Network
from domainflow.domains.results import DomainRow, format_rows
from evaluation import single_chains
from evaluation.compare import Results, boundary_loss, compare, group_loss
from evaluation.known import Known
from evaluation.page import BARS, Runs, figures_with_bars, page, read_notes
from evaluation.single_chains import chains_left_whole
from evaluation.template_chains import TemplateChain, template_chains

KNOWN = {"1ABC_A": Known("ECOD", ["1-100", "101-200"], ["1.1.1", "2.1.1"], [])}


class Store:
    """A reference of three templates."""

    uids = ("000000001", "000000002", "000000003")
    groups = ("1.1.1", "2.1.1", "1.1.1")

    def t_group(self, row):
        return self.groups[row]


def row(**values):
    return DomainRow(
        **{**dict.fromkeys(DomainRow._fields, "na"), "protein": "1ABC_A", "label": "good_domain", **values}
    )


def by_z():
    """Make a network whose probability rises with z alone."""
    kernel, output = np.zeros((13, 64), np.float32), np.zeros((64, 2), np.float32)
    kernel[6, 0], output[0, 1] = 1, 1
    return Network(kernel, np.zeros(64, np.float32), output, np.zeros(2, np.float32), {})


@pytest.fixture
def results(tmp_path):
    """The first domain is right, the second has another group; template 3 was left out."""
    domains = [
        row(range="1-95", dpam_range="1-95", t_group="1.1.1", parts="D1", probability="0.9"),
        row(
            range="101-200",
            dpam_range="101-200",
            t_group="1.1.2",
            parts="D2",
            probability="0.7",
            label="partial_domain",
        ),
    ]
    (tmp_path / "domains.tsv").write_text(format_rows(domains))
    (tmp_path / "ledger.tsv").write_text("protein\tstatus\tlength\n1ABC_A\tok\t200\n")
    (tmp_path / "left_out.tsv").write_text("protein\tuid\n1ABC_A\t000000003\n")
    features = [
        ("D1", "1-95", "1.1.1", "000000001", 95, 3, 4, 0, 0, 100, 1.9, 0.9, 0.1, 0.1, 0.1, -1, 0),
        ("D2", "101-200", "2.1.1", "000000002", 100, 3, 4, 0, 0, 100, 0.3, 0.4, 0.9, 0.9, 0.3, -1, 0),
        ("D2", "101-200", "7.1.2", "000000009", 100, 3, 4, 0, 0, 100, 0.7, -1, -1, -1, 0.2, -1, 0),
    ]
    for name, text in {
        "step15/1ABC_A.data": "".join("\t".join(map(str, line)) + "\n" for line in [("x",) * 17, *features]),
        "step7/1ABC_A_hits": "000000001\n000000002\n",
        "step9/1ABC_A_good_hits": "hitname\tqrange\n000000001_1\t1-90\n000000002_1\t101-170\n",
        "step16/1ABC_A.result": (
            "Domain\tRange\tTgroup\tECOD_ref\tDPAM_prob\nD2\t101-200\t2.1.1\t000000002\t0.6\n"
            "D2\t101-200\t1.1.2\t000000009\t0.7\n"
        ),
    }.items():
        path = tmp_path / "intermediates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Results(tmp_path, Store())


@pytest.mark.parametrize(
    ("found", "loss"),
    [
        ([(1, 100)], ""),
        ([], "nothing found there"),
        ([(1, 60)], "residues left out"),
        ([(1, 60), (61, 100)], "cut in pieces"),
        ([(1, 200)], "joined with a neighbour"),
        ([(61, 140)], "boundary elsewhere"),
    ],
)
def test_why_boundaries_are_lost(found, loss):
    domains = [np.arange(first, last + 1) for first, last in found]
    best = int(np.argmin([first for first, _ in found])) if found else None
    assert boundary_loss(np.arange(1, 101), domains, best) == loss


def test_a_right_and_a_wrong_group(results):
    first, second = compare("1ABC_A", KNOWN["1ABC_A"], results)
    assert (first.right_t, first.jaccard, first.group_loss) == (True, 0.95, "")
    assert (second.right_t, second.right_h, second.label) == (False, False, "partial_domain")
    assert second.group_loss == "network (step 16)"


@pytest.mark.parametrize(
    ("file", "text", "loss"),
    [
        ("step7/1ABC_A_hits", "000000001\n", "search (steps 3 to 6)"),
        ("step9/1ABC_A_good_hits", "hitname\tqrange\n000000002_1\t101-120\n", "alignment (step 7)"),
        ("step16/1ABC_A.result", "Domain\tRange\tTgroup\tECOD_ref\tDPAM_prob\n", "overlap (step 15)"),
    ],
)
def test_the_first_step_that_loses_a_group_is_named(results, file, text, loss):
    (results.folder / "intermediates" / file).write_text(text)
    second = results.domains.iloc[1]
    assert group_loss("1ABC_A", np.arange(101, 201), "2.1.1", second, results) == loss


def test_a_template_left_out_gives_its_group_to_nobody(results):
    assert results.t_groups("1ABC_A") == {"1.1.1", "2.1.1"}
    results.left_out["1ABC_A"].add("000000002")
    assert not list(compare("1ABC_A", KNOWN["1ABC_A"], results))[1].possible


def test_each_figure_with_a_bar_is_counted(results):
    figures = figures_with_bars(results, KNOWN)
    assert figures == {
        "H-group right, good_domain": 1.0,
        "T-group right, good_domain": 1.0,
        "mean Jaccard, all known domains": pytest.approx(0.975),
    }
    assert set(figures) == {bar.figure for bar in BARS}


def test_the_page_counts_them(results, tmp_path):
    record = {
        "parameters": {"parameters": "v2", "search_engine": "n", "alignment_engine": "n", "min_block": "4"},
        "files": {"templates.arrow": "a" * 64}, "versions": {"domainflow": "0"},
    }  # fmt: skip
    notes = tmp_path / "notes.md"
    notes.write_text("Of all.\n\n- 1ABC_A: a sentence\n  of two lines\n")
    others = {"P0": Known("DPAM v2", ["1-9"], ["1.1.1"], ["0.9"]), "P1": Known("DPAM v1", ["1-9"], ["1.1.1"], [])}
    known = {**KNOWN, **others}
    models = Results(results.folder, results.store)
    models.ledger = pd.DataFrame({"protein": ["P0", "P1", "P2"], "status": ["ok"] * 3})
    single = chains_left_whole(results, pd.DataFrame({"protein": ["1ABC_A"], "range": ["1-95"]}))
    text = page(Runs(models, results, models, single), known, by_z(), record, read_notes(notes))
    assert "| PDB chains, ECOD boundaries | 1 | 2 | 2 | 1/1 | 0.975 | 100.0% |" in text
    assert "| chains | good_domain | 1 | 1 (100.0%) | 1 (100.0%) |" in text
    assert "| chains | partial_domain | 1 | 0 (0.0%) | 0 (0.0%) |" in text
    assert "| network (step 16) | 1 |" in text
    assert "2 right and 1 wrong rows." in text
    assert "| DALI z | 0.500 |" in text
    assert "| q score | 1.000 |" in text
    assert "a sentence of two lines" in text
    assert "Of all." in text
    assert "| P2 | none | ok |" in text
    assert text.count("| … the same without their PAE | 1 | 1 | 0 | 0/1 | 0.000 | 0.0% |") == 2
    assert "| 1 | 0 (0.0%) | 1 | 0 |" in text
    # two rows are right; z of 19 alone makes a probability of 0.85 or more
    assert "| network | 0.500 |" in text
    assert "| 1 | 100.0% | 50.0% |" in text


def test_chains_of_one_domain_are_whole_if_one_domain_was_found(results):
    chains = pd.DataFrame({"protein": ["1ABC_A", "2ABC_A", "3ABC_A"], "range": ["1-200", "1-100", "1-50"]})
    results.domains = pd.DataFrame(
        {"protein": ["1ABC_A", "1ABC_A", "2ABC_A"], "range": ["1-95", "101-200", "6-95,101-110"]}
    )
    assert chains_left_whole(results, chains) == (3, 1, 1, 0.9)


def test_chains_that_a_rule_was_chosen_on_are_not_judged(tmp_path, monkeypatch):
    chains = [TemplateChain(f"{place}ABC", "A", [np.arange(1, 71)], ["1.1.1"]) for place in range(4)]
    short = TemplateChain("9ABC", "A", [np.arange(1, 31)], ["1.1.1"])
    structure = SimpleNamespace(backbone=np.zeros((70, 4, 3)), sequence="A" * 70)
    of_short = SimpleNamespace(backbone=np.zeros((30, 4, 3)), sequence="A" * 30)
    database = SimpleNamespace(chain=lambda pdb, _: of_short if pdb == "9ABC" else structure)
    monkeypatch.setattr(single_chains, "Promod3Database", lambda _: database)
    monkeypatch.setattr(single_chains, "template_chains", lambda *_: ([], [*chains, short]))
    monkeypatch.setattr(single_chains, "single_chains_to_fit", lambda *_: chains[:1])
    (tmp_path / "chosen_on.txt").write_text("# remark\n1ABC_A\n")
    monkeypatch.setattr(single_chains, "CHOSEN_ON", tmp_path / "chosen_on.txt")
    single_chains.write_single_chains(tmp_path, tmp_path, tmp_path)
    labels = pd.read_csv(tmp_path / "singles.labels.tsv", sep="\t", dtype=str)
    assert sorted(labels["protein"]) == ["2ABC_A", "3ABC_A"]
    assert labels["range"].tolist() == ["1-70", "1-70"]
    assert labels["h_group"].tolist() == ["1.1", "1.1"]
    assert (tmp_path / "2ABC_A.pdb").exists()


def test_templates_side_by_side_make_a_chain_of_several_domains(tmp_path):
    table = pd.DataFrame(
        [
            ("1abc", "A:1-100", "1.1.1"), ("1abc", "A:91-180", "2.1.1"), ("1abc", "A:5-60", "3.1.1"),
            ("2abc", "B:1-95", "1.1.1"), ("3abc", "A:1-60", "1.1.1"),
        ],
        columns=["pdb", "range", "t_group"],
    )  # fmt: skip
    table.to_csv(tmp_path / "domains.tsv", sep="\t", index=False)
    database = SimpleNamespace(chain=lambda *_: SimpleNamespace(sequence="A" * 100))
    several, single = template_chains(database, tmp_path / "domains.tsv")
    # the copy 5-60 lies in a longer template; 3ABC_A is covered by 60 % only
    assert [(chain.name, chain.t_groups) for chain in several] == [("1ABC_A", ["1.1.1", "2.1.1"])]
    assert [chain.name for chain in single] == ["2ABC_B"]
