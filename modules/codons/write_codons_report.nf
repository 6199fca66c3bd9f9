// Write the report of a codons run: what became of its genes, indices, codon usage, pictures.
process WRITE_CODONS_REPORT {
    label 'light'
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name -> name - 'codons/' }

    input:
    // ledger, tables and provenance.json
    path results, stageAs: 'codons/*'
    // the folder plots; an empty list if its task was lost
    path plots, stageAs: 'codons/*'
    // folder of the report's own files
    path assets, stageAs: 'report_assets'
    val outdir
    val fingerprint

    output:
    path 'codons/report.html', emit: report

    script:
    """
    write_codons_report.py --in-dir codons --assets ${assets}
    """

    stub:
    """
    touch codons/report.html
    """
}
