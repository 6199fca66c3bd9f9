"""Other libraries read the domains back from each format."""

import gzip
import io
import json

import gemmi
import numpy as np
from biotite.sequence.io import gff
from biotite.structure.io import pdbx

from domainflow.report.run_tables import MOST_GENERAL, general_statistics, write_tool_tables
from domainflow.report.superpose import Fit
from domainflow.report.tool_files import GFF3_HEADER, gff3_lines, mmcif, superposed_pdb
from domainflow.run.ledger import LedgerRow
from domainflow.structures.ranges import parse_range
from domainflow.templates.store import TemplateStore


def test_gff3_names_each_segment(protein, rows):
    named = [rows[0]._replace(t_group_name="a; b=c, d", t_group="1.2.3", probability="0.913"), rows[1]]
    file = gff.GFFFile.read(io.StringIO(GFF3_HEADER + gff3_lines(protein.id, len(protein), named)))
    found = [(entry[3], entry[4], entry[8]["ID"]) for entry in file]
    assert found == [(1, 16, "two.domains.nD1"), (39, 59, "two.domains.nD1"), (20, 37, "two.domains.nD2")]
    assert next(iter(file))[8]["Name"] == "a; b=c, d"
    assert [entry[5] for entry in file] == [0.913, 0.913, None]
    assert ("sequence-region two.domains 1 60", 1) in file.directives()


def test_mmcif_has_the_users_numbers_and_the_domains(protein, rows):
    text = gzip.decompress(mmcif(protein, rows)).decode()
    structure = gemmi.make_structure_from_block(gemmi.cif.read_string(text).sole_block())
    chain = structure[0]["B"]
    assert [str(residue.seqid) for residue in chain] == list(protein.author.labels)
    np.testing.assert_allclose([residue["CA"][0].pos.tolist() for residue in chain], protein.backbone[:, 1], atol=1e-3)

    block = pdbx.CIFFile.read(io.StringIO(text)).block
    segments = block["pdbx_sifts_xref_db_segments"]
    found: dict[str, list[int]] = {}
    for name, first, last in zip(
        segments["domain_name"].as_array(),
        segments["seq_id_start"].as_array(int),
        segments["seq_id_end"].as_array(int),
        strict=True,
    ):
        found.setdefault(str(name), []).extend(range(first, last + 1))
    assert found == {row.domain: parse_range(row.range).tolist() for row in rows}
    # these are the numbers of the polymer's residues, 1..L
    labels = {(atom["label_seq_id"], atom["auth_seq_id"]) for atom in _rows(block["atom_site"])}
    assert {int(label) for label, _ in labels} == set(range(1, len(protein) + 1))


def _rows(category):
    names = ("label_seq_id", "auth_seq_id")
    columns = [category[name].as_array(str) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def test_a_superposed_template_lies_where_it_is_drawn(root):
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    fit = Fit(turn, np.array([1.0, 2, 3]), 0.5)
    uid = store.uids[0]
    structure = gemmi.read_pdb_string(superposed_pdb(uid, fit, store))
    found = [residue["CA"][0].pos.tolist() for residue in structure[0][0]]
    np.testing.assert_allclose(found, store.backbone(0)[:, 1] @ turn.T + [1, 2, 3], atol=1e-3)


def test_tables_of_a_run(tmp_path, protein, rows):
    ledger = [
        LedgerRow(protein.id, "ok", "ASSIGN_DOMAINS", "-", "60", "2"),
        LedgerRow("empty", "no_domain", "ASSIGN_DOMAINS", "-", "40", "0"),
        LedgerRow("bad", "rejected", "PREPARE_PROTEINS", "no protein"),
    ]
    scored = [row._replace(hh_probability="0.0") for row in rows]
    write_tool_tables(tmp_path, ledger, scored, hh_suite=True)
    assert json.loads((tmp_path / "domains.jsonl").read_text().splitlines()[0])["hh_probability"] == 0
    write_tool_tables(tmp_path, ledger, scored, hh_suite=False)
    lines = [json.loads(line) for line in (tmp_path / "domains.jsonl").read_text().splitlines()]
    assert [(line["protein"], line["name"], line["segments"]) for line in lines] == [
        (protein.id, "nD1", [[1, 16], [39, 59]]),
        (protein.id, "nD2", [[20, 37]]),
    ]
    assert lines[0]["probability"] is None
    assert lines[0]["hh_probability"] is None, "without HH-suite it is unknown, as on the page"
    chopping = [line.split("\t") for line in (tmp_path / "chopping.tsv").read_text().splitlines()]
    assert chopping[1:] == [
        ["two.domains", "60", "55", "5", "2", "1-16_39-59,20-37"],
        ["empty", "40", "0", "40", "0", "na"],
    ]
    ted = [line.split("\t") for line in (tmp_path / "ted_like.tsv").read_text().splitlines()]
    assert [row[:4] for row in ted[1:]] == [
        ["two.domains_TED01", "1-16_39-59", "37", "2"],
        ["two.domains_TED02", "20-37", "18", "1"],
    ]
    bars = json.loads((tmp_path / "multiqc" / "domainflow_mqc.json").read_text())
    assert bars["data"]["Proteins"] == {"ok": 1, "no_domain": 1, "rejected": 1, "failed": 0}
    table = json.loads((tmp_path / "multiqc" / "domainflow_proteins_mqc.json").read_text())
    assert table["data"][protein.id] == {"status": "ok", "domains": 2, "assigned": 0}


def test_multiqc_gets_no_table_of_many_proteins():
    ledger = [LedgerRow(f"p{number}", "ok", "ASSIGN_DOMAINS") for number in range(MOST_GENERAL + 1)]
    assert general_statistics(ledger, {}) is None
    assert general_statistics(ledger[1:], {}) is not None
