// Write the ledger of all proteins that a network is trained with.
process WRITE_TRAINING_LEDGER {
    label 'light'
    label 'required'
    publishDir "${outdir}", mode: 'copy', overwrite: true, pattern: 'ledger.tsv'

    input:
    // Ids and reasons are the user's text. They are passed by standard input, where no shell interprets them.
    stdin
    path parts, stageAs: 'parts/*'
    // tables of known domains: protein, range, h_group
    path labels, stageAs: 'labels/?/*'
    val outdir
    val fingerprint

    output:
    path 'ledger.tsv', emit: ledger
    path 'summary.txt', emit: summary

    script:
    """
    mkdir -p parts
    write_training_ledger.py --in-dir parts --labels labels/*/*
    """

    stub:
    """
    touch ledger.tsv
    echo 'stub run: no ledger' > summary.txt
    """
}
