"""Whole chains to train the network on: structures, samplesheet and known domains."""

import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd

import make_training_chains
from domainflow.domains.domass.training.labels import read_labels
from domainflow.structures.pdb_text import parse_pdb_text
from evaluation.template_chains import TemplateChain


def test_chains_come_with_their_known_domains(tmp_path, monkeypatch):
    domains = [np.arange(1, 41), np.r_[41:61, 71:81]]
    chain = TemplateChain("1ABC", "B", domains, ["2.1.1", "130.1.4"])
    backbone = np.random.default_rng(0).normal(size=(80, 4, 3))
    database = SimpleNamespace(chain=lambda *_: SimpleNamespace(sequence="MK" * 40, backbone=backbone))
    monkeypatch.setattr(make_training_chains, "Promod3Database", lambda _: database)
    monkeypatch.setattr(make_training_chains, "template_chains", lambda *_: ([chain], []))
    monkeypatch.setattr(sys, "argv", ["x", "--structures", "db", "--out-dir", str(tmp_path)])
    make_training_chains.main()
    known = read_labels([tmp_path / "labels.tsv"])["1ABC_B"]
    assert [sorted(domain.residues) for domain in known] == [residues.tolist() for residues in domains]
    assert [(domain.h_group, domain.pae) for domain in known] == [("2.1", "absent"), ("130.1", "absent")]
    sheet = pd.read_csv(tmp_path / "chains.csv")
    assert sheet[["id", "structure"]].values.tolist() == [["1ABC_B", "1ABC_B.pdb"]]
    assert parse_pdb_text((tmp_path / "1ABC_B.pdb").read_text()).sequence == "MK" * 40
