"""The measurements of `tools/bench.py`: one module per benchmark, and shared modules."""
