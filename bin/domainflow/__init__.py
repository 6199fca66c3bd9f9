"""DPAM (Domain Parser for AlphaFold Models), step-first: the library behind the executables in ``bin/``.

Pure functions on arrays and tables; files are touched in ``io``, search and alignment programs in ``engines``.
Units are Å for lengths and residues for positions. Positions are 1-based in files and tables (as DPAM writes them)
and 0-based in arrays.
"""

from pathlib import Path

from domainflow.kernel_cache import discard_stale_kernels, make_kernels_usable

__version__ = "0.1.0"

discard_stale_kernels(Path(__file__).parent)
make_kernels_usable(Path(__file__).parent)
