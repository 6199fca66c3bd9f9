"""Draw codon usage: each picture as PNG and SVG, with the table behind it."""
