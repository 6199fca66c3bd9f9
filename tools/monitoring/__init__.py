"""The progress of a run, read from its folders alone: its record, Nextflow's trace and log, the tasks' own files."""
