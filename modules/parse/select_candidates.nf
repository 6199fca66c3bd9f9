// DPAM steps 4 to 6: which templates are worth aligning.
process SELECT_CANDIDATES {
    tag "${bucket}"
    label 'light'
    // The search writes all buckets' hits anew; a bucket whose hits are the same bytes is not done again.
    cache 'deep'

    input:
    // reports: of HH-suite, or an empty list
    tuple val(bucket), path(proteins), path(hits), path(left_out), path(reports)
    path reference
    val parameters
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.filtered.tsv"), path("${bucket}.mappings.tsv"), emit: hits
    tuple val(bucket), path("${bucket}.candidates.tsv"), emit: candidates
    path "${bucket}.select.ledger.tsv", emit: ledger

    script:
    def option = reports ? "--reports ${reports}" : ''
    """
    select_candidates.py --proteins ${proteins} --hits ${hits} --left-out ${left_out} ${option} \\
        --reference ${reference} --parameters ${parameters}
    """

    stub:
    """
    touch ${bucket}.filtered.tsv ${bucket}.mappings.tsv ${bucket}.candidates.tsv ${bucket}.select.ledger.tsv
    """
}
