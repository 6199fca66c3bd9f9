// DPAM step 3: search all proteins against all templates in one process, so that the templates are loaded once.
process SEARCH_TEMPLATES {
    label 'search'

    input:
    path archives, stageAs: 'proteins/*'
    path reference
    val engine
    val leave_out
    val fingerprint

    output:
    path 'hits/*.hits.tsv', emit: hits
    path 'hits/*.left_out.tsv', emit: left_out
    path 'search.ledger.tsv', emit: ledger

    script:
    """
    search_templates.py --in-dir proteins --reference ${reference} --engine ${engine} \\
        --leave-out ${leave_out} --threads ${task.cpus}
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
