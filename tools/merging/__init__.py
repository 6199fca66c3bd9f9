"""Many runs of one collection: its list of inputs split into shards, and the results of the runs joined again."""
