// Write the templates' profiles as an HH-suite database.
process BUILD_HH_DATABASE {
    label 'light'

    input:
    path templates
    // profiles of templates; if the list is empty, their sequences alone are used
    path profiles, stageAs: 'profiles/*'
    val fingerprint

    output:
    path 'hh', emit: database

    script:
    def ready = profiles ? "--profiles ${profiles}" : ''
    """
    build_hh_database.py --reference ${templates} ${ready} --out-dir hh
    """

    stub:
    """
    mkdir hh
    for part in hhm a3m cs219; do
        touch hh/templates_\$part.ffdata hh/templates_\$part.ffindex
    done
    touch hh/profiles.tsv
    """
}
