// Compute ENC, CAI, Fop, CBI, tAI and composition of every gene of a sample.
process COMPUTE_INDICES {
    tag "${sample}"
    label 'light'
    // a merge that ran again may give the same sums
    cache 'deep'

    input:
    // empty lists where there is no file
    tuple val(sample), path(merged), path(counts, stageAs: 'counts/*'), path(reference, stageAs: 'reference/*'),
        path(trna, stageAs: 'trna/*')
    stdin
    path optimal, stageAs: 'optimal/*'
    path own_code
    val fingerprint

    output:
    tuple val(sample), path("${sample}.genes.parquet"), emit: genes
    path "${sample}.indices.json", emit: notes

    script:
    def files = [reference: reference, optimal: optimal, trna: trna, 'own-code': own_code]
    def options = files.findAll { _name, path -> path }.collect { name, path -> "--${name} ${path}" }.join(' ')
    """
    mkdir -p counts
    compute_indices.py --in-dir counts --merged ${merged} ${options}
    """

    stub:
    """
    touch ${sample}.genes.parquet ${sample}.indices.json
    """
}
