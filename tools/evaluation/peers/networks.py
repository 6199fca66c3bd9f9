"""Run Merizo or Chainsaw on many proteins in one process; a program of their environment, not of domainflow's.

Both load PyTorch and their weights for seconds, so one process takes many proteins. Each gets a line of the answers as
soon as it is done: id, chopping such as ``1-20_41-80,21-40``, CPU seconds, and what went wrong. The seconds are of this
protein alone, with those of programs that were started for it.

Merizo: the function `segment` of `protein_domain_segmentation` 0.1.4. The package's own text of domains counts the
residues of no domain as one domain more, and numbers residues by their place, not as the file does. The package's
first lines import a reader of trajectories that segmentation does not need; it is left out.
Chainsaw: the functions `load_model` and `predict` of its checkout's `get_predictions.py`.

Usage: networks.py merizo|chainsaw JOBS ANSWERS [CHECKOUT]; a line of JOBS is id, PDB file, and `model` or `chain`
"""

import importlib
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path

PACKAGE = "protein_domain_segmentation"
CHAIN = "A"
MOST_ITERATIONS = 3
"""The package's default."""


def chopping(residues: Sequence[int], domains: Sequence[int]) -> str:
    """Return the chopping of residues by the number of their domain; 0 is no domain."""
    texts = []
    for domain in sorted(set(domains) - {0}):
        segments: list[list[int]] = []
        for residue in (residue for residue, number in zip(residues, domains, strict=True) if number == domain):
            if segments and residue == segments[-1][1] + 1:
                segments[-1][1] = residue
            else:
                segments.append([residue, residue])
        texts.append("_".join(f"{first}-{last}" for first, last in segments))
    return ",".join(texts)


def merizo() -> Callable[[str, bool], str]:
    """Load Merizo; return the function from a PDB file, and whether it is a model, to a chopping."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.submodule_search_locations is None:
        raise SystemExit(f"{PACKAGE} is not installed here")
    package = types.ModuleType(PACKAGE)
    package.__path__ = list(found.submodule_search_locations)
    sys.modules[PACKAGE] = package
    torch = importlib.import_module("torch")
    program = importlib.import_module(f"{PACKAGE}.merizo.run_merizo")
    network = program.Merizo()
    network.load_state_dict(program.read_split_weight_files(str(program.WEIGHTS_DIR)), strict=True)
    network.eval()

    def answer(structure: str, is_model: bool) -> str:
        with torch.no_grad():
            features = program.segment(
                structure, network, torch.device("cpu"), False, is_model, MOST_ITERATIONS, False, CHAIN
            )
        residues = [int(number) for number in features["ri"][0].tolist()]
        return chopping(residues, [int(number) for number in features["domain_ids"].tolist()])

    return answer


def chainsaw(checkout: str) -> Callable[[str, bool], str]:
    """Load Chainsaw's model v3; return the function from a PDB file to a chopping."""
    sys.path.insert(0, checkout)
    program = importlib.import_module("get_predictions")
    model = program.load_model(model_dir=str(Path(checkout) / "saved_models" / "model_v3"))

    def answer(structure: str, _: bool) -> str:
        return program.predict(model, structure).chopping or ""

    return answer


def main(program: str, jobs: str, answers: str, checkout: str = "") -> None:
    answer = merizo() if program == "merizo" else chainsaw(checkout)
    with Path(answers).open("w") as stream:
        for line in Path(jobs).read_text().splitlines():
            name, structure, kind = line.split("\t")
            start = sum(os.times()[:4])
            try:
                text, reason = answer(structure, kind == "model"), ""
            except Exception as error:
                words = " ".join(str(error).split())
                text, reason = "", f"{type(error).__name__}: {words}"
            print(name, text, f"{sum(os.times()[:4]) - start:.2f}", reason, sep="\t", file=stream, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
