// Run the programs of the chosen engines, so that a missing one ends the run before any work.
process CHECK_ENGINES {
    label 'light'
    // A resumed run asks again: tasks done with another version of a program must not be reused.
    cache false

    input:
    // [ search_engine, foldseek_evalue, foldseek_sensitivity ]
    val settings
    val fingerprint

    output:
    path 'engines.json', emit: engines
    path 'versions.txt', emit: versions

    script:
    """
    check_engines.py --search-engine ${settings.search_engine} \\
        --evalue ${settings.foldseek_evalue} --sensitivity ${settings.foldseek_sensitivity}
    """

    stub:
    """
    echo '{}' > engines.json
    touch versions.txt
    """
}
