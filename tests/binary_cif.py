"""Make BinaryCIF files for tests."""

import io

from biotite.structure.io.pdbx import BinaryCIFBlock, BinaryCIFCategory, BinaryCIFFile, CIFFile

__all__ = ["binary_cif"]


def binary_cif(text: str) -> bytes:
    """Return an mmCIF text as BinaryCIF."""
    target = BinaryCIFFile()
    for title, block in CIFFile.read(io.StringIO(text)).items():
        target[title] = BinaryCIFBlock(
            {
                category: BinaryCIFCategory({item: column.as_array(str) for item, column in block[category].items()})
                for category in block
            }
        )
    stream = io.BytesIO()
    target.write(stream)
    return stream.getvalue()
