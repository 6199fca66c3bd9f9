"""A long protein in fragments, as AlphaFold DB cuts it, has the domains of the whole protein at the end of a run."""

import numpy as np

from domainflow.structures.ranges import parse_range
from long_protein import LENGTH, long_protein, write_fragments, write_whole
from pipeline.conftest import read_table

LEAST_JACCARD = 0.95


def test_fragments_and_the_whole_protein_have_the_same_domains(run, tmp_path, mini_ecod):
    invented = long_protein(mini_ecod)
    mini_ecod.subset(np.unique(invented.domain[:, 1]).tolist(), tmp_path / "reference.arrow")
    models = tmp_path / "models"
    models.mkdir()
    write_fragments(write_whole(models, invented), invented, moved=True)
    run("--input", models, "--reference", tmp_path / "reference.arrow", "--buckets", 2)

    results = tmp_path / "results"
    ledger = {row["protein"]: row for row in read_table(results / "ledger.tsv")}
    assert ledger.keys() == {"whole", "AF-X"}
    assert {row["length"] for row in ledger.values()} == {str(LENGTH)}
    assert "joined from 9 fragments (F1-F9)" in ledger["AF-X"]["reason"]
    domains = {name: [] for name in ledger}
    for row in read_table(results / "domains.tsv"):
        assert row["author_range"] == row["range"]
        domains[row["protein"]].append(set(parse_range(row["range"]).tolist()))
        assert row["fragments"] == "na" if row["protein"] == "whole" else row["fragments"].startswith("F")
    whole, joined = domains["whole"], domains["AF-X"]
    assert len(joined) == len(whole) >= 10
    best = [max(len(one & other) / len(one | other) for other in joined) for one in whole]
    assert np.mean(best) >= LEAST_JACCARD
