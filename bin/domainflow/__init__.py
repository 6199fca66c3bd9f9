"""DPAM (Domain Parser for AlphaFold Models), step-first: the library behind the executables in ``bin/``.

Pure functions on arrays and tables. Lengths are in Å, positions in residues. Positions are 1-based in files and tables
(as DPAM writes them) and 0-based in arrays.
"""

__version__ = "0.1.0"
