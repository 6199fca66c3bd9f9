"""Search proteins against all templates (DPAM step 3): what an engine is, which there are, and the embedded one."""
