"""Call another program on proteins, measure its CPU time, and make an answer of whatever comes out.

Its files have domainflow's residues 1..n. What goes wrong with a protein is the reason in that protein's answer.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.child_seconds import child_seconds
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import format_range
from evaluation.peers.answers import Domains, check_residues, read_chopping, read_networks
from evaluation.peers.programs import NetworkPeer, PaePeer
from evaluation.peers.table import Answer

__all__ = ["Measure", "ask_about_pae", "ask_network"]

Measure = Callable[..., float]
"""As `child_seconds`: runs a command in a folder, with environment variables; returns its CPU seconds."""
NETWORKS = Path(__file__).resolve().parent / "networks.py"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
LONGEST_REASON = 200
"""Characters of a program's last line that go into the table."""
PAE_DECIMALS = 2


def ask_network(
    peer: NetworkPeer,
    number: str,
    python: Path,
    proteins: Sequence[Protein],
    checkout: Path | None = None,
    measure: Measure = child_seconds,
) -> Iterator[Answer]:
    """Yield a network's answers for proteins that share one process, and so the time of its start.

    If the process dies, the first protein without an answer is taken to be the cause, and the others are tried again.

    Parameters
    ----------
    peer : NetworkPeer
    number : str
        Its version.
    python : Path
        Python of its environment.
    proteins : sequence of Protein
    checkout : Path or None
        Chainsaw's.
    measure : function
    """
    waiting = list(proteins)
    while waiting:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            jobs, answers = folder / "jobs.tsv", folder / "answers.tsv"
            lines = []
            for place, protein in enumerate(waiting):
                structure = folder / f"{place}.pdb"
                structure.write_text(protein.pdb)
                lines.append(f"{place}\t{structure}\t{'chain' if protein.pae is None else 'model'}\n")
            jobs.write_text("".join(lines))
            command = [python, NETWORKS, peer.name.lower(), jobs, answers, *([checkout.resolve()] if checkout else [])]
            total, death = 0.0, "the program wrote no answer"
            try:
                total = measure(command, folder, **ONE_THREAD)
            except (RuntimeError, OSError) as error:
                death = last_line(str(error))
            found = read_networks(answers)
        own = sum(seconds for _, seconds, _ in found.values())
        share = max(total - own, 0.0) / len(waiting)
        again = []
        for place, protein in enumerate(waiting):
            if str(place) in found:
                text, seconds, reason = found[str(place)]
                yield checked(
                    peer.name, number, protein, lambda text=text: read_chopping(text), seconds + share, reason
                )
            else:
                again.append(protein)
        if again:
            yield Answer(peer.name, number, again[0].id, reason=death)
        waiting = again[1:]


def ask_about_pae(
    peer: PaePeer, number: str, python: Path, protein: Protein, measure: Measure = child_seconds
) -> Answer:
    """Return a program's answer for one model; the program has a process of its own. Parameters as in `ask_network`."""
    assert protein.pae is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pae, answer = folder / "pae.json", folder / "answer.csv"
        pae.write_text(json.dumps([{"predicted_aligned_error": np.round(protein.pae, PAE_DECIMALS).tolist()}]))
        try:
            seconds = measure(peer.command(python, pae, answer), folder, **ONE_THREAD)
        except (RuntimeError, OSError) as error:
            return Answer(peer.name, number, protein.id, reason=last_line(str(error)))
        return checked(peer.name, number, protein, partial(peer.read, answer), seconds)


def checked(
    name: str, number: str, protein: Protein, read: Callable[[], Domains], seconds: float, reason: str = ""
) -> Answer:
    """Return the answer that a function reads, if it can be read and its residues are the protein's."""
    domains: Domains = []
    if not reason:
        try:
            domains = read()
            check_residues(domains, len(protein))
        except FileNotFoundError:
            reason = "the program wrote no answer"
        except (ValueError, KeyError, OSError) as error:
            reason = last_line(str(error))
    if reason:
        return Answer(name, number, protein.id, reason=last_line(reason))
    return Answer(name, number, protein.id, tuple(map(format_range, domains)), seconds)


def last_line(text: str) -> str:
    """Return the last line of a program's complaint, short and without tabs."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return (lines or ["no word"])[-1][:LONGEST_REASON]
