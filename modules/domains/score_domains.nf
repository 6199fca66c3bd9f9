// DPAM step 16: score the rows of all proteins in one process, so that the network is loaded once.
process SCORE_DOMAINS {
    label 'light'
    // With 'deep', tables of the same bytes are not scored again.
    cache 'deep'

    input:
    path features, stageAs: 'features/*'
    path network
    val engine
    val fingerprint

    output:
    path 'predictions/*.predictions.tsv', emit: predictions
    path 'score.ledger.tsv', emit: ledger

    script:
    """
    score_domains.py --features features --network ${network} --engine ${engine}
    """

    stub:
    """
    mkdir predictions
    for table in features/*.features.tsv; do
        name=\$(basename "\$table" .features.tsv)
        touch "predictions/\$name.predictions.tsv"
    done
    touch score.ledger.tsv
    """
}
