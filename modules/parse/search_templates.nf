// DPAM step 3: search all proteins against all templates in one process, so that the templates are loaded once.
process SEARCH_TEMPLATES {
    label 'search'

    input:
    path archives, stageAs: 'proteins/*'
    path reference
    // files of Foldseek's database of the templates; an empty list for the embedded engine
    path database, stageAs: 'foldseek/*'
    // [ search_engine, leave_out ] and, for Foldseek, [ foldseek_evalue, foldseek_sensitivity ]
    val settings
    // of the engine's program
    val version
    val fingerprint

    output:
    path 'hits/*.hits.tsv', emit: hits
    path 'hits/*.left_out.tsv', emit: left_out
    path 'search.ledger.tsv', emit: ledger
    path 'search.cpus.json', optional: true, emit: cpus

    script:
    def foldseek = settings.search_engine == 'foldseek'
        ? "--database foldseek --evalue ${settings.foldseek_evalue} --sensitivity ${settings.foldseek_sensitivity}"
        : ''
    """
    ${task.ext.launcher} search_templates.py --in-dir proteins --reference ${reference} \\
        --engine ${settings.search_engine} ${foldseek} --leave-out ${settings.leave_out} \\
        ${task.ext.threads} ${task.ext.scratch} ${task.ext.isolate}
    """

    stub:
    """
    mkdir hits
    for archive in proteins/*.proteins.zip; do
        name=\$(basename "\$archive" .proteins.zip)
        touch "hits/\$name.hits.tsv" "hits/\$name.left_out.tsv"
    done
    touch search.ledger.tsv
    """
}
