// DPAM steps 4 to 6: choose the templates worth aligning.
process SELECT_CANDIDATES {
    tag "${bucket}"
    label 'light'
    // The search writes the hits of all buckets again. With 'deep', a bucket with the same bytes stays cached.
    cache 'deep'

    input:
    // reports: reports of HH-suite, or an empty list
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
        --reference ${reference} --parameters ${parameters} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.filtered.tsv ${bucket}.mappings.tsv ${bucket}.candidates.tsv ${bucket}.select.ledger.tsv
    """
}
