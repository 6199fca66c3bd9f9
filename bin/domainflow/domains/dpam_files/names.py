"""Name DPAM's files of one protein as v1 and v2 do."""

from collections.abc import Mapping

__all__ = ["FILE_NAMES", "named_files"]

FILE_NAMES = {
    "v1": {
        "sequence": "{0}.fa",
        "model": "{0}.pdb",
        "report": "{0}.hhsearch",
        "search": "{0}.foldseek",
        "search_hits": "{0}.foldseek.flt.result",
        "mappings": "{0}.map2ecod.result",
        "candidates": "{0}_hits4Dali",
        "alignments": "{0}_iterativdDali_hits",
        "scored": "{0}_good_hits",
        "sequence_support": "{0}_sequence.result",
        "structure_support": "{0}_structure.result",
        "evidence": "{0}.goodDomains",
        "elements": "{0}.sse",
        "disorder": "{0}.diso",
        "domains": "{0}.finalDPAM.domains",
        # v1 ends here; a later program of the same plain layout uses these names
        "features": "{0}.step15_features",
        "predictions": "{0}.step16_predictions",
        "confident": "{0}.step17_confident_predictions",
        "mapped": "{0}.step18_mappings",
        "pair_support": "{0}.step19_merge_info",
        "pairs": "{0}.step19_merge_candidates",
        "domain_model": "step20/{0}_{1}.pdb",
        "judged": "{0}.step21_comparisons",
        "merged": "{0}.step22_merged_domains",
        "assignments": "{0}.step23_predictions",
        "final": "step24/{0}_domains",
    },
    "v2": {
        "sequence": "step1/{0}.fa",
        "model": "step2/{0}.pdb",
        "report": "step3/{0}.hhsearch",
        "search": "step4/{0}.foldseek",
        "search_hits": "step6/{0}.result",
        "mappings": "step5/{0}.result",
        "candidates": "step7/{0}_hits",
        "alignments": "step8/{0}_hits",
        "scored": "step9/{0}_good_hits",
        "sequence_support": "step10/{0}_sequence.result",
        "structure_support": "step10/{0}_structure.result",
        "evidence": "step11/{0}.goodDomains",
        "elements": "step12/{0}.sse",
        "disorder": "step13/{0}.diso",
        "domains": "step14/{0}.domains",
        "features": "step15/{0}.data",
        "predictions": "step16/{0}.result",
        "confident": "step17/{0}.result",
        "mapped": "step18/{0}.data",
        "pair_support": "step19/{0}.info",
        "pairs": "step19/{0}.result",
        "domain_model": "step20/{0}_{1}.pdb",
        "judged": "step21/{0}.result",
        "merged": "step22/{0}.result",
        "assignments": "step23/{0}.assign",
        "final": "step24/{0}_domains",
    },
}
"""File name of each kind of result, by layout; ``{0}`` is the protein, ``{1}`` a domain."""


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
