// Check that a saved phase is whole, and of the code, parameters and files of this run.
process CHECK_PHASE {
    label 'light'
    label 'required'

    input:
    // sizes of the phase's files, and what shapes the results of this run
    stdin
    path record
    path inputs
    // files of the reference, and others that the run reads
    path checksums, stageAs: 'reference/*'
    val fingerprint

    output:
    val true, emit: checked

    script:
    """
    check_phase.py --record ${record} --inputs ${inputs} --checksums reference/*
    """

    stub:
    """
    check_phase.py --record ${record} --inputs ${inputs} --checksums reference/*
    """
}
