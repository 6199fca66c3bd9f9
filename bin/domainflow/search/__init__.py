"""Parts of the structure search: scores, Smith-Waterman kernels, superposition and e-values."""
