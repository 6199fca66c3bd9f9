"""Hold the templates of a reference that proteins are compared with, their groups and their statistics."""
