// Write the record of a finished phase, the inputs of its run, and the ledger so far.
process WRITE_PHASE {
    label 'light'
    label 'required'
    publishDir "${folder}", mode: 'copy', overwrite: true, saveAs: { name ->
        name == 'phase/summary.txt' ? null : name - 'phase/'
    }

    input:
    // Ids and reasons are the user's text. They are passed by standard input, where no shell interprets them.
    stdin
    path parts, stageAs: 'parts/*'
    // files of the reference, and others that the run reads
    path checksums, stageAs: 'reference/*'
    val folder
    val fingerprint

    output:
    path 'phase/phase.json', emit: record
    path 'phase/inputs.json', emit: inputs
    path 'phase/ledger.tsv', emit: ledger
    path 'phase/summary.txt', emit: summary

    script:
    """
    write_phase.py --in-dir parts --checksums reference/*
    """

    stub:
    """
    write_phase.py --in-dir parts --checksums reference/*
    """
}
