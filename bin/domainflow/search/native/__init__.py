"""Search every protein against every template by Smith-Waterman on 3Di letters and amino acids: the embedded engine."""
