"""Serve every workflow: errors, protein ids, the ledger, provenance, and the frame of a step."""
