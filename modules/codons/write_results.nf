// Gather the files of all steps into the run's results: usage, genes, ledger, provenance.
process WRITE_RESULTS {
    label 'light'
    label 'required'
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name ->
        def inside = name - 'results/'
        inside == 'summary.txt'
            ? null
            : (inside in ['provenance.json', 'codon_batches.tsv'] ? "pipeline_info/${inside}" : inside)
    }

    input:
    stdin
    path parts, stageAs: 'parts/*'
    // an empty list without
    path own_code
    val outdir
    val fingerprint

    output:
    path 'results/ledger.tsv', emit: ledger
    path 'results/summary.txt', emit: summary
    path 'results/codon_usage.{tsv,parquet}', emit: usage
    path 'results/*', emit: results

    script:
    def option = own_code ? "--own-code ${own_code} --checksums ${own_code}" : ''
    """
    mkdir -p parts
    write_codons_results.py --in-dir parts --out-dir results ${option}
    """

    stub:
    """
    mkdir results
    touch results/codon_usage.tsv results/codon_usage.parquet results/ledger.tsv results/provenance.json
    echo 'stub run: no results' > results/summary.txt
    """
}
