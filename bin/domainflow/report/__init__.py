"""The report: one HTML file of a run that opens from disk, and files for other programs."""
