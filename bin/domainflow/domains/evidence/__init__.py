"""Rate alignments and choose those that count as evidence for domains (DPAM steps 8 to 10)."""
