// DPAM step 7: each protein with its candidate templates, again and again without what was aligned before.
process ALIGN_TEMPLATES {
    tag "${bucket}"
    label 'align'
    // The search writes all buckets anew; a bucket whose candidates are the same bytes is not aligned again.
    cache 'deep'
    // An alignment program from outside may write thousands of small files.
    scratch true

    input:
    tuple val(bucket), path(proteins), path(candidates)
    path reference
    val parameters
    val engine
    val min_block
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.alignments.zip"), emit: alignments
    path "${bucket}.align.ledger.tsv", emit: ledger

    script:
    """
    align_templates.py --proteins ${proteins} --candidates ${candidates} --reference ${reference} \\
        --parameters ${parameters} --engine ${engine} --min-block ${min_block} --threads ${task.cpus}
    """

    stub:
    """
    touch ${bucket}.alignments.zip ${bucket}.align.ledger.tsv
    """
}
