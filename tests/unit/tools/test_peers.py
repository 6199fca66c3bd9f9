"""Other programs beside domainflow: their answers, numbering, failures, and the section of docs/results.md."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from domainflow.structures.prepare import prepare_protein
from domainflow.structures.ranges import parse_range
from evaluation.known import Known
from evaluation.peers import environments, run
from evaluation.peers.answers import check_residues, read_afragmenter, read_chopping, read_networks, read_spaed
from evaluation.peers.calls import ask_about_pae, ask_network
from evaluation.peers.networks import chopping
from evaluation.peers.programs import PEERS, check_checkout, version
from evaluation.peers.section import judge, peers_section, read_training
from evaluation.peers.table import Answer, read_answers, write_answers
from peptides import ALPHA, pdb_text, peptide

MERIZO, CHAINSAW, AFRAGMENTER, SPAED = (PEERS[name] for name in ("merizo", "chainsaw", "afragmenter", "spaed"))
PYTHON = Path("python")
LENGTH = 20


@pytest.fixture
def proteins(tmp_path):
    """Three helices of 20 residues that their files number from 40; the third is a model with PAE."""
    structure, pae = tmp_path / "helix.pdb", tmp_path / "pae.json"
    structure.write_text(pdb_text(peptide([ALPHA] * LENGTH), first=40))
    pae.write_text(json.dumps({"pae": np.full((LENGTH, LENGTH), 1.23456).tolist()}))
    return [prepare_protein(name, structure, pae if name == "c" else None) for name in "abc"]


def network(lines, seconds=10.0, seen=None):
    """A stand-in for networks.py; each call writes the next list of lines. None for the seconds: the process dies."""
    calls = iter(lines if isinstance(lines[0], list) else [lines])

    def measure(command, _folder, **_):
        if seen is not None:
            seen.append(command)
        Path(command[4]).write_text("".join(f"{line}\n" for line in next(calls)))
        if seconds is None:
            raise RuntimeError("python ended with status -9:\nTraceback\nKilled\tby  hand\n")
        return seconds

    return measure


def plain(domains):
    return [domain.tolist() for domain in domains]


def test_choppings_of_merizo_and_chainsaw():
    assert plain(read_chopping("1-3_7-8,4-6\n")) == [[1, 2, 3, 7, 8], [4, 5, 6]]
    assert plain(read_chopping("5")) == [[5]]
    assert read_chopping("") == []
    with pytest.raises(ValueError, match="not of the form"):
        read_chopping("1-3|4-6")


def test_residues_of_no_domain_are_no_domain_and_numbers_are_the_files():
    assert chopping([4, 5, 6, 9, 10, 11], [1, 1, 0, 2, 2, 1]) == "4-5_11-11,9-10"
    assert chopping([1, 2], [0, 0]) == ""


def test_afragmenters_table(tmp_path):
    path = tmp_path / "answer.csv"
    path.write_text("domain,nres,chopping\n1,5,1-3_8-9\n2,2,5-6\n")
    assert plain(read_afragmenter(path)) == [[1, 2, 3, 8, 9], [5, 6]]
    path.write_text("domain,nres,chopping")
    assert read_afragmenter(path) == []


def test_spaeds_table(tmp_path):
    path = tmp_path / "answer.csv"
    header = ",length,# domains,domains,linkers,disordered\n"
    path.write_text(header + "pae,12,2,1-3;7-8,4-6,9-12\n")
    assert plain(read_spaed(path)) == [[1, 2, 3], [7, 8]]
    path.write_text(header + "pae,12,1,,,1-12\n")
    assert read_spaed(path) == []
    path.write_text(header)
    with pytest.raises(ValueError, match="0 rows instead of one"):
        read_spaed(path)


def test_an_unfinished_line_of_a_network_is_no_answer(tmp_path):
    path = tmp_path / "answers.tsv"
    assert read_networks(path) == {}
    path.write_text("0\t1-5\t1.50\t\n1\t\t0.20\tKeyError: 'SEC'\n2\t1-1")
    assert read_networks(path) == {"0": ("1-5", 1.5, ""), "1": ("", 0.2, "KeyError: 'SEC'")}


def test_residues_that_cannot_be():
    check_residues([], 10)
    check_residues([parse_range("1-5"), parse_range("6-10")], 10)
    with pytest.raises(ValueError, match="residue 11 of the answer is none of the protein's 1 to 10"):
        check_residues([parse_range("6-11")], 10)
    with pytest.raises(ValueError, match="residue 5 of the answer is in two domains"):
        check_residues([parse_range("1-5"), parse_range("5-10")], 10)


def test_a_network_gets_residues_from_1_and_shares_its_start(proteins):
    seen = []

    def measure(command, folder, **environment):
        jobs = [line.split("\t") for line in Path(command[3]).read_text().splitlines()]
        seen.extend((kind, Path(structure).read_text()[22:26]) for _, structure, kind in jobs)
        assert environment["OMP_NUM_THREADS"] == "1"
        return network(["0\t1-9,10-20\t1.00\t", "1\t\t2.00\t", "2\t3-20\t1.00\t"])(command, folder)

    answers = list(ask_network(MERIZO, "1", PYTHON, proteins, measure=measure))
    assert seen == [("chain", "   1"), ("chain", "   1"), ("model", "   1")]
    assert answers == [
        Answer("Merizo", "1", "a", ("1-9", "10-20"), 3.0),
        Answer("Merizo", "1", "b", (), 4.0),
        Answer("Merizo", "1", "c", ("3-20",), 3.0),
    ]


def test_what_goes_wrong_with_one_protein_is_its_reason(proteins):
    lines = ["0\t\t1.00\tKeyError: 'SEC'", "1\t1-21\t1.00\t", "2\t1-20\t1.00\t"]
    answers = list(ask_network(MERIZO, "1", PYTHON, proteins, measure=network(lines)))
    assert [answer.reason for answer in answers] == [
        "KeyError: 'SEC'",
        "residue 21 of the answer is none of the protein's 1 to 20",
        "",
    ]
    assert [answer.cpu_seconds is None for answer in answers] == [True, True, False]


def test_a_protein_that_kills_the_process_does_not_stop_the_rest(proteins):
    lines = [["0\t1-20\t1.00\t"], ["0\t1-20\t1.00\t"]]
    answers = list(ask_network(MERIZO, "1", PYTHON, proteins, measure=network(lines, None)))
    assert [(answer.protein, answer.domains, answer.reason) for answer in answers] == [
        ("a", ("1-20",), ""),
        ("b", (), "Killed by hand"),
        ("c", ("1-20",), ""),
    ]


def test_pae_programs_get_the_matrix_and_failures_are_rows(proteins):
    model = proteins[2]

    def spaed(command, _folder, **_):
        (document,) = json.loads(command[3].read_text())
        assert np.array(document["predicted_aligned_error"]).shape == (LENGTH, LENGTH)
        assert document["predicted_aligned_error"][0][1] == 1.23
        command[5].write_text(",length,# domains,domains\npae,20,1,2-20\n")
        return 0.5

    def fails(*_, **__):
        raise RuntimeError("status 1:\nindex 12 is out of bounds")

    assert ask_about_pae(SPAED, "2", PYTHON, model, spaed) == Answer("SPAED", "2", "c", ("2-20",), 0.5)
    assert ask_about_pae(AFRAGMENTER, "2", PYTHON, model, fails).reason == "index 12 is out of bounds"
    assert ask_about_pae(AFRAGMENTER, "2", PYTHON, model, lambda *_, **__: 1.0).reason == "the program wrote no answer"


def checkout(folder, *left_out):
    for name in ("get_predictions.py", "saved_models/model_v3/weights.pt", "stride/stride"):
        if name not in left_out:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("")
    return folder


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("get_predictions.py", "give the folder of Chainsaw's checkout"),
        ("saved_models/model_v3/weights.pt", "clone Chainsaw again"),
        ("stride/stride", "run 'tar xf stride.tgz && make' there"),
    ],
)
def test_a_checkout_of_chainsaw_is_complete(tmp_path, missing, message):
    with pytest.raises(ValueError, match=message):
        check_checkout(checkout(tmp_path, missing), None)


def test_stride_may_be_elsewhere(tmp_path):
    check_checkout(checkout(tmp_path / "whole"), None)
    check_checkout(checkout(tmp_path / "other", "stride/stride"), str(tmp_path / "whole" / "stride" / "stride"))


def test_chainsaw_is_called_with_its_checkout(proteins, tmp_path):
    seen = []
    (answer, *_) = ask_network(CHAINSAW, "c", PYTHON, proteins[:1], tmp_path, network(["0\t1-20\t1\t"], 2.0, seen))
    assert answer == Answer("Chainsaw", "c", "a", ("1-20",), 2.0)
    assert seen[0][2] == "chainsaw"
    assert seen[0][5] == tmp_path.resolve()


def test_each_program_is_pinned_and_so_is_all_that_it_needs():
    assert version(MERIZO, None) == "0.1.4"
    for peer in PEERS.values():
        text = (environments.REQUIREMENTS / f"{peer.environment}.txt").read_text()
        assert all("==" in line for line in text.splitlines() if not line.startswith("#"))
    with pytest.raises(ValueError, match="does not pin domainflow"):
        environments.pinned_version("torch", "domainflow")


def test_the_table_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "peers.tsv"
    answers = [
        Answer("Merizo", "1", "a", ("1-9,15-20", "10-14"), 3.25),
        Answer("Merizo", "1", "b", (), 1.0),
        Answer("SPAED", "2", "a", reason="a sentence"),
    ]
    write_answers(path, answers)
    assert path.read_text().splitlines()[1:] == [
        "Merizo\t1\ta\t1-9,15-20;10-14\t3.25\tna",
        "Merizo\t1\tb\tna\t1.00\tna",
        "SPAED\t2\ta\tna\tna\ta sentence",
    ]
    assert read_answers(path) == answers


@pytest.fixture
def sheets(tmp_path):
    structure = tmp_path / "helix.pdb"
    structure.write_text(pdb_text(peptide([ALPHA] * LENGTH)))
    (tmp_path / "chains.csv").write_text(f"id,structure,pae\na,{structure},\nb,{tmp_path}/absent.pdb,\n")
    (tmp_path / "models.csv").write_text("id,structure,pae\n")
    return tmp_path


def test_programs_that_cannot_run_do_not_stop_the_others(sheets, monkeypatch):
    def environment(name, _cache):
        if name == "spaed":
            raise RuntimeError("No matching distribution")
        return PYTHON

    def ask(peer, number, _python, proteins, _checkout):
        return [Answer(peer.name, number, protein.id, ("1-20",), 1.0) for protein in proteins]

    monkeypatch.setattr(run, "environment", environment)
    monkeypatch.setattr(run, "ask_network", ask)
    out = sheets / "peers.tsv"
    write_answers(out, [Answer("SPAED", "0", "x", ("1-2",), 1.0), Answer("Merizo", "0.1.3", "a", ("1-2",), 1.0)])
    failed = run.run_peers(sheets, out, sheets / "cache", None, ["merizo", "chainsaw", "spaed"])
    assert failed == [
        "Chainsaw was not run: give --chainsaw DIR, Chainsaw's checkout",
        "SPAED was not run: No matching distribution",
    ]
    answers = {(answer.peer, answer.protein): answer for answer in read_answers(out)}
    assert answers["Merizo", "a"] == Answer("Merizo", "0.1.4", "a", ("1-20",), 1.0)
    assert "absent.pdb" in answers["Merizo", "b"].reason
    assert answers["SPAED", "x"].domains == ("1-2",)


def test_only_what_has_no_answer_of_this_version_runs_again(sheets, monkeypatch):
    asked = []

    def ask(peer, number, _python, proteins, _checkout):
        asked.extend(protein.id for protein in proteins)
        return [Answer(peer.name, number, protein.id, ("1-20",), 1.0) for protein in proteins]

    monkeypatch.setattr(run, "environment", lambda *_: PYTHON)
    monkeypatch.setattr(run, "ask_network", ask)
    out = sheets / "peers.tsv"
    assert run.run_peers(sheets, out, sheets, None, ["merizo"]) == []
    first = out.read_text()
    assert run.run_peers(sheets, out, sheets, None, ["merizo"]) == []
    assert asked == ["a"]
    assert out.read_text() == first


KNOWN = {
    "1FC6_A": Known("ECOD", ["1-50", "51-100"], ["1.1.1", "2.1.1"], []),
    "9ZZZ_A": Known("ECOD", ["1-60", "61-100"], ["1.1.1", "1.1.1"], []),
    "P0": Known("DPAM v2", ["1-40"], ["1.1.1"], ["0.9"]),
}


class Run:
    """Results of a run in which every known domain is found, but the last; T-group 2.1.1 has no template."""

    def __init__(self, folder, proteins):
        rows = [(protein, text) for protein in proteins for text in KNOWN[protein].ranges][: 2 * len(proteins) - 1]
        self.domains = pd.DataFrame(rows, columns=["protein", "range"])
        self.ledger = pd.DataFrame({"protein": proteins})
        self.folder = folder
        trace = folder / "pipeline_info" / "execution_trace.txt"
        trace.parent.mkdir(parents=True, exist_ok=True)
        trace.write_text("process\tstatus\trealtime\t%cpu\nDOMAINS:X\tCOMPLETED\t8s\t50.0%\n")

    def t_groups(self, _):
        return {"1.1.1"}


def test_a_protein_without_an_answer_has_no_domain(tmp_path):
    judged = judge(["1FC6_A", "9ZZZ_A"], {"1FC6_A": ["1-50", "51-100"]}, KNOWN, Run(tmp_path, ["1FC6_A"]))
    assert [(row.jaccard, row.possible) for row in judged] == [(1, True), (1, False), (0, True), (0, True)]


def test_chains_of_training_are_known():
    training = read_training()
    assert training["Merizo", "1FC6_A"] == "train"
    assert ("Merizo", "9ZZZ_A") not in training
    assert set(training.values()) == {"train", "validation", "test", "entry"}


def test_the_section_has_scores_cpu_training_and_failures(tmp_path):
    chains, models = Run(tmp_path / "chains", ["1FC6_A", "9ZZZ_A"]), Run(tmp_path / "models", ["P0"])
    answers = [
        Answer("Merizo", "0.1.4", "1FC6_A", ("1-50", "51-100"), 2.0),
        Answer("Merizo", "0.1.4", "9ZZZ_A", ("1-100",), 4.0),
        Answer("SPAED", "1.0.7", "P0", reason="a sentence"),
    ]
    lines = peers_section(answers, chains, models, KNOWN, "0.2.0")
    assert "| domainflow | 2 | 0.750 | 75.0% | 1/2 | 0.667, 66.7% of 3 | 1.000, 100.0% of 1 | 2.0 |" in lines
    assert "| Merizo | 2 | 0.750 | 50.0% | 1/2 | 0.667, 33.3% of 3 | 1.000, 100.0% of 1 | 3.0 |" in lines
    assert "| 1 that Merizo was not trained on | Merizo | 0.500 | 0.0% | 0/1 |" in lines
    assert "| 1 that Merizo was not trained on | domainflow | 0.500 | 50.0% | 0/1 |" in lines
    assert "| SPAED | 1 | 0.000 | 0.0% | 0/1 | – |" in lines
    assert "| SPAED | P0 | a sentence |" in lines
    merizo = next(line for line in lines if line.startswith("| Merizo | protein-domain-segmentation 0.1.4 |"))
    assert "17,286 PDB chains" in merizo
    assert "1 of 2, and 0 by another chain of their PDB entry" in merizo
    assert not any("Chainsaw |" in line for line in lines)


def test_a_program_that_saw_fewer_chains_has_domainflow_on_the_same_beside_it(tmp_path):
    chains, models = Run(tmp_path / "chains", ["1FC6_A", "9ZZZ_A"]), Run(tmp_path / "models", ["P0"])
    lines = peers_section([Answer("Merizo", "0.1.4", "9ZZZ_A", ("1-100",), 4.0)], chains, models, KNOWN, "0.2.0")
    place = lines.index("| Merizo | 1 | 0.500 | 0.0% | 0/1 | 0.500, 0.0% of 2 | – | 4.0 |")
    assert lines[place + 1] == "| domainflow, the same | 1 | 0.500 | 50.0% | 0/1 | 0.500, 50.0% of 2 | – | – |"
