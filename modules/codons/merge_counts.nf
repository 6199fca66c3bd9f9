// Add the batches of a sample and check that nothing vanished.
process MERGE_COUNTS {
    tag "${sample}"
    label 'light'
    // PREPARE_GENES may run again and plan the same batches
    cache 'deep'

    input:
    tuple val(sample), path(planned), path(totals, stageAs: 'totals/*')
    stdin
    val fingerprint

    output:
    tuple val(sample), path("${sample}.merged.json"), emit: merged

    script:
    """
    mkdir -p totals
    merge_counts.py --in-dir totals --planned ${planned}
    """

    stub:
    """
    touch ${sample}.merged.json
    """
}
