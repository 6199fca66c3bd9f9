"""The network that judges assignments: what it sees, its weights, how it is trained and how good it is."""
