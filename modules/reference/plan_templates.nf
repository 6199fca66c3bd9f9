// Find the structure file of each domain of a table, and divide the domains into buckets; those of a file are together.
process PLAN_TEMPLATES {
    label 'light'

    input:
    path domains
    // Names of the existing structure files are passed by standard input.
    stdin
    // The PDB's obsolete.dat; may be empty.
    path obsolete, stageAs: 'obsolete/*'
    val buckets
    val fingerprint

    output:
    path 'buckets/*.domains.tsv', emit: buckets
    path 'planned.tsv', emit: planned

    script:
    def with_obsolete = obsolete ? "--obsolete ${obsolete}" : ''
    def with_buckets = buckets ? "--buckets ${buckets}" : ''
    """
    plan_templates.py --domains ${domains} ${with_obsolete} ${with_buckets}
    """

    stub:
    """
    mkdir buckets
    touch buckets/bucket-0000.domains.tsv planned.tsv
    """
}
