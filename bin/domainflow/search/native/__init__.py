"""The embedded search: Smith-Waterman on 3Di letters and amino acids, of every protein with every template."""
