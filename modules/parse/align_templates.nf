// DPAM step 7: align each protein with its candidate templates in rounds, each without the residues aligned before.
process ALIGN_TEMPLATES {
    tag "${bucket}"
    label 'align'
    // a row of the table has some 17 bytes
    ext archive_bytes: { proteins.size() }, pairs: { candidates.size().intdiv(17) }
    // The search writes all buckets again. With 'deep', a bucket whose candidates have the same bytes stays cached.
    cache 'deep'

    input:
    tuple val(bucket), path(proteins), path(candidates)
    path reference
    // the templates as DaliLite reads them, or an empty list
    path imported
    // [ parameters, alignment_engine, min_block ]
    val settings
    // of DaliLite, or an empty text
    val version
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.alignments.zip"), emit: alignments
    path "${bucket}.align.ledger.tsv", emit: ledger
    path "${bucket}.align.cpus.json", optional: true, emit: cpus

    script:
    def templates = imported ? "--dali ${imported}" : ''
    """
    ${task.ext.launcher} align_templates.py --proteins ${proteins} --candidates ${candidates} \\
        --reference ${reference} --parameters ${settings.parameters} --engine ${settings.alignment_engine} \\
        --min-block ${settings.min_block} ${templates} \\
        ${task.ext.threads} ${task.ext.on_node} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.alignments.zip ${bucket}.align.ledger.tsv
    """
}
