"""Compile fast loops, keep their machine code, and superpose points, as search and alignment both do."""
