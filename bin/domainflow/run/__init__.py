"""What every workflow shares: errors, protein ids, the ledger, provenance, and the frame of a step."""
