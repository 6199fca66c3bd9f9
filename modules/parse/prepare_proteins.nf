// DPAM steps 1 and 11: read the structures and PAE of a bucket into one archive.
process PREPARE_PROTEINS {
    tag "${bucket}"
    label 'light'
    // a quarter of its files: reading them took 8 bytes of memory a byte (2,144 residues with PAE)
    ext archive_bytes: { [structures, paes].flatten().sum { path -> path.size() }.intdiv(4) }

    input:
    tuple val(bucket), path(structures, stageAs: 'structures/?/*'), path(paes, stageAs: 'paes/?/*')
    // Ids and file names, in the order of the tuples, are passed by standard input, where no shell interprets them.
    stdin
    val fingerprint

    output:
    tuple val(bucket), path("${bucket}.proteins.zip"), emit: proteins
    path "${bucket}.prepare.ledger.tsv", emit: ledger

    script:
    """
    prepare_proteins.py --bucket ${bucket} ${task.ext.isolate}
    """

    stub:
    """
    touch ${bucket}.proteins.zip ${bucket}.prepare.ledger.tsv
    """
}
