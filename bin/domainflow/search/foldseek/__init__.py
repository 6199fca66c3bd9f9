"""Search with Foldseek (van Kempen et al., *Nature Biotechnology* 2024, 42:243-246): all proteins in one process."""
