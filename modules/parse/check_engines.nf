// Run the program of a chosen engine, so that a missing one ends the run before any work.
process CHECK_ENGINES {
    tag "${engine}"
    label 'light'
    // A resumed run asks again: tasks done with another version of a program must not be reused.
    cache false

    input:
    val engine
    // [ foldseek_evalue, foldseek_sensitivity ]
    val settings
    val fingerprint

    output:
    path "${engine}.engine.json", emit: records
    path "${engine}.version.txt", emit: versions

    script:
    """
    check_engines.py --engine ${engine} --evalue ${settings.foldseek_evalue} \\
        --sensitivity ${settings.foldseek_sensitivity}
    """

    stub:
    """
    echo '{}' > ${engine}.engine.json
    touch ${engine}.version.txt
    """
}
