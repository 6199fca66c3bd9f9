"""Divide a chain into folding units, the parts that DALI compares."""
