"""Folding units: the parts of a chain that DALI compares."""
