"""Modules of tools/evaluate.py: known domains, their comparison with a run's results, the page."""
