"""Make a reference: templates from labelled structures, and their statistics."""
