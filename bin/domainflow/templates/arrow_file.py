"""Open an Arrow IPC file of the reference, and read its columns one at a time; a defect raises `StoreError`."""

from pathlib import Path

import pyarrow as pa

from domainflow.run.errors import StoreError

__all__ = ["ArrowFile"]


class ArrowFile:
    """A memory-mapped Arrow IPC file.

    Parameters
    ----------
    path : Path
    contents : str
        Name of the file's contents in error messages, such as ``templates``.
    remedy : str
        Advice in error messages: the way to make the file again.

    Attributes
    ----------
    path : Path
    schema : pyarrow.Schema
    metadata : dict of str to str
    batches : int
        Number of record batches.

    Raises
    ------
    StoreError
        If the file is missing, cannot be read or is not an Arrow file.
    """

    def __init__(self, path: Path, contents: str, remedy: str) -> None:
        self.path = path
        self._remedy = remedy
        try:
            self._source = pa.memory_map(str(path))
        except FileNotFoundError:
            place = "/".join(path.parts[-2:])
            raise StoreError(f"{place}, the file of {contents}, does not exist; check its path") from None
        except (OSError, pa.ArrowException):
            raise StoreError(f"{path.name}, the file of {contents}, cannot be read; check its permissions") from None
        try:
            reader = pa.ipc.open_file(self._source)
            self.schema, self.batches = reader.schema, reader.num_record_batches
        except (OSError, pa.ArrowException):
            raise StoreError(f"{path.name} holds no {contents}, or is damaged; {remedy}") from None
        self.metadata = {key.decode(): value.decode() for key, value in (self.schema.metadata or {}).items()}

    def column(self, name: str) -> pa.Array:
        """Read one column of the only record batch.

        Raises
        ------
        StoreError
            If the file is damaged.
        """
        options = pa.ipc.IpcReadOptions(included_fields=[self.schema.get_field_index(name)])
        try:
            return pa.ipc.open_file(self._source, options=options).get_batch(0).column(0)
        except (OSError, pa.ArrowException):
            raise StoreError(f"{self.path.name} is damaged or incomplete; copy it again or {self._remedy}") from None
