// DPAM steps 17 to 24: domains joined, assigned to ECOD and labelled.
process ASSIGN_DOMAINS {
    tag "${bucket}"
    label 'light'
    // The network scores all buckets anew; a bucket whose scores are the same bytes is not done again.
    cache 'deep'

    input:
    tuple val(bucket), path(proteins), path(parsed), path(predictions)
    path reference
    // an empty list for a reference without
    path statistics
    val parameters
    // v2, or empty for none
    val compat
    // [ search_engine, alignment_engine, network ]: names that stand in the tables
    val names
    val fingerprint

    output:
    path "${bucket}.domains.tsv", emit: domains
    path "${bucket}.assign.dpam.zip", emit: dpam_files
    path "${bucket}.assign.ledger.tsv", emit: ledger

    script:
    def options = [statistics ? "--statistics ${statistics}" : '', compat ? "--compat ${compat}" : ''].join(' ')
    """
    assign_domains.py --proteins ${proteins} --parsed ${parsed} --predictions ${predictions} \\
        --reference ${reference} --parameters ${parameters} ${options} --search-engine ${names.search_engine} \\
        --alignment-engine ${names.alignment_engine} --network '${names.network}'
    """

    stub:
    """
    touch ${bucket}.domains.tsv ${bucket}.assign.dpam.zip ${bucket}.assign.ledger.tsv
    """
}
