"""Count codons of genes and genomes in batches, and compute codon-usage indices."""
