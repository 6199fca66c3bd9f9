"""Find the proteins that ``--input`` names: in a samplesheet, folder, archive, list of paths, or a single file."""
