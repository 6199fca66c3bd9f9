// With --strict: fail the run, after its results are written, if any protein was rejected or failed.
process REQUIRE_ALL {
    label 'light'
    // 'finish' lets the copying of results end before the run does.
    errorStrategy 'finish'

    input:
    path ledger

    script:
    """
    if cut -f 2 ${ledger} | grep -qE '^(rejected|failed)\$'; then
        echo 'Not every protein was answered, and --strict asks for that: ledger.tsv names them.' >&2
        exit 1
    fi
    """

    stub:
    """
    true
    """
}
