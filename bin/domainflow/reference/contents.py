"""Contents of a reference folder: numbers of its entries and checksums of its files, for ``reference.json``."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domainflow.reference.ledger import read_reference_ledger
from domainflow.run.provenance import provenance
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

__all__ = ["reference_record"]

FILES = ("templates.arrow", "statistics.arrow", "ledger.tsv")


def reference_record(run: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the facts of the run, with counts of the domains, templates and statistics in a reference folder."""
    store = TemplateStore.open(folder)
    statistics = ReferenceStatistics.open(folder / "statistics.arrow", store)
    uids = store.uids
    rows = range(len(store))
    counts = {
        "domains": dict(sorted(Counter(row.status for row in read_reference_ledger(folder / "ledger.tsv")).items())),
        "templates": len(store),
        "residues": int(store.lengths.sum()),
        "t_groups": len({store.t_group(row) for row in rows}),
        "h_groups": len({store.h_group(row) for row in rows}),
        "with_self_z": sum(statistics.self_z(uid) is not None for uid in uids),
        "with_weights": sum(statistics.weights(uid) is not None for uid in uids),
        "with_homologues": sum(statistics.family(uid) is not None for uid in uids),
    }
    databases = sorted((folder / "hh").glob("*.ff*"))
    record = provenance(run, [*(folder / name for name in FILES), *databases])
    return {"counts": counts, **record}
