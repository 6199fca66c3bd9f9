// Cut a bucket of templates out of their structures: backbone, secondary structure, 3Di letters, folding units.
process CUT_TEMPLATES {
    tag "${bucket}"
    label 'light'

    input:
    tuple val(bucket), path(structures, stageAs: 'structures/*')
    // The bucket's rows are passed by standard input, so that its result depends on them and not on the whole table.
    stdin
    val fingerprint

    output:
    path "${bucket}.templates.arrow", optional: true, emit: templates
    path "${bucket}.ledger.tsv", emit: ledger

    script:
    """
    ${task.ext.launcher} cut_templates.py --bucket ${bucket} --structures structures \\
        ${task.ext.threads} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.templates.arrow ${bucket}.ledger.tsv
    """
}
