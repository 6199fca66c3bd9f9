"""Write the domains of a protein in formats of other tools: mmCIF with the model, GFF3, a superposed template."""

import gzip
import re
from collections.abc import Sequence
from urllib.parse import quote

import gemmi
import numpy as np
from numpy.typing import NDArray

from domainflow.domains.results import DomainRow
from domainflow.report.superpose import Fit
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import parse_range, runs
from domainflow.templates.store import TemplateStore

__all__ = ["GFF3_HEADER", "gff3_lines", "mmcif", "superposed_pdb"]

GFF3_HEADER = "##gff-version 3\n"
NONE = "na"
LABEL = re.compile(r"(-?\d+)(\S?)")
"""Residue number and insertion code."""
SEGMENTS = "_pdbx_sifts_xref_db_segments."
"""Category in which PDBe's files name the domains of a chain (SIFTS, *Nucleic Acids Res.* 2019, 47:D482-D489)."""


def gff3_lines(protein: str, length: int, rows: Sequence[DomainRow]) -> str:
    """Return a region and one feature a segment of each domain; segments of a domain share its ID."""
    name = quote(protein, safe="_.:^*$@!+-?|")
    lines = [f"##sequence-region {name} 1 {length}\n"]
    for row in rows:
        values = {
            "ID": f"{protein}.{row.domain}", "Name": row.t_group_name if row.t_group != NONE else row.label,
            "label": row.label, "t_group": row.t_group, "template": row.template_id, "probability": row.probability,
        }  # fmt: skip
        kept = ((key, value) for key, value in values.items() if value != NONE)
        attributes = ";".join(f"{key}={quote(value, safe=' .:+-/()_')}" for key, value in kept)
        score = "." if row.probability == NONE else row.probability
        for first, last in runs(np.sort(parse_range(row.range))):
            fields = (name, "domainflow", "polypeptide_domain", str(first), str(last), score, ".", ".", attributes)
            lines.append("\t".join(fields) + "\n")
    return "".join(lines)


def mmcif(protein: Protein, rows: Sequence[DomainRow]) -> bytes:
    """Return the model as gzipped mmCIF, in the numbers of the user's file, with its domains as segments."""
    structure = gemmi.read_pdb_string(protein.pdb + "END\n")
    structure.name = protein.id
    structure.setup_entities()
    chain = structure[0][0]
    for residue, label in zip(chain, protein.author.labels, strict=True):
        residue.label_seq = residue.seqid.num
        if found := LABEL.fullmatch(label):
            residue.seqid = gemmi.SeqId(int(found[1]), found[2] or " ")
    chain.name = protein.author.chain or "A"
    block = structure.make_mmcif_document().sole_block()
    entity, asym = structure.entities[0].name, chain[0].subchain
    columns = ["entity_id", "asym_id", "xref_db", "xref_db_acc", "domain_name", "segment_id", "instance_id"]
    loop = block.init_loop(SEGMENTS, [*columns, "seq_id_start", "seq_id_end"])
    for instance, row in enumerate(rows, start=1):
        group = "?" if row.t_group == NONE else row.t_group
        for segment, (first, last) in enumerate(runs(np.sort(parse_range(row.range))), start=1):
            values = (entity, asym, "ECOD", group, row.domain, segment, instance, first, last)
            loop.add_row([gemmi.cif.quote(str(value)) if value != "?" else "?" for value in values])
    return gzip.compress(block.as_string().encode(), 9, mtime=0)


def superposed_pdb(uid: str, fit: Fit, store: TemplateStore) -> str:
    """Return a template's backbone in the place of a model's domain, as PDB text (step 25)."""
    row = store.row(uid)
    moved: NDArray[np.float64] = fit.moved(store.backbone(row))
    remark = f"REMARK 250 {store.template_id(row)} ON THE DOMAIN, RMSD {fit.rmsd:.2f} ANGSTROM\n"
    return remark + "\n".join([*backbone_lines(store.sequences[row], moved), "END", ""])
