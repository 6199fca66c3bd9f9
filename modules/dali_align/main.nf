// DPAM step 7: each protein with its candidate templates, again and again without what was aligned before.
process DALI_ALIGN {
    tag "${bucket}"
    label 'align'
    cache 'deep'
    // Other alignment engines write thousands of small files.
    scratch true

    input:
    tuple val(bucket), path(proteins), path(candidates)
    path reference
    val settings
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.alignments.zip"), emit: alignments
    path "${bucket}.align.ledger.tsv", emit: ledger

    script:
    """
    align_templates.py --proteins ${proteins} --candidates ${candidates} --reference ${reference} \\
        --parameters ${settings.parameters} --engine ${settings.alignment_engine} \\
        --min-block ${settings.min_block} --threads ${task.cpus}
    """

    stub:
    """
    touch ${bucket}.alignments.zip ${bucket}.align.ledger.tsv
    """
}
