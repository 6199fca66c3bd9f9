// Prints, as JSON, the rows of each samplesheet or folder of a table: [ rows: [ id, structure, pae, reason ] ], or
// [ sentence ] if the run would end with one.

include { readInputs } from '../../functions/inputs'

def rowsOf(input, copies) {
    try {
        def rows = readInputs(file(input, glob: false), copies)
        return [rows: rows.collect { row -> row + [structure: row.structure?.name, pae: row.pae?.name] }]
    }
    catch (Exception problem) {
        // a call of a function wraps what the function throws
        return [sentence: org.codehaus.groovy.runtime.StackTraceUtils.extractRootCause(problem).message]
    }
}

workflow {
    main:
    def cases = new groovy.json.JsonSlurper().parse(file(params.cases).toFile())
    def copies = workflow.workDir.resolve('inputs')
    println("RESULT ${groovy.json.JsonOutput.toJson(cases.collect { input -> rowsOf(input, copies) })}")
}
