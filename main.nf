#!/usr/bin/env nextflow

// domainflow: batches of protein structures into classified domains. Parameters: nextflow_schema.json, or --help.

include { DOMAINS ; TRAIN          } from './workflows/domains'
include { REFERENCE                } from './workflows/reference'
include { REQUIRE_ALL              } from './modules/require_all/main'
include { firstComplaint ; helpText } from './workflows/parameters'
include { readInputs               } from './workflows/inputs'
include { referenceSource ; referenceText } from './workflows/reference_source'
include { stageable                } from './workflows/staging'
include { referenceFiles ; sequenceFiles } from './workflows/reference_files'

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
        // how the run goes and what provenance.json tells of it
        def run = params.subMap(['buckets', 'save_intermediates', 'train_queries', 'seed']) + [
            outdir: file(params.outdir.toString(), glob: false).toUriString(),
            record: [
                versions: [domainflow: workflow.manifest.version, nextflow: workflow.nextflow.version.toString()],
                parameters: params.keySet().toSorted().collectEntries { name -> [(name): params[name]?.toString()] },
            ],
        ]
        // parameters that shape results: inputs of the processes they shape
        def settings = params.subMap(
            ['parameters', 'search_engine', 'alignment_engine', 'min_block', 'leave_out', 'domass_engine', 'compat']
        )
        // [ [ id, structure, pae, reason ] ]: every input in its order, e.g.
        // [ [ id: '1GVH_A', structure: 1gvh_A.pdb.gz, pae: null, reason: null ] ]
        def rows = params.input ? readInputs(file(params.input.toString(), glob: false), copies) : []
        if (params.workflow == 'domains') {
            def reference = referenceFiles(file(params.reference.toString(), glob: false), copies)
            def network = stageable(file(params.domass_network.toString(), glob: false), copies)
            DOMAINS(rows, reference, sequenceFiles(params, copies), network, settings, run, projectDir)

            DOMAINS.out.summary.view { summary -> "\n${summary.text.trim()}\nResults: ${params.outdir}" }
            if (params.strict) {
                REQUIRE_ALL(DOMAINS.out.ledger)
            }
        }
        else if (params.workflow == 'reference') {
            REFERENCE(referenceSource(params, copies), run + [export: params.export], projectDir)

            REFERENCE.out.record.view { record -> referenceText(record, params.outdir) }
        }
        else if (params.workflow == 'train') {
            def reference = referenceFiles(file(params.reference.toString(), glob: false), copies)
            def labels = params.labels ? stageable(file(params.labels.toString(), glob: false), copies) : []
            TRAIN(rows, labels, reference, sequenceFiles(params, copies), settings, run, projectDir)

            TRAIN.out.summary.view { summary -> "\n${summary.text.trim()}\nLedger: ${params.outdir}/ledger.tsv" }
            TRAIN.out.report.view { report -> "\n${report.text.trim()}\nNetwork: ${params.outdir}/domass.npz" }
        }
    }
}
