"""All that a protein's page shows, on a protein made of two templates of the embedded reference."""

import base64
import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from domainflow.domains.evidence.alignment_scores import AlignmentBlock
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.protein_evidence import EvidenceRow, ProteinEvidence
from domainflow.domains.results import DomainRow
from domainflow.domains.rows import DomassRow, Prediction
from domainflow.report.alternatives import SHOWN, SUPERPOSED
from domainflow.report.draw_protein import Settings, draw_protein, thresholds_of
from domainflow.report.packing import unpack
from domainflow.report.payload import Seen, protein_alternatives, protein_payload
from domainflow.structures.prepare import prepare_protein
from domainflow.templates.store import TemplateStore
from peptides import pdb_text

RNG = np.random.default_rng(3)
N_TEMPLATES = 9
SHORT = 70
"""Longest template used, so that the tests are quick."""
TURN = Rotation.from_rotvec([1.0, 0.4, -2.0])


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod")


@pytest.fixture(scope="module")
def templates(store):
    """UIDs of short templates, each of another T-group."""
    chosen = {}
    for row in np.flatnonzero(store.lengths <= SHORT):
        chosen.setdefault(store.t_group(int(row)), store.uids[int(row)])
    return list(chosen.values())[:N_TEMPLATES]


def domass_row(uid, store, **values):
    empty = dict.fromkeys(DomassRow._fields, "na") | {"hh_probability": 0.0, "dali_z": 0.93}
    return DomassRow(**empty | {"domain": "D1", "uid": uid, "t_group": store.t_group(store.row(uid))} | values)


@pytest.fixture(scope="module")
def seen(store, templates, tmp_path_factory):
    """The first template, turned, shaken by 0.4 Å and with a tail of another place; hits with all templates."""
    first = store.row(templates[0])
    backbone = TURN.apply(store.backbone(first).reshape(-1, 3)).reshape(-1, 4, 3) + np.array([30, -20, 5])
    backbone = backbone + RNG.normal(scale=0.4, size=(len(backbone), 1, 3))
    path = tmp_path_factory.mktemp("model") / "a.pdb"
    path.write_text(pdb_text(backbone))
    protein = prepare_protein("turned", path, None)
    length = len(protein)
    inside = np.arange(1, length - 9)
    blocks, predictions = {}, []
    for place, uid in enumerate(templates):
        pairs = np.arange(1, min(length, store.length(store.row(uid))) + 1)
        # the alignment skips a residue, and its own superposition is another one
        pairs = pairs[pairs != 12]
        blocks[f"{uid}_1"] = AlignmentBlock(
            f"{uid}_1", 9.3, pairs, pairs, length, length, ("1,0,0", "0,1,0", "0,0,1"), "0,0,0"
        )
        row = domass_row(uid, store, dali_name=f"{uid}_1")
        predictions.append(Prediction(row, round(0.99 - 0.1 * place, 4)))
    values = dict.fromkeys(DomainRow._fields, "na") | {
        "protein": "turned", "domain": "nD1", "range": f"1-{inside[-1]}", "length": str(len(inside)), "parts": "D1",
        "label": "good_domain", "t_group": store.t_group(first), "t_group_name": store.t_group_name(first),
        "template": templates[0], "template_id": store.template_id(first), "probability": "0.99", "assignment": "full",
        "dali_z": "9.3", "template_coverage": "0.9", "t_group_coverage": "1.0", "clarity": "good", "helices": "2",
        "strands": "3", "hh_probability": "0.0", "author_range": f"1-{inside[-1]}", "chain": "A",
    }  # fmt: skip
    evidence = ProteinEvidence(
        [[1, 3]], "contacts", [1] * length, [EvidenceRow("D1", "dali", templates[0], 9.3, [[1, 40]])],
        np.full((length, length), 90, np.uint8),
    )  # fmt: skip
    passed_over = [templates[1], store.t_group(store.row(templates[1])), 0.89, 0.2, 0.3, "coverage"]
    choice = [[store.t_group(store.row(templates[1])), 0.89], [passed_over], "D1"]
    return Seen(protein, evidence, [DomainRow(**values)], predictions, blocks, {"nD1": choice})


@pytest.fixture(scope="module")
def payload(seen, store):
    return protein_payload(seen, protein_alternatives(seen, store), store, thresholds_of(DPAM_V2), hh_suite=False)


def atoms(packed):
    """CA and O of packed coordinates, shape (L, 2, 3)."""
    whole = np.frombuffer(base64.b64decode(packed["xyz"]), "<i2").reshape(-1, 2, 3)
    return whole * packed["unit"] + packed["middle"]


def test_the_drawn_template_fits_as_its_number_says(payload):
    """The atoms that the page draws, moved as the page moves them."""
    (domain,) = payload["domains"]
    model = atoms(payload["model"])[:, 0]
    checked = 0
    for one in domain["alternatives"]:
        if one["transform"] is None:
            continue
        turn, shift = np.reshape(one["transform"][:9], (3, 3)), np.array(one["transform"][9:])
        moved = atoms(payload["templates"][one["template"]])[:, 0] @ turn.T + shift
        query = np.concatenate([np.arange(q, q + n) for q, _, n in one["blocks"]])
        template = np.concatenate([np.arange(t, t + n) for _, t, n in one["blocks"]])
        drawn = np.sqrt(((moved[template - 1] - model[query - 1]) ** 2).sum(axis=1).mean())
        assert drawn == pytest.approx(one["rmsd"], abs=0.05)
        assert len(query) == one["aligned"]
        assert query.max() <= domain["length"], "pairs are inside the domain"
        checked += 1
    assert checked == SUPERPOSED


def test_the_assigned_template_was_turned_back(payload):
    best = payload["domains"][0]["alternatives"][0]
    assert best["rmsd"] < 1
    assert best["rmsd_dali"] > 10
    assert best["blocks"][0] == [1, 1, 11]


def test_alternatives_are_one_a_t_group_by_probability(payload, templates):
    listed = payload["domains"][0]["alternatives"]
    assert [one["template"] for one in listed] == templates[:SHOWN]
    assert [one["probability"] for one in listed] == sorted((one["probability"] for one in listed), reverse=True)
    assert {one["hh_probability"] for one in listed} == {None}, "HH-suite found nothing"
    assert set(payload["templates"]) == {one["template"] for one in listed if one["transform"] is not None}


def test_what_was_passed_over_has_words(payload, store, templates):
    domain = payload["domains"][0]
    assert domain["runner_up"]["t_group_name"] == store.t_group_name(store.row(templates[1]))
    assert domain["passed_over"][0]["why"].endswith("(0.20 and 0.30)")
    assert domain["source"] is None, "it is not joined"


def test_unknown_values_are_null(payload):
    text = json.dumps(payload, allow_nan=False)
    assert '"na"' not in text
    assert payload["plddt"] is None
    assert payload["domains"][0]["hh_probability"] is None, "HH-suite was not run"
    assert payload["pae"] is None
    assert payload["between"]["pae"] is None
    assert payload["author"] is None
    assert payload["between"]["same_domain"] == [[0.9]]


def test_the_same_protein_is_drawn_with_the_same_bytes(seen, store):
    settings = Settings(thresholds_of(DPAM_V2), False, save_superpositions=True)
    once, again = draw_protein(seen, store, settings), draw_protein(seen, store, settings)
    assert once == again
    names = [name for name, _ in once]
    template = store.template_id(store.row(seen.rows[0].template))
    files = [f"view/turned{ending}" for ending in (".pml", ".cxc", ".cif.gz", f"_nD1_{template}.pdb")]
    assert names == ["pages/turned", *files]
    page = unpack(once[0][1])
    assert [file["name"] for file in page["downloads"]] == ["turned.pml", "turned.cxc", "turned.gff3"]
    assert f"load turned_nD1_{template}.pdb" in page["downloads"][0]["text"]
