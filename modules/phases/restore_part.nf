// Check a file of a saved phase by its checksum, and unpack it.
process RESTORE_PART {
    tag "${part.simpleName}"
    label 'light'
    label 'required'

    input:
    path part
    path record
    // given once the phase has been checked
    val checked
    val fingerprint

    output:
    path 'files/*', emit: files

    script:
    """
    restore_part.py --part ${part} --record ${record}
    """

    stub:
    """
    restore_part.py --part ${part} --record ${record}
    """
}
