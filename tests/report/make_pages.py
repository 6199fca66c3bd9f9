"""Make the pages that the tests of the report open: 1, 20 and 10,000 proteins, hostile ids, other workflows.

    make_pages.py FOLDER

All proteins are made up: two coils of CA and O, domains on them, a template that is one coil turned and shaken. The
template's RMSD is computed here, so that a test can compare it with the atoms that the page draws.
"""

import base64
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tests")]

from codon_results import RECORD, gene_row, make_results  # noqa: E402
from domainflow.report.doubt import doubt  # noqa: E402
from domainflow.report.packing import pack  # noqa: E402
from domainflow.report.page import write_page  # noqa: E402
from domainflow.report.words import reason, short_reason  # noqa: E402
from domainflow.report.write_report import write_report  # noqa: E402

ASSETS = ROOT / "assets" / "report"
HOSTILE = ['"><img src=x onerror=alert(1)>', "</script><script>alert(1)</script>", "a/../b?c#d%20&amp;'`${1}"]
THRESHOLDS = {
    "probability": [0.85],
    "dali_z": [3.0, 6.0],
    "template_coverage": [0.33, 0.66],
    "length_ratio": [0.33, 0.66],
    "elements": [3],
}
STATUSES = [
    {"name": "ok", "kind": "good", "words": "domains were found"},
    {"name": "no_domain", "kind": "nothing", "words": "no domain was found"},
    {"name": "rejected", "kind": "rejected", "words": "the input cannot be used"},
    {"name": "failed", "kind": "failed", "words": "a step failed"},
]
GROUPS = {f"{k}.1.1": f"Fold number {k}" for k in range(1, 40)}


def coil(rng: np.random.Generator, length: int) -> np.ndarray:
    """Return CA and O of a coil that wanders, shape (length, 2, 3), in Å."""
    turn = np.deg2rad(100) * np.arange(length)
    ca = np.stack([2.3 * np.cos(turn), 2.3 * np.sin(turn), 1.5 * np.arange(length)], axis=1)
    bend = np.cumsum(rng.normal(0, 0.15, (length, 3)), axis=0)
    fold = np.stack([np.zeros(length), 8 * (np.arange(length) // 25), np.zeros(length)], axis=1)
    ca[:, 2] = np.where((np.arange(length) // 25) % 2, 37.5 - ca[:, 2] % 37.5, ca[:, 2] % 37.5)
    ca = ca + bend + fold
    return np.stack([ca, ca + np.array([0.6, 0.4, 2.2])], axis=1)


def coordinates(xyz: np.ndarray) -> dict[str, object]:
    """Return coordinates as the page reads them."""
    middle, unit = xyz[:, 0].mean(0), 0.01
    while np.abs(xyz - middle).max() / unit > 32_000:
        unit *= 2
    whole = np.rint((xyz - middle) / unit).astype("<i2")
    return {
        "unit": unit,
        "middle": [round(float(x), 3) for x in middle],
        "xyz": base64.b64encode(whole.tobytes()).decode(),
    }


def matrix(values: np.ndarray, levels: list[float], cell: int) -> dict[str, object]:
    """Return a matrix as the page reads it."""
    cells = np.abs(values[:, :, None] - np.array(levels)).argmin(2).astype(np.uint8)
    rows = np.vstack([cells[:1], np.diff(cells, axis=0)])
    data = base64.b64encode(zlib.compress(rows.tobytes(), 9)).decode()
    return {"side": len(values), "cell": cell, "levels": levels, "data": data}


def alternative(
    rng: np.random.Generator, xyz: np.ndarray, first: int, last: int, number: int
) -> tuple[dict[str, object], dict[str, object]]:
    """Return an alternative for residues first to last, and its template."""
    part = xyz[first - 1 : last] + rng.normal(0, 0.4 + number, (last - first + 1, 1, 3))
    random, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    random *= np.sign(np.linalg.det(random))
    moved = (part - part.mean((0, 1))) @ random.T
    stored = np.rint(moved / 0.01) * 0.01
    pairs = np.r_[0:20, 25 : len(part)]
    moving, fixed = stored[pairs, 0], xyz[first - 1 : last][pairs, 0]
    rotation = Rotation.align_vectors(fixed - fixed.mean(0), moving - moving.mean(0))[0].as_matrix()
    shift = fixed.mean(0) - rotation @ moving.mean(0)
    rmsd = np.sqrt((((moving @ rotation.T + shift) - fixed) ** 2).sum(1).mean())
    uid, group = f"{number + 1:09d}", f"{number + 1}.1.1"
    entry = {
        "template": uid,
        "template_id": f"d{number}abc_",
        "t_group": group,
        "t_group_name": GROUPS[group],
        "probability": round(0.97 / (1 + 2 * number), 3),
        "hh_probability": 0.0,
        "dali_z": 12.0 - 3 * number,
        "templates": 2,
        "aligned": len(pairs),
        "template_length": len(part),
        "rmsd": round(float(rmsd), 2),
        "rmsd_dali": round(float(rmsd) + 3, 2),
        "transform": [round(float(x), 6) for x in (*rotation.ravel(), *shift)],
        "blocks": [[first, 1, 20], [first + 25, 26, len(part) - 25]],
    }
    letters = "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), len(part)))
    return entry, coordinates(stored) | {
        "sequence": letters,
        "states": ("HHHHHHHHHHHH---EEEEE" * len(part))[: len(part)],
    }


def protein(name: str, length: int, number: int, seed: int, pae: bool = True) -> dict[str, Any]:
    """Return the payload of a made-up protein with `number` domains."""
    rng = np.random.default_rng(seed)
    xyz, size = coil(rng, length) + np.array([10, 20, 30]), length // number
    owner = np.arange(length) // size
    same = np.where(owner[:, None] == owner, 0.95, 0.2)
    error = np.clip(np.where(owner[:, None] == owner, 3, 22) + rng.normal(0, 2, (length, length)), 0, 31)
    domains, templates = [], {}
    for n in range(number):
        first, last = n * size + 1, (n + 1) * size - 8
        found = [alternative(rng, xyz, first, last, k) for k in range(3)]
        templates |= {f"{k + 1:09d}": t for k, (_, t) in enumerate(found[:1])} if n == 0 else {}
        alternatives = [a if n == 0 and k == 0 else a | {"transform": None} for k, (a, _) in enumerate(found)]
        label = ["good_domain", "partial_domain", "low_confidence", "simple_topology"][n % 4]
        missed, p = label == "low_confidence", [0.97, 0.9, 0.31, 0.88][n % 4]
        domain: dict[str, object] = {
            "name": f"nD{n + 1}",
            "range": f"{first}-{last}",
            "segments": [[first, last]],
            "length": last - first + 1,
            "parts": f"nD{n + 1}",
            "author_range": f"{first + 100}-{last + 100}",
            "label": label,
            "assignment": "miss" if missed else "full",
            "clarity": None if missed else "good",
            "t_group": None if missed else "1.1.1",
            "t_group_name": None if missed else GROUPS["1.1.1"],
            "template": None if missed else "000000001",
            "template_id": None if missed else "d0abc_",
            "probability": p,
            "hh_probability": 0.0,
            "dali_z": 12.0,
            "template_coverage": None if missed else 0.8,
            "length_ratio": None if missed else 0.9,
            "helices": 5,
            "strands": 1,
            "plddt": 81.5,
            "dpam_range": f"{first}-{last + 3}",
            "evidence": "templates,pae",
            "source": None,
            "doubt": doubt(label, p, "good"),
            "alternatives": alternatives,
            "runner_up": None,
            "passed_over": [],
        }
        domain["reason"] = reason(domain, THRESHOLDS)
        domains.append(domain)
    cell = -(-length // 256)
    between = [[3.0 if a == b else 22.0 for b in range(number)] for a in range(number)]
    return {
        "id": name,
        "length": length,
        "sequence": "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), length)),
        "states": ("HHHHHHHHHHHHHHH---EEEEEE----" * length)[:length],
        "status": "ok",
        "notes": None,
        "author": {"chain": "B", "labels": [str(r + 100) for r in range(1, length + 1)]},
        "plddt": rng.integers(40, 99, length).tolist(),
        "disorder": [[length - 7, length]],
        "disorder_from": "PAE",
        "depth": rng.integers(0, 40, length).tolist(),
        "hh_suite": False,
        "evidence": [
            {
                "source": "dali",
                "template": "000000001",
                "template_id": "d0abc_",
                "t_group": "1.1.1",
                "t_group_name": GROUPS["1.1.1"],
                "value": 12.3,
                "segments": [[5, 60], [70, size]],
            }
        ],
        "model": coordinates(xyz),
        "pae": matrix(error[::cell, ::cell], [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 23, 26, 29, 31], cell)
        if pae
        else None,
        "same_domain": matrix(same[::cell, ::cell], [k / 20 for k in range(21)], cell),
        "between": {"pae": between if pae else None, "same_domain": between},
        "domains": domains,
        "templates": templates,
        "downloads": [{"name": "model.pml", "title": "PyMOL script", "text": "# made up\n"}],
    }


def without_relative(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a page whose first domain was found from its coordinates alone."""
    domain = payload["domains"][0]
    domain |= dict.fromkeys(("clarity", "t_group", "t_group_name", "template", "template_id", "probability"))
    domain |= dict.fromkeys(("hh_probability", "dali_z", "template_coverage", "length_ratio"))
    domain |= {"label": "low_confidence", "assignment": "miss", "evidence": "coordinates", "alternatives": []}
    domain |= {"doubt": doubt("low_confidence", None, None), "reason": reason(domain, THRESHOLDS)}
    return payload | {"notes": "no PAE", "evidence": [], "templates": {}}


def run(names: list[str], payloads: Iterable[dict[str, Any]] = ()) -> dict[str, object]:
    """Return a run's data with made-up rows; a protein with a payload has the domains of its page."""
    rng = np.random.default_rng(1)
    drawn = {payload["id"]: payload["domains"] for payload in payloads}
    rows: dict[str, list[object]] = {key: [] for key in ("id", "status", "step", "reason", "length", "plddt")}
    columns = ("row", "name", "range", "label", "t_group", "probability", "clarity", "doubt", "why")
    domains: dict[str, list[object]] = {key: [] for key in columns}
    reasons = {
        "rejected": ("PREPARE_PROTEINS", "the PAE is for {a} residues, the structure has {b}; give both of one model"),
        "failed": ("ALIGN_TEMPLATES", "the process was killed (137); give it more memory"),
        "no_domain": ("ASSIGN_DOMAINS", None),
        "ok": ("ASSIGN_DOMAINS", None),
    }
    for k, name in enumerate(names):
        status = (
            "ok" if k < 3 else str(rng.choice(["ok", "no_domain", "rejected", "failed"], p=[0.9, 0.05, 0.03, 0.02]))
        )
        step, text = reasons[status]
        text = text and text.format(a=rng.integers(90, 900), b=rng.integers(90, 900))
        at = 1 + int(rng.integers(0, 20))
        for domain in drawn.get(name, []):
            reasons_of = {"row": k, "why": short_reason(domain, THRESHOLDS)}
            for key in columns:
                domains[key].append((domain | reasons_of)[key])
            at = domain["segments"][-1][1]
        for n in range(int(rng.integers(1, 6)) if status == "ok" and name not in drawn else 0):
            size = int(rng.integers(50, 250))
            label = str(
                rng.choice(
                    ["good_domain", "partial_domain", "low_confidence", "simple_topology"], p=[0.8, 0.08, 0.09, 0.03]
                )
            )
            p, clarity = (
                round(float(min(1, 1.02 - rng.exponential(0.06))), 3),
                str(rng.choice(["good", "ok", "bad"], p=[0.9, 0.07, 0.03])),
            )
            group = f"{1 + int(rng.exponential(6)) % 39}.1.1"
            fields = {"label": label, "probability": p, "clarity": clarity, "t_group": group, "helices": 1}
            fields |= {"template_coverage": float(rng.uniform(0.6, 1)), "length_ratio": float(rng.uniform(0.6, 1.4))}
            values = (
                k,
                f"nD{n + 1}",
                f"{at}-{at + size - 1}",
                label,
                group,
                p,
                clarity,
                doubt(label, p, clarity),
                short_reason(fields, THRESHOLDS),
            )
            for key, value in zip(columns, values, strict=True):
                domains[key].append(value)
            at += size + int(rng.integers(0, 30))
        known = status in ("ok", "no_domain")
        for key, value in zip(
            rows,
            (
                name,
                status,
                step,
                text,
                at + 10 if known else None,
                round(float(rng.normal(80, 8)), 1) if known else None,
            ),
            strict=True,
        ):
            rows[key].append(value)
    return {
        "title": "domainflow domains",
        "workflow": "domains",
        "version": "0.0.0",
        "noun": ["protein", "proteins"],
        "statuses": STATUSES,
        "rows": rows,
        "columns": [],
        "domains": domains,
        "t_groups": GROUPS,
        "thresholds": THRESHOLDS,
        "sections": [
            {
                "title": "CPU by step",
                "note": "of all tasks",
                "place": "bottom",
                "kind": "bars",
                "data": {"unit": "s", "rows": [["ALIGN_TEMPLATES", 8100.0, "20 tasks"], ["SCORE_DOMAINS", 12.5, None]]},
            }
        ],
        "facts": [["parameters", "v2"], ["network", "c8067bc7eb6fc647…"]],
        "files": [{"path": "domains.tsv", "what": "domains, one a row"}],
        "headline": None,
    }


def other_run() -> dict[str, object]:
    """Return the data of a workflow that has rows and sections, but no domains."""
    rows = {
        "id": ["e1abcA1", "e2abcA1", "e3abcA1"],
        "status": ["ok", "ok", "rejected"],
        "step": ["CUT", "CUT", "CUT"],
        "reason": [None, None, "the chain has no residue 12"],
        "length": [120, 80, None],
    }
    bar = '<rect width="150" height="40" fill="#0072b2"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60">{bar}</svg>'
    sections = [
        {
            "title": "Lengths",
            "note": None,
            "place": "top",
            "kind": "bars",
            "data": {"unit": "templates", "rows": [["under 100", 1, None], ["100 to 199", 1, None]]},
        },
        {
            "title": "A picture",
            "note": "made up",
            "place": "top",
            "kind": "svg",
            "data": {"svg": picture, "alt": "a blue bar"},
        },
        {
            "title": "Statistics",
            "note": None,
            "place": "bottom",
            "kind": "table",
            "data": {
                "columns": [{"title": "T-group", "kind": "text"}, {"title": "mean", "kind": "number", "digits": 1}],
                "rows": [["1.1.1", 12.34], ["2.1.1", None]],
            },
        },
        {
            "title": "Remarks",
            "note": None,
            "place": "bottom",
            "kind": "text",
            "data": ["One paragraph.", "<b>no markup</b>"],
        },
    ]
    columns = [{"name": "t_group", "title": "T-group", "kind": "text", "values": ["1.1.1", "2.1.1", None]}]
    return {
        "title": "domainflow reference",
        "workflow": "reference",
        "version": "0.0.0",
        "noun": ["template", "templates"],
        "statuses": [STATUSES[0], *STATUSES[2:]],
        "rows": rows,
        "columns": columns,
        "domains": None,
        "t_groups": {},
        "thresholds": {},
        "sections": sections,
        "facts": [],
        "files": [],
        "headline": "Two of three templates were cut.",
    }


def write_codons(folder: Path) -> None:
    """Write the report of a codons run with more genes than the page holds."""
    ends = [
        gene_row(0, seq_id=name, status="rejected", codes="C005", reason="the sequence looks like protein, not DNA")
        for name in HOSTILE
    ]
    marked = gene_row(0, codes="C008,C023", reason="no start codon of the genetic code at the begin")
    rows = [*(gene_row(number) for number in range(10_500)), marked._replace(seq_id="edited"), *ends]
    write_report("codons", make_results(folder, rows), RECORD, ASSETS)


def main() -> None:
    """Write all pages."""
    folder = Path(sys.argv[1])
    payloads = [
        protein("P360", 360, 3, 1),
        protein("P2700", 2700, 12, 2),
        without_relative(protein("NOPAE", 150, 1, 3, pae=False)),
    ]
    pages = [(payload["id"], pack(payload)) for payload in payloads]
    names = [name for name, _ in pages]
    sets = {
        "one": (run(names[:1], payloads), pages[:1], 10**9),
        "twenty": (run(names + [f"Q{k:05d}" for k in range(17)], payloads), pages, 10**9),
        "beside": (run(names, payloads), pages, 1),
        "many": (run([f"Q{k:05d}" for k in range(10_000)]), [], 10**9),
        "hostile": (run(HOSTILE), [(name, pack(protein(name, 120, 1, 5))) for name in HOSTILE], 10**9),
        "other": (other_run(), [], 10**9),
    }
    for name, (data, own, embed) in sets.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        write_page(folder / name / "report.html", data, own, assets=ASSETS, embed=embed)
    write_codons(folder / "codons")
    (folder / "blank.html").write_text("<!doctype html><title>blank</title><body data-ready=1>\n")


if __name__ == "__main__":
    main()
