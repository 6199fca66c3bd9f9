// DPAM step 25: draw a bucket's chosen proteins for the report, with their templates superposed.
process DRAW_PROTEINS {
    tag "${bucket}"
    label 'light'
    ext archive_bytes: { proteins.size() }
    // With 'deep', the pages of a bucket whose domains have the same bytes stay cached.
    cache 'deep'

    input:
    tuple val(bucket),
        path(proteins),
        path(evidence),
        path(alignments),
        path(predictions),
        path(domains),
        path(choices),
        path(chosen)
    path reference
    // [ parameters, save_superpositions, hh_suite ]
    val settings
    val fingerprint

    output:
    path "${bucket}.pages.zip", emit: pages

    script:
    def options = [
        settings.hh_suite ? '--hh-suite' : '',
        settings.save_superpositions ? '--save-superpositions' : '',
    ].join(' ')
    """
    draw_proteins.py --proteins ${proteins} --evidence ${evidence} --alignments ${alignments} \\
        --predictions ${predictions} --domains ${domains} --choices ${choices} --reference ${reference} \\
        --chosen ${chosen} --parameters ${settings.parameters} ${options} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.pages.zip
    """
}
