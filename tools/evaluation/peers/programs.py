"""The other programs: where each comes from, how it is called, how its answer is read, what it was trained on.

Every program gets the files that `run` writes, with residues numbered 1..n, and has its default settings. Merizo
re-segments models, as its README advises (``--iterate``).
"""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from evaluation.peers.answers import Reader, read_afragmenter, read_spaed
from evaluation.peers.environments import pinned_version

__all__ = ["PEERS", "NetworkPeer", "PaePeer", "Peer", "check_checkout", "version"]

SEED = 1
"""AFragmenter's communities depend on Python's random numbers."""
STRIDE = "STRIDE_EXE"
"""Chainsaw's own environment variable: the program stride."""


class NetworkPeer(NamedTuple):
    """A network that `networks` runs on many structures in one process.

    Attributes
    ----------
    name, environment, package : str
        The environment's requirements pin the package; Chainsaw, of a checkout, has none.
    kind, trained_on : str
        For the page.
    """

    name: str
    environment: str
    package: str
    kind: str
    trained_on: str


class PaePeer(NamedTuple):
    """A program that reads the PAE of one model; further attributes as in `NetworkPeer`.

    Attributes
    ----------
    command : function
        Gives the command line for its Python, the PAE and its answer.
    read : function
        Reads its answer.
    """

    name: str
    environment: str
    package: str
    kind: str
    trained_on: str
    command: Callable[[Path, Path, Path], list[str | Path]]
    read: Reader


Peer = NetworkPeer | PaePeer


def afragmenter(python: Path, pae: Path, answer: Path) -> list[str | Path]:
    """Return the command for AFragmenter."""
    seeded = f"import random; random.seed({SEED}); from afragmenter.cli import main; main()"
    return [python, "-c", seeded, "--json", pae, "--save-result", answer]


def spaed(python: Path, pae: Path, answer: Path) -> list[str | Path]:
    """Return the command for SPAED."""
    return [python, "-m", "spaed.spaed", pae, "--output_file", answer]


PEERS: Mapping[str, Peer] = {
    "merizo": NetworkPeer(
        "Merizo", "torch", "protein-domain-segmentation", "coordinates; a network",
        "CATH's domains of 17,286 PDB chains, then 7,052 AlphaFold models",
    ),
    "chainsaw": NetworkPeer(
        "Chainsaw", "torch", "", "coordinates; a network", "CATH's domains of 35,991 PDB chains (model v3)"
    ),
    "afragmenter": PaePeer(
        "AFragmenter", "afragmenter", "afragmenter", "PAE; communities", "nothing", afragmenter, read_afragmenter
    ),
    "spaed": PaePeer(
        "SPAED", "spaed", "spaed", "PAE; clusters", "nothing; made for endolysins of phages", spaed, read_spaed
    ),
}  # fmt: skip
"""By the name that `--only` takes."""


def version(peer: Peer, checkout: Path | None) -> str:
    """Return a program's version: the pinned one of its package, or the commit of the checkout."""
    if peer.package:
        return pinned_version(peer.environment, peer.package)
    asked = subprocess.run(["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return f"commit {asked.stdout.strip()}" if asked.returncode == 0 else "unknown commit"


def check_checkout(checkout: Path, stride: str | None) -> None:
    """Make sure that a checkout of Chainsaw can be run.

    Parameters
    ----------
    checkout : Path
    stride : str or None
        The program stride, if it is not in the checkout.

    Raises
    ------
    ValueError
        If something is missing. The message is one sentence that says what to do.
    """
    if not (checkout / "get_predictions.py").exists():
        raise ValueError(f"--chainsaw {checkout} has no get_predictions.py; give the folder of Chainsaw's checkout")
    if not (checkout / "saved_models" / "model_v3" / "weights.pt").exists():
        raise ValueError(f"--chainsaw {checkout} has no saved_models/model_v3/weights.pt; clone Chainsaw again")
    if not Path(stride or checkout / "stride" / "stride").exists():
        raise ValueError(f"{checkout}/stride has no program; run 'tar xf stride.tgz && make' there, or set {STRIDE}")
