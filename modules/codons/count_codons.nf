// Count the codons of one batch (with Spark: of all batches of a sample): 64 numbers per gene, and their sums.
process COUNT_CODONS {
    tag "${batches instanceof List ? sample : batches.name - '.genes.arrow'}"
    label 'light'
    // PREPARE_GENES may run again and write the same batch
    cache 'deep'

    input:
    tuple val(sample), path(batches)
    stdin
    // an empty list without
    path own_code
    val fingerprint

    output:
    tuple val(sample), path('*.totals.json'), emit: totals
    tuple val(sample), path('*.counts.arrow'), emit: counts
    path '*.count.ledger.tsv', emit: ledger
    path '*.cost.tsv', emit: cost
    path '*.faa', optional: true, emit: proteins

    script:
    def option = own_code ? "--own-code ${own_code}" : ''
    """
    count_codons.py --batch ${batches} ${option}
    """

    stub:
    """
    for batch in ${batches}; do
        name=\$(basename "\$batch" .genes.arrow)
        touch "\$name.totals.json" "\$name.counts.arrow" "\$name.count.ledger.tsv" "\$name.cost.tsv"
    done
    """
}
