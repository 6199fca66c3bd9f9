"""Read the bytes of a user's file; gzip is detected from the content.

Every fault of the file becomes an `InputError`.
"""

import errno
import gzip
import io
import zlib
from pathlib import Path

from domainflow.run.errors import InputError

__all__ = ["read_bytes"]

GZIP_MAGIC = b"\x1f\x8b"
OTHER_ARCHIVES = {b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
LARGEST = 2 * 1024**3
"""Bytes after decompression; PAE of the longest chain, as JSON with decimals, is a third of this."""


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, decompressed.

    Raises
    ------
    InputError
        If the file is missing, empty, not readable, damaged, compressed with another program, or too large.
    """
    name = path.name
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise InputError(f"{name} is a folder; give the path of a file") from None
    except FileNotFoundError:
        raise InputError(f"{name} does not exist; check its path") from None
    except PermissionError:
        raise InputError(f"{name} is not readable; change its permissions") from None
    except ValueError:
        raise InputError(f"{name} cannot be read from disk; check its path or copy it again") from None
    except OSError as error:
        # Any other error is the machine's fault, not the file's.
        if error.errno not in (errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP):
            raise
        raise InputError(f"{name} cannot be read from disk; check its path or copy it again") from None
    if content.startswith(GZIP_MAGIC):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(LARGEST + 1)
        except (OSError, EOFError, zlib.error):
            raise InputError(f"{name} is a damaged or incomplete gzip file; copy or download it again") from None
        if len(content) > LARGEST:
            raise InputError(f"{name} unpacks to more than {LARGEST // 1024**3} GB; give the file of a single protein")
    for magic, kind in OTHER_ARCHIVES.items():
        if content.startswith(magic):
            raise InputError(f"{name} is a {kind} archive; unpack it, or pack it with gzip")
    if not content.strip():
        raise InputError(f"{name} is empty; copy or download it again")
    return content
