"""DPAM: find the domains of a protein and assign them to ECOD, in the order of its steps.

The steps are in `candidates` (4 to 6), `alignment_rounds` (7), `evidence` (8 to 10), `parsing` (12, 13), `domass`
(15, 16) and `assignment` (17 to 24). For one protein `parse_protein` runs steps 8 to 13 and 15 in order, and
`assign_protein` runs steps 17 to 24.
"""
