// Prints, as JSON, the sentence that a run with each set of parameters of a table ends with, or null.

include { firstComplaint  } from '../../functions/parameters'
include { referenceFiles ; sequenceFiles } from '../../functions/reference_files'
include { referenceSource } from '../../functions/reference_source'

// What main.nf says of these parameters before any task starts.
def complaintOf(given, copies) {
    def complaint = firstComplaint(given)
    if (complaint) {
        return complaint
    }
    try {
        if (given.workflow == 'reference') {
            referenceSource(given, copies)
        }
        else {
            referenceFiles(given, copies)
            sequenceFiles(given, copies)
        }
    }
    catch (Exception problem) {
        // a call of a function wraps what the function throws
        return org.codehaus.groovy.runtime.StackTraceUtils.extractRootCause(problem).message
    }
    return null
}

workflow {
    main:
    def cases = new groovy.json.JsonSlurper().parse(file(params.cases).toFile())
    def copies = workflow.workDir.resolve('inputs')
    println("RESULT ${groovy.json.JsonOutput.toJson(cases.collect { given -> complaintOf(given, copies) })}")
}
