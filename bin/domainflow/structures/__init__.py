"""Read protein structures and PAE, and derive secondary structure and 3Di letters from a chain.

DPAM steps 1 and 11.
"""
