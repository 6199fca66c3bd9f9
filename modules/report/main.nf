// Everything the steps wrote into the run's results: domains, ledger, provenance.
process REPORT {
    label 'last'
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name ->
        def inside = name - 'results/'
        inside == 'summary.txt' ? null : inside == 'provenance.json' ? "pipeline_info/${inside}" : inside
    }

    input:
    // Ids and reasons are the user's text: they travel by standard input, where no shell reads them.
    stdin
    path parts, stageAs: 'parts/*'
    path reference
    val outdir
    val fingerprint

    output:
    path 'results/domains.tsv', emit: domains
    path 'results/ledger.tsv', emit: ledger
    path 'results/provenance.json', emit: provenance
    path 'results/summary.txt', emit: summary
    path 'results/intermediates', optional: true, emit: intermediates

    script:
    """
    write_results.py --in-dir parts --reference ${reference} --out-dir results
    """

    stub:
    """
    mkdir results
    touch results/domains.tsv results/ledger.tsv results/provenance.json
    echo 'stub run: no results' > results/summary.txt
    """
}
