"""Read the data blocks of BinaryCIF with Biotite.

The sizes that the file claims are checked first, so that a few damaged bytes do not ask for all memory.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import gemmi
import msgpack
import numpy as np

from domainflow.run.errors import InputError
from domainflow.structures.formats.mmcif import CATEGORIES, Block

__all__ = ["binary_cif_blocks", "binary_cif_document"]

MOST_ROWS = 5_000_000
"""Largest number of rows of a table that is read; the largest structures of the PDB have about as many atoms."""
_SIZES = ("rowCount", "srcSize", "size", "length")
Result = TypeVar("Result")


def binary_cif_blocks(content: bytes, name: str) -> dict[str, Block]:
    """Return the data blocks of a BinaryCIF file by name, `CATEGORIES` alone.

    Raises
    ------
    InputError
        If the file is damaged or claims more than `MOST_ROWS` rows.
    """
    return _from_blocks(
        content,
        name,
        lambda blocks: {
            f"{number}:{title}": {
                category: _columns(block[category], items) if category in block else {}
                for category, items in CATEGORIES.items()
            }
            for number, (title, block) in enumerate(blocks.items())
        },
    )


def binary_cif_document(content: bytes, name: str) -> gemmi.cif.Document:
    """Return a BinaryCIF file as mmCIF, with all that it holds.

    Raises
    ------
    InputError
        As `binary_cif_blocks`.
    """
    return _from_blocks(content, name, _document)


def _from_blocks(content: bytes, name: str, made: Callable[[Any], Result]) -> Result:
    """Return what is made of the blocks that Biotite reads."""
    from biotite.structure.io.pdbx import BinaryCIFFile  # slow to import, and seldom needed

    damaged = InputError(f"{name} is a damaged BinaryCIF file; copy or download it again")
    # A damaged file makes the library raise many kinds of exception. None of them can have another cause than the file.
    try:
        document = msgpack.unpackb(content, use_list=True, raw=False)
        if any(size > MOST_ROWS for size in _claimed_sizes(document)):
            raise damaged
        return made(BinaryCIFFile.deserialize(document))
    except (InputError, MemoryError):
        raise
    except Exception:
        raise damaged from None


def _document(blocks: Any) -> gemmi.cif.Document:
    document = gemmi.cif.Document()
    for title, block in blocks.items():
        target = document.add_new_block(title)
        for category in block:
            columns = _columns(block[category], tuple(block[category]))
            loop = target.init_loop(f"_{category}.", list(columns))
            loop.set_all_values([[gemmi.cif.quote(text) if text else "?" for text in c] for c in columns.values()])
    return document


def _columns(category: Any, items: tuple[str, ...]) -> dict[str, list[str]]:
    return {item: _texts(category[item]) for item in items if item in category}


def _texts(column: Any) -> list[str]:
    """Return the values of a column as text; missing values are empty."""
    values = column.as_array()
    if values.dtype.kind == "f":
        # 32-bit numbers have no more than seven digits that mean anything
        texts = [np.format_float_positional(value, trim="-") for value in values]
    else:
        texts = [str(value) for value in values]
    if column.mask is not None:
        missing = column.mask.array != 0
        texts = ["" if absent else text for text, absent in zip(texts, missing, strict=True)]
    return ["" if text in (".", "?") else text for text in texts]


def _claimed_sizes(node: Any) -> Iterator[int]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _SIZES and isinstance(value, int | float):
                yield int(value)
            yield from _claimed_sizes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _claimed_sizes(value)
