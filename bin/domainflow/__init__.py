"""DPAM (Domain Parser for AlphaFold Models), step-first: the library behind the executables in ``bin/``.

Pure functions on arrays and tables; files are touched in ``io``, search and alignment programs in ``engines``.
Units are Å for lengths and residues for positions. Positions are 1-based in files and tables (as DPAM writes them)
and 0-based in arrays.
"""

__version__ = "0.1.0"
