// DPAM steps 8 to 13 and 15: from alignments to domains, and what the network is to judge of each.
process PARSE_DOMAINS {
    tag "${bucket}"
    label 'light'
    cache 'deep'

    input:
    tuple val(bucket), path(proteins), path(hits), path(related), path(filtered), path(mappings), path(candidates), path(alignments)
    path reference
    // an empty list for a reference without
    path statistics
    val parameters
    val leave_out
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.parsed.tsv"), emit: parsed
    tuple val(bucket), path("${bucket}.features.tsv"), emit: features
    path "${bucket}.dpam.zip", emit: dpam_files
    path "${bucket}.parse.ledger.tsv", emit: ledger

    script:
    def option = statistics ? "--statistics ${statistics}" : ''
    """
    parse_domains.py --proteins ${proteins} --hits ${hits} --related ${related} --filtered ${filtered} \\
        --mappings ${mappings} --candidates ${candidates} --alignments ${alignments} --reference ${reference} ${option} \\
        --parameters ${parameters} --leave-out ${leave_out}
    """

    stub:
    """
    touch ${bucket}.parsed.tsv ${bucket}.features.tsv ${bucket}.dpam.zip ${bucket}.parse.ledger.tsv
    """
}
