// The reference folder, with a record of what it holds and what it was made of.
process PUBLISH_REFERENCE {
    label 'last'
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name -> name - 'reference/' }

    input:
    // The run's record.
    stdin
    path templates
    path statistics
    path ledger
    // HH-suite database; may be empty.
    path hh
    val outdir
    val fingerprint

    output:
    path 'reference/*', emit: files
    path 'reference/ledger.tsv', emit: ledger
    path 'reference/reference.json', emit: record

    script:
    """
    mkdir reference
    cp -rL ${templates} ${statistics} ${ledger} ${hh} reference/
    finish_reference.py --in-dir reference
    """

    stub:
    """
    mkdir reference
    touch reference/templates.arrow reference/statistics.arrow reference/ledger.tsv reference/reference.json
    """
}
