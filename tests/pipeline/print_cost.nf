// Prints, as JSON, the page on the cost of a run for each trace of a table of cases; null is a trace that is missing.

include { costPage } from '../../functions/cost_page'

workflow {
    main:
    def cases = new groovy.json.JsonSlurper().parse(file(params.cases).toFile())
    def pages = cases.withIndex().collect { text, number ->
        def trace = workflow.workDir.resolve("trace-${number}.txt")
        if (text != null) {
            trace.parent.mkdirs()
            trace.text = text
        }
        costPage(trace, 'body { margin: 0 }', 'sad_<name>', text != null)
    }
    println("RESULT ${groovy.json.JsonOutput.toJson(pages)}")
}
