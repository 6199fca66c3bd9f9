// Fail the run, after its results are written, if no protein has an answer because the tasks of one step failed.
process REQUIRE_ANSWERS {
    label 'light'
    // Unlike 'terminate', 'finish' waits until all results are copied.
    errorStrategy 'finish'

    input:
    path ledger

    // Rows of proteins that were accepted: if all failed with their task at one step, the machine or the set-up is at
    // fault, not the proteins.
    script:
    '''
    awk -F '\\t' 'NR > 1 && $2 != "rejected" { all++ }
        NR > 1 && $2 == "failed" && $4 ~ /^the task of/ { lost++; steps[$3] = 1; step = $3 }
        END {
            if (all && lost == all && length(steps) == 1) {
                print "The tasks of " step " failed for all " all " proteins; the last lines say why." > "/dev/stderr"
                exit 1
            }
        }' ledger.tsv
    '''

    stub:
    """
    true
    """
}
