// Read the files of a sample into batches of genes; whatever cannot be read gets its row in the ledger.
process PREPARE_GENES {
    tag "${sample}"
    label 'light'

    input:
    tuple val(sample), path(files, stageAs: 'files/?/*'), path(genomes, stageAs: 'genomes/?/*')
    // File names, in the order of the tuples, are passed by standard input, where no shell interprets them.
    stdin
    // an empty list without
    path own_code
    val fingerprint

    output:
    tuple val(sample), path("${sample}.batch-*.genes.arrow"), emit: batches
    tuple val(sample), path("${sample}.batches.json"), emit: planned
    path "${sample}.inputs.json", emit: inputs
    path "${sample}.entries.arrow", emit: entries

    script:
    def option = own_code ? "--own-code ${own_code}" : ''
    """
    prepare_genes.py ${option}
    """

    stub:
    """
    touch ${sample}.batch-000000.genes.arrow ${sample}.batches.json ${sample}.inputs.json ${sample}.entries.arrow
    """
}
