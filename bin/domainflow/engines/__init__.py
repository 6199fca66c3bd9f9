"""Programs that search and align, each one module with one function; nothing else knows which one runs.

To add one, write the module and name its function in `search` or `alignment`: the signatures stand there.
"""
