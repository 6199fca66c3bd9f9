"""Join domains, assign them to ECOD and label them (DPAM steps 17 to 24)."""
