#!/usr/bin/env nextflow

// domainflow: batches of protein structures into classified domains. Parameters: nextflow_schema.json, or --help.

include { DOMAINS     } from './workflows/domains'
include { REQUIRE_ALL } from './modules/require_all/main'
include { firstComplaint ; helpText } from './workflows/parameters'
include { readInputs  } from './workflows/inputs'

workflow {
    main:
    def schema = projectDir.resolve('nextflow_schema.json')
    def complaint = params.help ? null : firstComplaint(params, schema)
    if (params.help) {
        println(helpText(schema, workflow.manifest))
    }
    else if (complaint) {
        error(complaint)
    }
    else {
        // parameters that shape results: inputs of the processes they shape
        def settings = params.subMap(['parameters', 'search_engine', 'alignment_engine', 'min_block'])
        def record = [
            versions: [domainflow: workflow.manifest.version, nextflow: workflow.nextflow.version.toString()],
            parameters: params.collectEntries { name, value -> [(name): value?.toString()] },
        ]
        def run = params.subMap(['buckets', 'save_intermediates']) + [outdir: file(params.outdir).toUriString(), record: record]
        DOMAINS(readInputs(file(params.input)), file(params.reference), settings, run, projectDir)

        DOMAINS.out.summary.view { summary -> "\n${summary.text.trim()}\nResults: ${params.outdir}" }
        if (params.strict) {
            REQUIRE_ALL(DOMAINS.out.ledger)
        }
    }
}
