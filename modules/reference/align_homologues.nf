// Align a bucket of a reference's templates with others of their homologous groups, for its statistics.
process ALIGN_HOMOLOGUES {
    tag "${bucket}"
    label 'align'
    cache 'deep'

    input:
    // From 0 to buckets - 1.
    val bucket
    val buckets
    path reference
    val fingerprint

    output:
    path "${bucket}.pairs.arrow", emit: pairs

    script:
    """
    ${task.ext.launcher} align_homologues.py --reference ${reference} --bucket ${bucket} --buckets ${buckets} \\
        ${task.ext.threads} --out ${bucket}.pairs.arrow
    """

    stub:
    """
    touch ${bucket}.pairs.arrow
    """
}
