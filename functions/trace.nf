// Nextflow's own table of a run's tasks, pipeline_info/execution_trace.txt.

// Its rows, one for each attempt of a task, as maps; empty if there is no such file. A line that was cut off as the
// head of the run died is left out.
def traceRows(trace) {
    if (!trace.exists()) {
        return []
    }
    def lines = trace.readLines()*.split('\t', -1)*.toList()
    def header = lines ? lines.head() : []
    return lines.drop(1).findAll { cells -> cells.size() == header.size() }.collect { cells ->
        [header, cells].transpose().collectEntries()
    }
}
