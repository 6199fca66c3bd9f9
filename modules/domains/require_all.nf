// With --strict: fail the run, after its results are written, if any input was rejected or failed.
process REQUIRE_ALL {
    label 'light'
    // Unlike 'terminate', 'finish' waits until all results are copied.
    errorStrategy 'finish'

    input:
    path ledger

    script:
    """
    if cut -f 2 ${ledger} | grep -xE 'rejected|failed' > without_answer.txt; then
        count=\$(wc -l < without_answer.txt)
        echo "\$count inputs have no answer, which --strict does not allow: ledger.tsv says why." >&2
        exit 1
    fi
    """

    stub:
    """
    true
    """
}
