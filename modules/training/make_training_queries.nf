// Choose templates of the reference as proteins with a known assignment.
process MAKE_TRAINING_QUERIES {
    label 'light'

    input:
    path reference
    val count
    val seed
    val fingerprint

    output:
    path 'queries/samplesheet.csv', emit: samplesheet
    path 'queries/labels.tsv', emit: labels
    path 'queries/*.pdb', emit: structures

    script:
    """
    make_training_queries.py --reference ${reference} --count ${count} --seed ${seed} --out-dir queries
    """

    stub:
    """
    mkdir queries
    touch queries/samplesheet.csv queries/labels.tsv queries/stub.pdb
    """
}
