// DPAM steps 8 to 13: from alignments to domains.
process PARSE_DOMAINS {
    tag "${bucket}"
    label 'light'
    cache 'deep'

    input:
    tuple val(bucket), path(proteins), path(hits), path(candidates), path(alignments)
    path reference
    val parameters
    // Names of the engines stand in the tables.
    val search_engine
    val alignment_engine
    val fingerprint

    output:
    path "${bucket}.domains.tsv", emit: domains
    path "${bucket}.dpam.zip", emit: dpam_files
    path "${bucket}.parse.ledger.tsv", emit: ledger

    script:
    """
    parse_domains.py --proteins ${proteins} --hits ${hits} --candidates ${candidates} --alignments ${alignments} \\
        --reference ${reference} --parameters ${parameters} \\
        --search-engine ${search_engine} --alignment-engine ${alignment_engine}
    """

    stub:
    """
    touch ${bucket}.domains.tsv ${bucket}.dpam.zip ${bucket}.parse.ledger.tsv
    """
}
