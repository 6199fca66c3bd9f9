#!/usr/bin/env nextflow

// domainflow: batches of protein structures into classified domains. Parameters: nextflow_schema.json, or --help.

include { DOMAINS                  } from './workflows/domains'
include { REQUIRE_ALL              } from './modules/require_all/main'
include { firstComplaint ; helpText } from './workflows/parameters'
include { readInputs ; stageable   } from './workflows/inputs'

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
        // files whose names no script can hold are copied here
        def copies = workflow.workDir.resolve('inputs')
        // [ [ id, structure, pae, reason ] ]: every input in its order, e.g.
        // [ [ id: '1GVH_A', structure: 1gvh_A.pdb.gz, pae: null, reason: null ] ]
        def rows = readInputs(file(params.input.toString(), glob: false), copies)
        def reference = stageable(file(params.reference.toString(), glob: false), copies)
        // parameters that shape results: inputs of the processes they shape
        def settings = params.subMap(['parameters', 'search_engine', 'alignment_engine', 'min_block'])
        // how the run goes and what provenance.json tells of it
        def run = params.subMap(['buckets', 'save_intermediates']) + [
            outdir: file(params.outdir.toString(), glob: false).toUriString(),
            record: [
                versions: [domainflow: workflow.manifest.version, nextflow: workflow.nextflow.version.toString()],
                parameters: params.keySet().toSorted().collectEntries { name -> [(name): params[name]?.toString()] },
            ],
        ]
        DOMAINS(rows, reference, settings, run, projectDir)

        DOMAINS.out.summary.view { summary -> "\n${summary.text.trim()}\nResults: ${params.outdir}" }
        if (params.strict) {
            REQUIRE_ALL(DOMAINS.out.ledger)
        }
    }
}
