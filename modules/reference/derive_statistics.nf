// The statistics of a reference: z of its templates against themselves, position weights, homologues, T-group lengths.
process DERIVE_STATISTICS {
    label 'light'
    cache 'deep'

    input:
    // Of all buckets; none: no weights but those imported.
    path pairs, stageAs: 'pairs/*'
    path reference
    // Statistics that come with the templates; may be empty.
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
