// DPAM steps 8 to 13 and 15: parse proteins into domains, and compute the network's inputs.
process PARSE_DOMAINS {
    tag "${bucket}"
    label 'light'
    ext archive_bytes: { proteins.size() }
    cache 'deep'

    input:
    tuple val(bucket),
        path(proteins),
        path(hits),
        path(left_out),
        path(filtered),
        path(mappings),
        path(candidates),
        path(alignments)
    path reference
    // an empty list for a reference without
    path statistics
    // [ parameters, structure_evidence, leave_out, save_intermediates ]
    val settings
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.parsed.tsv"), emit: parsed
    tuple val(bucket), path("${bucket}.features.tsv"), emit: features
    // for the report
    path "${bucket}.evidence.zip", emit: evidence
    path "${bucket}.parse.dpam.zip", optional: true, emit: dpam_files
    path "${bucket}.parse.ledger.tsv", emit: ledger

    script:
    def options = [
        statistics ? "--statistics ${statistics}" : '',
        settings.save_intermediates ? '--save-intermediates' : '',
    ].join(' ')
    """
    parse_domains.py --proteins ${proteins} --hits ${hits} --left-out ${left_out} --filtered ${filtered} \\
        --mappings ${mappings} --candidates ${candidates} --alignments ${alignments} --reference ${reference} \\
        --parameters ${settings.parameters} --structure-evidence ${settings.structure_evidence} \\
        --leave-out ${settings.leave_out} ${options} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.parsed.tsv ${bucket}.features.tsv ${bucket}.evidence.zip ${bucket}.parse.ledger.tsv
    """
}
