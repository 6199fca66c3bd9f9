"""Write a reference as the data folder that DPAM is published with, for other programs that read that folder.

Numbers are written in full, so that `domainflow.reference.dpam_data` reads the same templates and statistics back. DPAM
uses the first two fields of an F-id as H-group and the first three as T-group. Groups of another form get numbers of
this form, which ``groups.tsv`` lists.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

__all__ = ["published_groups", "write_dpam_data"]

HEADING = (
    "#uid", "ecod_domain_id", "manual_rep", "f_id", "pdb", "chain", "pdb_range", "seqid_range", "unp_acc", "arch_name",
    "x_name", "h_name", "t_name", "f_name", "asm_status", "ligand",
)  # fmt: skip
"""Of ecod.latest.domains."""
UNKNOWN = "na"
_ECOD_GROUP = re.compile(r"([0-9]+(\.[0-9]+)?)(\.[0-9]+)?")


def write_dpam_data(store: TemplateStore, statistics: ReferenceStatistics, folder: Path) -> None:
    """Write all tables and the files of every template; the folder is created."""
    groups = published_groups((store.t_group(row), store.h_group(row)) for row in range(len(store)))
    tables: dict[str, list[str]] = {
        "ECOD_length": [], "ECOD_norms": [], "ECOD_pdbmap": [], "ecod.latest.domains": ["\t".join(HEADING)],
    }  # fmt: skip
    for name in ("ECOD_pdbs", "ECOD_maps", "posi_weights", "ecod_internal"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    lengths: dict[str, float] = {}
    for row, uid in enumerate(store.uids):
        t_group = groups[store.t_group(row), store.h_group(row)]
        self_z, t_group_length = statistics.self_z(uid), statistics.t_group_length(store.t_group(row))
        tables["ECOD_length"].append(f"{uid}\t{store.template_id(row)}\t{store.length(row)}")
        tables["ECOD_pdbmap"].append(f"{uid}\t{store.pdb(row)}\t{store.range(row)}")
        if self_z is not None:
            tables["ECOD_norms"].append(f"{uid}\t{self_z!r}")
        if t_group_length is not None:
            lengths[t_group] = t_group_length
        tables["ecod.latest.domains"].append("\t".join(_classification(store, row, t_group)))
        for path, lines in _files(store, statistics, row):
            _write(folder / path, lines)
    for name, lines in tables.items():
        _write(folder / name, lines)
    _write(folder / "tgroup_length", (f"{group}\t{lengths[group]!r}" for group in sorted(lengths)))
    if any(t_group != published for (t_group, _), published in groups.items()):
        renamed = ("\t".join((published, *names)) for names, published in sorted(groups.items()))
        _write(folder / "groups.tsv", ("published\tt_group\th_group", *renamed))


def published_groups(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """T-groups in ECOD's form by (T-group, H-group): unchanged if all have this form, else X.1.T with numbers from 1.

    Examples
    --------
    >>> published_groups([("3.40.50.10", "3.40.50.10"), ("3.40.50.20", "3.40.50.20")])
    {('3.40.50.10', '3.40.50.10'): '1.1.1', ('3.40.50.20', '3.40.50.20'): '2.1.1'}
    """
    groups = sorted(set(pairs))
    matches = {(t_group, h_group): _ECOD_GROUP.fullmatch(t_group) for t_group, h_group in groups}
    if all(match is not None and match[1] == h_group for (_, h_group), match in matches.items()):
        return {(t_group, h_group): t_group for t_group, h_group in groups}
    h_groups = {name: number for number, name in enumerate(sorted({h_group for _, h_group in groups}), start=1)}
    members: dict[str, list[str]] = {}
    for t_group, h_group in groups:
        members.setdefault(h_group, []).append(t_group)
    return {
        (t_group, h_group): f"{h_groups[h_group]}.1.{members[h_group].index(t_group) + 1}"
        for t_group, h_group in groups
    }


def _classification(store: TemplateStore, row: int, t_group: str) -> list[str]:
    family = f"{t_group}.0" if t_group.count(".") == 2 else t_group
    place, name = store.range(row), store.t_group_name(row)
    chains = {segment.partition(":")[0] for segment in place.split(",")}
    return [
        store.uids[row], store.template_id(row), "MANUAL_REP", family, store.pdb(row),
        chains.pop() if len(chains) == 1 else ".", place, place, *[UNKNOWN] * 4, name, *[UNKNOWN] * 3,
    ]  # fmt: skip


def _files(store: TemplateStore, statistics: ReferenceStatistics, row: int) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield path and lines of a template's own files."""
    uid, sequence = store.uids[row], store.sequences[row]
    yield f"ECOD_pdbs/{uid}.pdb", backbone_lines(sequence, store.backbone(row))
    places = store.sequence_index(row)
    if places is not None:
        yield f"ECOD_maps/{uid}.map", (f"{index}\t{place}" for index, place in enumerate(places, start=1) if place)
    weights = statistics.weights(uid)
    if weights is not None:
        # no program reads columns 1 and 2
        yield (
            f"posi_weights/{uid}.weight",
            (
                f"{index}\t{letter}\t{index}\t{weight!r}"
                for index, (letter, weight) in enumerate(zip(sequence, weights.tolist(), strict=True), start=1)
            ),
        )
    family, members = statistics.family(uid), statistics.family_uids(uid)
    if family is not None and members:
        yield (
            f"ecod_internal/{uid}.info",
            (
                f"{member}\t{z!r}\t{score!r}"
                for member, z, score in zip(members, family[0].tolist(), family[1].tolist(), strict=True)
            ),
        )


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines))
