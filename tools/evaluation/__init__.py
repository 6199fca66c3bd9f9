"""What tools/evaluate.py is made of: known domains, their comparison with a run's results, the page."""
