"""What `tools/bench.py` measures: one module a benchmark, and what they share."""
