"""DPAM: find the domains of a protein and assign them to ECOD, in the order of its steps.

`candidates` (4 to 6), `alignment_rounds` (7), `evidence` (8 to 10), `parsing` (12, 13), `domass` (15, 16) and
`assignment` (17 to 24). `parse_protein` runs 8 to 13 and 15 of one protein in order, `assign_protein` 17 to 24.
"""
