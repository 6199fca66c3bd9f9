// DPAM step 2: a bucket's proteins against an HH-suite database of templates or of PDB chains.
process HHSUITE_SEARCH {
    tag "${bucket}"
    label 'search'
    // a bucket's searches of UniRef30 take minutes a protein
    label 'long'

    input:
    tuple val(bucket), path(proteins)
    path database, stageAs: 'database/*'
    // files of UniRef30, or an empty list
    path uniref, stageAs: 'uniref/*'
    // ready profiles of queries, or an empty list
    path profiles, stageAs: 'profiles/*'
    val skip_addss
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.hhr.zip"), emit: reports
    path "${bucket}.hhsuite.ledger.tsv", emit: ledger

    script:
    def relatives = uniref ? '--uniref uniref' : ''
    def prediction = skip_addss ? '--skip-addss' : ''
    def ready = profiles ? "--profiles ${profiles}" : ''
    """
    search_profiles.py --proteins ${proteins} --hh-database database ${relatives} ${prediction} ${ready} \\
        --threads ${task.cpus}
    """

    stub:
    """
    touch ${bucket}.hhr.zip ${bucket}.hhsuite.ledger.tsv
    """
}
