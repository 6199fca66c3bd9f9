// Import templates and statistics from DPAM's published data folder.
process IMPORT_DPAM {
    label 'build'

    input:
    path data
    val fingerprint

    output:
    path 'templates.arrow', emit: templates
    path 'statistics.arrow', emit: statistics
    path 'ledger.tsv', emit: ledger

    script:
    """
    ${task.ext.launcher} import_dpam.py --dpam-data ${data} ${task.ext.threads}
    """

    stub:
    """
    touch templates.arrow statistics.arrow ledger.tsv
    """
}
