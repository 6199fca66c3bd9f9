"""Read the structures that DaliLite imports as templates: DPAM's published files, or the store's backbones."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from domainflow.alignment.dalilite.template_archive import SourceChain
from domainflow.reference.dpam_data import read_dpam_data
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore

__all__ = ["source_chains"]


def source_chains(store: TemplateStore, uids: Iterable[str], dpam_data: Path | None) -> Iterator[SourceChain]:
    """Yield the templates' chains, one after the other.

    Parameters
    ----------
    store : TemplateStore
    uids : iterable of str
        Ascending, all in the store.
    dpam_data : Path or None
        DPAM's data folder. Its files have side chains, and DaliLite's folding units depend on all atoms.
    """
    data = read_dpam_data(dpam_data) if dpam_data else None
    for uid in uids:
        row = store.row(uid)
        if data is None:
            pdb = "".join(f"{line}\n" for line in backbone_lines(store.sequences[row], store.backbone(row)))
        else:
            pdb = data.pdb(uid)
        yield SourceChain(uid, pdb, int(store.lengths[row]))
