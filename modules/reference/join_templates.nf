// Join the templates of all buckets in one store, and write a ledger with every domain of the table.
process JOIN_TEMPLATES {
    label 'light'
    label 'required'

    input:
    path planned
    path parts, stageAs: 'parts/*'
    val fingerprint

    output:
    path 'templates.arrow', emit: templates
    path 'ledger.tsv', emit: ledger

    script:
    """
    join_templates.py --planned ${planned} --in-dir parts
    """

    stub:
    """
    touch templates.arrow ledger.tsv
    """
}
