"""Hold what proteins are compared with: the templates of a reference, their groups and their statistics."""
