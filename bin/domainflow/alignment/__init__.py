"""Align protein structures (the tool of DPAM step 7): what an engine is, which there are, and the embedded one."""
