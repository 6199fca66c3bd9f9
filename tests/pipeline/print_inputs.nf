// Prints, as JSON, what main.nf makes of each samplesheet or folder of a table: [ rows: [ id, structure, pae, reason ],
// buckets: [ name: [ ids ] ] ], or [ sentence ] if the run would end with one.
//
// A case has `input` and `buckets`, the number of buckets that is asked for, or null.

include { bucketsOf  } from '../../functions/buckets'
include { readInputs } from '../../functions/inputs'

def inputsOf(given, copies) {
    try {
        def rows = readInputs(file(given.input, glob: false), copies)
        def buckets = bucketsOf(rows, given.buckets).collectEntries { name, json, _structures, _paes ->
            [(name): new groovy.json.JsonSlurper().parseText(json)*.id]
        }
        def named = rows.collect { row -> row + [structure: row.structure?.name, pae: row.pae?.name] }
        return [rows: named, buckets: buckets]
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
    println("RESULT ${groovy.json.JsonOutput.toJson(cases.collect { given -> inputsOf(given, copies) })}")
}
