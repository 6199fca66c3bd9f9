"""Build a reference: cut templates out of labelled structures and derive their statistics."""
