"""Read protein structures and PAE, and derive what a chain says of itself: secondary structure and 3Di letters.

DPAM steps 1 and 11.
"""
