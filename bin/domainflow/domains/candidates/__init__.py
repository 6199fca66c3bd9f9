"""Choose the templates worth aligning (DPAM steps 4 to 6)."""
