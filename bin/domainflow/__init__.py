"""DPAM (Domain Parser for AlphaFold Models), step-first: the library behind the executables in ``bin/``.

Pure functions on arrays and tables. Lengths are in Å, positions in residues. Positions are 1-based in files and tables
(as DPAM writes them) and 0-based in arrays.

A package imports only from packages above it in this list::

    kernels      compile fast loops, keep their machine code, superpose points
    run          errors, protein ids, ledger, provenance, the frame of a step: shared by all workflows
    structures   structure files, PAE, the protein, secondary structure, 3Di letters, residue ranges
    inputs       samplesheets, folders, archives, lists of paths: the proteins in them, and their files
    sequences    alignments, profiles and reports of HH-suite, and its programs
    templates    the template store, statistics, position weights, classification, templates to leave out
    search       search engines
    alignment    alignment engines, folding units
    domains      DPAM: candidates, evidence, parsing, the network DOMASS, assignment, results
    reference    build a reference of templates
    codons       codon usage: genes from files, counts, indices, comparison, pictures
    report       the report: what people look at, of all workflows

A step has one name: that of its process, its module file and its executable. These are the processes that a protein
passes, DPAM's steps in each, and the functions that do them::

    LIST_INPUTS         -   inputs.list_inputs.list_inputs
    PREPARE_PROTEINS    1   structures.prepare.prepare_input
    PREPARE_PROTEINS    11  structures.secondary_structure.elements
    SEARCH_PROFILES     2   sequences.search_profile.search_profile
    SEARCH_TEMPLATES    3   search.search_templates.search_templates
    SELECT_CANDIDATES   4   domains.candidates.depth_filter.filter_by_depth
    SELECT_CANDIDATES   5   domains.candidates.sequence_hits.map_sequence_hits
    SELECT_CANDIDATES   6   domains.candidates.select_candidates.select_candidates
    ALIGN_TEMPLATES     7   domains.alignment_rounds.align_templates
    PARSE_DOMAINS       -   domains.parse_protein.parse_protein
    PARSE_DOMAINS       8   domains.evidence.alignment_scores.score_alignments
    PARSE_DOMAINS       9   domains.evidence.support.sequence_support
    PARSE_DOMAINS       9   domains.evidence.support.structure_support
    PARSE_DOMAINS       10  domains.evidence.accepted.accept_structure_hits
    PARSE_DOMAINS       12  domains.parsing.disorder.disordered_residues
    PARSE_DOMAINS       13  domains.parsing.clustering.domains_by_clustering
    PARSE_DOMAINS       -   domains.parsing.coordinates.uncovered_domains.extend_domains
    PARSE_DOMAINS       15  domains.domass.features.domass_features
    SCORE_DOMAINS       16  domains.domass.network.score_domains
    ASSIGN_DOMAINS      -   domains.assign_protein.assign_protein
    ASSIGN_DOMAINS      17  domains.assignment.confident_hits.confident_hits
    ASSIGN_DOMAINS      18  domains.assignment.template_residues.map_confident_hits
    ASSIGN_DOMAINS      19  domains.assignment.merge_domains.candidate_pairs
    ASSIGN_DOMAINS      20  domains.dpam_files.steps_16_to_24.domain_models
    ASSIGN_DOMAINS      21  domains.assignment.merge_domains.judge_pairs
    ASSIGN_DOMAINS      22  domains.assignment.merge_domains.merge_domains
    ASSIGN_DOMAINS      23  domains.assignment.final_domains.assign_templates
    ASSIGN_DOMAINS      24  domains.assignment.final_domains.label_domains
    ASSIGN_DOMAINS      -   domains.parsing.coordinates.domain_ends.move_ends
    CHOOSE_PAGES        -   report.choose_pages.chosen_proteins
    DRAW_PROTEINS       25  report.draw_protein.draw_protein
    WRITE_RESULTS       -   domains.write_results.write_results

These are the processes of the workflow codons, in their order, and the functions that do them::

    PREPARE_GENES       codons.prepare_genes.prepare_genes
    COUNT_CODONS        codons.count_codons.count_batch
    MERGE_COUNTS        codons.merge_counts.merge_counts
    COMPUTE_INDICES     codons.compute_indices.gene_tables
    PLOT_CODON_USAGE    codons.plots.plot_codon_usage.plot_codon_usage
    WRITE_RESULTS       codons.write_results.write_all
    WRITE_CODONS_REPORT report.codons_run.codons_run

DPAM has no step 14. All of its numbers are in `domainflow.domains.parameters`.
"""

__version__ = "0.2.0"
