"""Files, folders and formats: the only place that reads and writes them."""
