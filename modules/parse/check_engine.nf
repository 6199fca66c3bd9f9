// Run the program of an engine, so that a missing one ends the run before any work.
process CHECK_ENGINE {
    tag "${engine}"
    label 'light'
    label 'required'
    // A resumed run asks again: tasks done with another version of a program must not be reused.
    cache false

    input:
    // foldseek or dalilite
    val engine
    // [ foldseek_evalue, foldseek_sensitivity ]
    val settings
    val fingerprint

    output:
    tuple val(engine), path("${engine}.engine.json"), emit: record

    script:
    """
    check_engine.py --engine ${engine} \\
        --evalue ${settings.foldseek_evalue} --sensitivity ${settings.foldseek_sensitivity}
    """

    stub:
    """
    echo '{}' > ${engine}.engine.json
    """
}
