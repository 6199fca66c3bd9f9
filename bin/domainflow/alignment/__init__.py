"""Align protein structures (the tool of DPAM step 7): the interface of an engine, and the embedded engine."""
