"""Parse a protein into domains: disorder, then pairs of residues, then clusters of them (DPAM steps 12 and 13)."""
