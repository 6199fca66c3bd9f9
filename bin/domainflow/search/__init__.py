"""Search proteins against all templates (DPAM step 3): the interface of an engine, the embedded engine and Foldseek."""
