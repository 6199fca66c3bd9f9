// Compute the statistics of a reference: z of its templates against themselves, position weights, homologues and
// typical lengths of T-groups.
process DERIVE_STATISTICS {
    label 'light'
    cache 'deep'

    input:
    // Pairs of all buckets. If the list is empty, there are only imported weights.
    path pairs, stageAs: 'pairs/*'
    path reference
    // Statistics imported with the templates, or an empty list.
    path imported, stageAs: 'imported/*'
    val fingerprint

    output:
    path 'statistics.arrow', emit: statistics

    script:
    def with_pairs = pairs ? '--pairs pairs' : ''
    def with_imported = imported ? "--imported ${imported}" : ''
    """
    derive_statistics.py --reference ${reference} ${with_pairs} ${with_imported} --out statistics.arrow
    """

    stub:
    """
    touch statistics.arrow
    """
}
