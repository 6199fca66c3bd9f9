// DPAM steps 4 to 6: which templates are worth aligning.
process SELECT_CANDIDATES {
    tag "${bucket}"
    label 'light'
    // The search writes all buckets' hits anew; a bucket whose hits are the same bytes is not done again.
    cache 'deep'

    input:
    tuple val(bucket), path(proteins), path(hits)
    val parameters
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.candidates.tsv"), emit: candidates
    path "${bucket}.select.ledger.tsv", emit: ledger

    script:
    """
    select_candidates.py --proteins ${proteins} --hits ${hits} --parameters ${parameters}
    """

    stub:
    """
    touch ${bucket}.candidates.tsv ${bucket}.select.ledger.tsv
    """
}
