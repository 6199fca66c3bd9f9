"""Read the atoms of each format of structure files into one table."""
