"""Read and write sequence profiles, and run HH-suite on them (DPAM step 2)."""
