"""The published v1 run: every intermediate file of UniProt A0A0K2WPR7 (341 residues)."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from domainflow.domains.dpam_files import steps_1_to_13
from domainflow.domains.dpam_files.names import FILE_NAMES
from domainflow.domains.evidence.alignment_scores import AlignmentBlock, TemplateFacts
from domainflow.domains.rows import TemplateMapping

PROTEIN = "A0A0K2WPR7"


class PublishedRun:
    """Files of the run by DPAM's own names, and facts on the templates read from them: their data are not public."""

    def __init__(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as zipped:
            self._texts = {
                name.rpartition("/")[2]: zipped.read(name).decode() for name in zipped.namelist() if name[-1] != "/"
            }

    def text(self, kind: str) -> str:
        """Return the text of a file, by its kind in `FILE_NAMES` or by its ending."""
        name = FILE_NAMES["v1"].get(kind, "{0}" + kind).format(PROTEIN)
        return self._texts[name]

    def mappings(self) -> list[TemplateMapping]:
        return steps_1_to_13.parse_mappings(self.text("mappings"), "v1")

    def blocks(self) -> list[AlignmentBlock]:
        return steps_1_to_13.parse_alignments(self.text("alignments"))

    def facts(self) -> Mapping[str, TemplateFacts]:
        """Lengths, groups and self z-scores, read back from the published tables.

        Rows dropped by step 9 have no published length; it is computed from step 5's coverage (pairs / length).
        """
        ids, groups, lengths, norms = {}, {}, {}, {}
        for mapping in self.mappings():
            ids[mapping.uid] = mapping.template_id
            lengths[mapping.uid] = round(len(mapping.query) / mapping.coverage)
        for hit in steps_1_to_13.parse_scored_alignments(self.text("scored")):
            ids[hit.uid], groups[hit.uid] = hit.template_id, hit.h_group
        for line in self.text("sequence_support").splitlines():
            name, _, group, _, _, length, *_ = line.split("\t")
            uid = name.partition("_")[0]
            groups[uid], lengths[uid] = group, int(length)
        for line in self.text("evidence").splitlines():
            fields = line.split("\t")
            if fields[0] == "structure" and float(fields[3]):
                norms[fields[4].partition("_")[0]] = float(fields[7]) / float(fields[3])
        return {
            uid: TemplateFacts(ids[uid], groups.get(uid, "unpublished"), lengths.get(uid, 1), norms.get(uid, 0.0))
            for uid in ids
        }


@pytest.fixture(scope="session")
def published(shared: Path) -> PublishedRun:
    return PublishedRun(shared / "data" / "golden" / f"{PROTEIN}.zip")
