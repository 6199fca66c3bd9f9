"""DaliLite v5, the program that DPAM is published with, as an alignment engine.

`programs` finds and runs its programs. `chain_import` makes DaliLite's ``.dat`` file of one chain, `template_archive`
keeps those of a reference in one file, and `candidates` puts a task's templates on the node. `comparison` aligns one
query with many templates in one call, `result_file` reads the answer, and `engine` puts these together.

DaliLite ends with status 0 after most failures and reports fewer alignments. Every call is therefore checked before and
after; a call with any sign of a failure is repeated in halves.
"""
