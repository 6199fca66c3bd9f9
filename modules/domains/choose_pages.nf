// Choose the proteins that have a page in the report, from the domains of all buckets.
process CHOOSE_PAGES {
    label 'light'
    // With 'deep', domains of the same bytes are not compared again.
    cache 'deep'

    input:
    path parts, stageAs: 'parts/*'
    val report_proteins
    val fingerprint

    output:
    path 'chosen/*.chosen.txt', optional: true, emit: chosen

    script:
    """
    choose_pages.py --in-dir parts --most ${report_proteins}
    """

    stub:
    """
    mkdir chosen
    for table in parts/*.domains.tsv; do
        name=\$(basename "\$table" .domains.tsv)
        touch "chosen/\$name.chosen.txt"
    done
    """
}
