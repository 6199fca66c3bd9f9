"""Run other programs on the proteins of `tools/evaluate.py inputs`."""

import csv
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from domainflow.run.errors import InputError
from domainflow.structures.prepare import prepare_protein
from domainflow.structures.protein import Protein
from evaluation.peers.calls import ask_about_pae, ask_network
from evaluation.peers.environments import environment
from evaluation.peers.programs import PEERS, STRIDE, PaePeer, Peer, check_checkout, version
from evaluation.peers.table import Answer, read_answers, write_answers

__all__ = ["command", "read_sheets", "run_peers"]

SHEETS = ("chains.csv", "models.csv")
TOGETHER = 25
"""Proteins that share a process of a network."""

Input = tuple[str, Path, Path | None]
"""Id, structure and PAE of a protein."""


def run_peers(inputs: Path, out: Path, cache: Path, chainsaw: Path | None, only: Sequence[str]) -> list[str]:
    """Run the programs and write their answers; return a sentence for each program that could not be run at all.

    Parameters
    ----------
    inputs : Path
        Folder with `chains.csv` and `models.csv`.
    out : Path
        The table. Rows that are in it stay, and what has an answer of the same version is not run again.
    cache : Path
        Folder of the environments.
    chainsaw : Path or None
        Checkout of Chainsaw.
    only : sequence of str
        Names of programs. If empty, all; Chainsaw only with its checkout.
    """
    names = [name for name in PEERS if name in (only or PEERS) and (only or name != "chainsaw" or chainsaw)]
    proteins = read_sheets(inputs)
    done: dict[str, list[Answer]] = {peer.name: [] for peer in PEERS.values()}
    for answer in read_answers(out) if out.exists() else []:
        done.setdefault(answer.peer, []).append(answer)
    failed = []
    for name in names:
        peer = PEERS[name]
        try:
            if name == "chainsaw":
                if chainsaw is None:
                    raise ValueError("give --chainsaw DIR, Chainsaw's checkout")
                check_checkout(chainsaw, os.environ.get(STRIDE))
            python = environment(peer.environment, cache)
        except (RuntimeError, ValueError, OSError) as error:
            failed.append(f"{peer.name} was not run: {error}")
            continue
        checkout = chainsaw if name == "chainsaw" else None
        number = version(peer, checkout)
        done[peer.name] = [row for row in done[peer.name] if row.version == number and not row.reason]
        answered = {row.protein for row in done[peer.name]}
        missing = [protein for protein in proteins if protein[0] not in answered]
        for answer in answers_of(peer, number, python, missing, checkout):
            done[peer.name].append(answer)
            print(f"{peer.name} {answer.protein}: {answer.reason or '; '.join(answer.domains) or 'none'}", flush=True)
            write_answers(out, in_order(done, proteins))
    return failed


def in_order(done: Mapping[str, Sequence[Answer]], proteins: Sequence[Input]) -> Iterator[Answer]:
    """Yield the answers of one program after another, each in the order of the samplesheets."""
    places = {protein[0]: place for place, protein in enumerate(proteins)}
    for answers in done.values():
        yield from sorted(answers, key=lambda answer: places.get(answer.protein, len(places)))


def read_sheets(inputs: Path) -> list[Input]:
    """Return the proteins of both samplesheets."""
    proteins = []
    for name in SHEETS:
        with (inputs / name).open(newline="") as stream:
            for row in csv.DictReader(stream):
                proteins.append((row["id"], Path(row["structure"]), Path(row["pae"]) if row["pae"] else None))
    return proteins


def answers_of(
    peer: Peer, number: str, python: Path, proteins: Sequence[Input], checkout: Path | None
) -> Iterator[Answer]:
    """Yield a program's answers for those proteins that have what it reads."""
    if isinstance(peer, PaePeer):
        proteins = [protein for protein in proteins if protein[2]]
    for first in range(0, len(proteins), TOGETHER):
        prepared: list[Protein] = []
        for name, structure, pae in proteins[first : first + TOGETHER]:
            try:
                prepared.append(prepare_protein(name, structure, pae))
            except InputError as error:
                yield Answer(peer.name, number, name, reason=str(error))
        if isinstance(peer, PaePeer):
            yield from (ask_about_pae(peer, number, python, protein) for protein in prepared)
        else:
            yield from ask_network(peer, number, python, prepared, checkout)


def command(inputs: Path, out: Path, cache: Path, chainsaw: Path | None, only: Sequence[str]) -> int:
    """Run the programs; return 1 if one could not be run at all, else 0."""
    failed = run_peers(inputs, out, cache, chainsaw, only)
    for sentence in failed:
        print(sentence, file=sys.stderr)
    return 1 if failed else 0
