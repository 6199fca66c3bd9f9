// DPAM step 7: align each protein with its candidate templates in rounds, each without the residues aligned before.
process ALIGN_TEMPLATES {
    tag "${bucket}"
    label 'align'
    // The search writes all buckets again. With 'deep', a bucket whose candidates have the same bytes stays cached.
    cache 'deep'
    // An external alignment program may write thousands of small files.
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
