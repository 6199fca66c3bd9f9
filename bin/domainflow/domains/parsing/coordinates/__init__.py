"""Evidence from coordinates: which residues belong together where neither hits nor PAE speak."""
