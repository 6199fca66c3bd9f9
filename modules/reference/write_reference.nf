// Write the reference folder with reference.json, which describes its contents and sources.
process WRITE_REFERENCE {
    label 'light'
    label 'required'
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name -> name - 'reference/' }

    input:
    // Facts on the run, as JSON.
    stdin
    path templates
    path statistics
    path ledger
    // HH-suite database; may be empty.
    path hh
    // folder of the report's own files; an empty list for no report
    path assets, stageAs: 'report_assets'
    val outdir
    val fingerprint

    output:
    path 'reference/*', emit: files
    path 'reference/ledger.tsv', emit: ledger
    path 'reference/reference.json', emit: contents

    script:
    """
    mkdir reference
    cp -rL ${templates} ${statistics} ${ledger} ${hh} reference/
    write_reference.py --in-dir reference ${assets ? "--assets ${assets}" : ''}
    """

    stub:
    """
    mkdir reference
    touch reference/templates.arrow reference/statistics.arrow reference/ledger.tsv reference/reference.json
    """
}
