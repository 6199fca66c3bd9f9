// DPAM steps 17 to 24: join domains, assign them to ECOD and label them.
process ASSIGN_DOMAINS {
    tag "${bucket}"
    label 'light'
    // The network scores all buckets again. With 'deep', a bucket whose scores have the same bytes stays cached.
    cache 'deep'

    input:
    tuple val(bucket), path(proteins), path(parsed), path(predictions)
    path reference
    // an empty list for a reference without
    path statistics
    // [ parameters, structure_evidence, compat, save_intermediates ] and, for the tables, the names
    // [ search_engine, alignment_engine, network ]
    val settings
    val fingerprint

    output:
    path "${bucket}.domains.tsv", emit: domains
    // what else was considered, for the report
    path "${bucket}.choices.json", emit: choices
    path "${bucket}.assign.dpam.zip", optional: true, emit: dpam_files
    path "${bucket}.assign.ledger.tsv", emit: ledger

    script:
    def options = [
        statistics ? "--statistics ${statistics}" : '',
        settings.compat ? "--compat ${settings.compat}" : '',
        settings.save_intermediates ? '--save-intermediates' : '',
    ].join(' ')
    """
    assign_domains.py --proteins ${proteins} --parsed ${parsed} --predictions ${predictions} \\
        --reference ${reference} --parameters ${settings.parameters} \\
        --structure-evidence ${settings.structure_evidence} ${options} \\
        --search-engine ${settings.search_engine} --alignment-engine ${settings.alignment_engine} \\
        --network '${settings.network}' ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.domains.tsv ${bucket}.choices.json ${bucket}.assign.ledger.tsv
    """
}
