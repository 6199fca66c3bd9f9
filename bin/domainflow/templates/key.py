"""A key of a set of templates: a checksum of their UIDs, residues and groups, independent of the file they are in."""

import hashlib

from domainflow.templates.store import TemplateStore

__all__ = ["template_key"]


def template_key(store: TemplateStore) -> str:
    """SHA-256, in hexadecimal, of all UIDs, sequences, T- and H-groups.

    Unlike the file's checksum it does not depend on the compression of the store. It changes with everything that the
    positions and homologous groups of statistics refer to.
    """
    digest = hashlib.sha256()
    for row, (uid, sequence) in enumerate(zip(store.uids, store.sequences, strict=True)):
        digest.update(f"{uid}\t{sequence}\t{store.t_group(row)}\t{store.h_group(row)}\n".encode())
    return digest.hexdigest()
