// DPAM step 2: search a bucket's proteins against an HH-suite database of templates or of PDB chains.
process SEARCH_PROFILES {
    tag "${bucket}"
    label 'profiles'

    input:
    tuple val(bucket), path(proteins)
    path database, stageAs: 'database/*'
    // files of UniRef30, or an empty list
    path uniref, stageAs: 'uniref/*'
    // given profiles of queries, or an empty list
    path profiles, stageAs: 'profiles/*'
    val skip_addss
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.hhr.zip"), emit: reports
    path "${bucket}.profiles.ledger.tsv", emit: ledger
    path "${bucket}.profiles.cpus.json", optional: true, emit: cpus

    script:
    def relatives = uniref ? '--uniref uniref' : ''
    def prediction = skip_addss ? '--skip-addss' : ''
    def ready = profiles ? "--profiles ${profiles}" : ''
    """
    ${task.ext.launcher} search_profiles.py --proteins ${proteins} --hh-database database \\
        ${relatives} ${prediction} ${ready} ${task.ext.threads} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.hhr.zip ${bucket}.profiles.ledger.tsv
    """
}
