// Gather the files of all steps into the run's results: domains, ledger, provenance.
process WRITE_RESULTS {
    label 'light'
    label 'required'
    // With a report the task takes 5.3 times the bytes of its tables (docs/scaling.md). conf/base.config gives 40 times
    // this number.
    ext archive_bytes: {
        [parts].flatten().findAll { path -> path.name.endsWith('.tsv') }.sum(0) { path -> path.size() }.intdiv(6)
    }
    publishDir "${outdir}", mode: 'copy', overwrite: true, saveAs: { name ->
        def inside = name - 'results/'
        inside == 'summary.txt' ? null : inside == 'provenance.json' ? "pipeline_info/${inside}" : inside
    }

    input:
    // Ids and reasons are the user's text. They are passed by standard input, where no shell interprets them.
    stdin
    path parts, stageAs: 'parts/*'
    path reference
    // an empty list for a reference without
    path statistics
    path network
    // folder of the report's own files; an empty list for no report
    path assets, stageAs: 'report_assets'
    // [ report_proteins, report_embed ]
    val report
    val outdir
    val fingerprint

    output:
    path 'results/domains.tsv', emit: domains
    path 'results/dpam_domains.tsv', emit: dpam_domains
    path 'results/ledger.tsv', emit: ledger
    path 'results/provenance.json', emit: provenance
    path 'results/summary.txt', emit: summary
    path 'results/left_out.tsv', optional: true, emit: left_out
    path 'results/intermediates', optional: true, emit: intermediates
    path 'results/report.html', optional: true, emit: report
    path 'results/{report_data,view,multiqc}', optional: true, emit: report_files
    path 'results/{domains.jsonl,domains.gff3,ted_like.tsv,chopping.tsv}', optional: true, emit: tables

    script:
    def files = ([reference, network] + (statistics ? [statistics] : [])).join(' ')
    def options = assets
        ? "--assets ${assets} --report-proteins ${report.report_proteins} --report-embed ${report.report_embed}"
        : ''
    """
    write_results.py --in-dir parts --checksums ${files} --out-dir results ${options}
    """

    stub:
    """
    mkdir -p results
    touch results/domains.tsv results/dpam_domains.tsv results/ledger.tsv results/provenance.json
    echo 'stub run: no results' > results/summary.txt
    """
}
