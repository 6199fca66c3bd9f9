"""The report of a run: what people look at. It imports the workflows' packages; they do not import it."""
