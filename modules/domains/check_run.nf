// Open the files that the last steps need, so that a wrong file ends the run before hours of computation.
process CHECK_RUN {
    label 'light'

    input:
    path reference
    // an empty list for a reference without
    path statistics
    path network
    val engine
    val fingerprint

    script:
    def option = statistics ? "--statistics ${statistics}" : ''
    """
    check_run.py --reference ${reference} ${option} --network ${network} --engine ${engine}
    """

    stub:
    """
    true
    """
}
