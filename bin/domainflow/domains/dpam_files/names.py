"""Name DPAM's files of one protein as v1 and v2 do."""

from collections.abc import Mapping

__all__ = ["FILE_NAMES", "named_files"]

_FILES = (
    (1, "sequence", "{0}.fa", "step1/{0}.fa"),
    (1, "model", "{0}.pdb", "step2/{0}.pdb"),
    (2, "report", "{0}.hhsearch", "step3/{0}.hhsearch"),
    (3, "search", "{0}.foldseek", "step4/{0}.foldseek"),
    (4, "search_hits", "{0}.foldseek.flt.result", "step6/{0}.result"),
    (5, "mappings", "{0}.map2ecod.result", "step5/{0}.result"),
    (6, "candidates", "{0}_hits4Dali", "step7/{0}_hits"),
    (7, "alignments", "{0}_iterativdDali_hits", "step8/{0}_hits"),
    (8, "scored", "{0}_good_hits", "step9/{0}_good_hits"),
    (9, "sequence_support", "{0}_sequence.result", "step10/{0}_sequence.result"),
    (9, "structure_support", "{0}_structure.result", "step10/{0}_structure.result"),
    (10, "evidence", "{0}.goodDomains", "step11/{0}.goodDomains"),
    (11, "elements", "{0}.sse", "step12/{0}.sse"),
    (12, "disorder", "{0}.diso", "step13/{0}.diso"),
    (13, "domains", "{0}.finalDPAM.domains", "step14/{0}.domains"),
    (15, "features", "{0}.step15_features", "step15/{0}.data"),
    (16, "predictions", "{0}.step16_predictions", "step16/{0}.result"),
    (17, "confident", "{0}.step17_confident_predictions", "step17/{0}.result"),
    (18, "mapped", "{0}.step18_mappings", "step18/{0}.data"),
    (19, "pair_support", "{0}.step19_merge_info", "step19/{0}.info"),
    (19, "pairs", "{0}.step19_merge_candidates", "step19/{0}.result"),
    (20, "domain_model", "step20/{0}_{1}.pdb", "step20/{0}_{1}.pdb"),
    (21, "judged", "{0}.step21_comparisons", "step21/{0}.result"),
    (22, "merged", "{0}.step22_merged_domains", "step22/{0}.result"),
    (23, "assignments", "{0}.step23_predictions", "step23/{0}.assign"),
    (24, "final", "step24/{0}_domains", "step24/{0}_domains"),
)
"""DPAM step, kind of file, and its names in v1 and v2; ``{0}`` is the protein, ``{1}`` a domain.

The folders of v2 are not numbered as the steps: step 8 writes to ``step9``, and step 4 to ``step6``. The first version
ends with step 13. A later program of the same plain layout uses the names from step 15 on.
"""

FILE_NAMES = {
    "v1": {kind: name for _, kind, name, _ in _FILES},
    "v2": {kind: name for _, kind, _, name in _FILES},
}
"""Name of each kind of file, by layout."""


def named_files(texts: Mapping[str, str], protein: str, layout: str) -> list[tuple[str, str]]:
    """Return (file name, text) of a protein's results in a layout, from texts by kind.

    The kind of a file of one domain ends with the domain's name, as in ``domain_model/D1``. Alignments are given as
    `format_alignments` writes them; in v1 their lines of the superposition are dropped.
    """
    files = dict(texts)
    if layout == "v1" and "alignments" in files:
        lines = files["alignments"].splitlines(keepends=True)
        files["alignments"] = "".join(line for line in lines if not line.startswith(("rotation", "translation")))
    named = []
    for kind, text in files.items():
        name, _, domain = kind.partition("/")
        named.append((FILE_NAMES[layout][name].format(protein, domain), text))
    return named
