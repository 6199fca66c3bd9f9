// Write the report of a training: its proteins, and how good the network is.
process WRITE_TRAINING_REPORT {
    label 'light'
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name -> name - 'training/' }

    input:
    // Facts on the run, as JSON.
    stdin
    path ledger
    path network
    path report
    path plot
    // folder of the report's own files
    path assets, stageAs: 'report_assets'
    val outdir
    val fingerprint

    output:
    path 'training/report.html', emit: report

    script:
    """
    mkdir training
    cp -L ${ledger} ${network} ${report} ${plot} training/
    write_training_report.py --in-dir training --assets ${assets}
    """

    stub:
    """
    mkdir training
    touch training/report.html
    """
}
