"""Costs of each process by task, protein and residue: measured on real runs, and estimated for others."""
