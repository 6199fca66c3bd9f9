#!/usr/bin/env nextflow

// domainflow: parse batches of protein structures into domains and classify them, each step once for the whole batch.
//
// This script checks the parameters and starts the workflow that --workflow names. --help lists all parameters.

include { INPUTS                       } from './workflows/inputs'
include { PARSE                        } from './workflows/parse'
include { DOMAINS                      } from './workflows/domains'
include { TRAINING ; TRAINING_PROTEINS } from './workflows/training'
include { REFERENCE                    } from './workflows/reference'
include { CODONS                       } from './workflows/codons'
include { bucketsOf                    } from './functions/buckets'
include { codonPlan ; proteinPlan ; referencePlan } from './functions/dry_run'
include { estimateOfRows               } from './functions/estimate'
include { codonSettings                } from './functions/codon_settings'
include { readSamples ; referenceOf    } from './functions/gene_inputs'
include { failureLines ; temporaryFolderComplaint } from './functions/machine'
include { firstComplaint ; helpText ; provenanceOf } from './functions/parameters'
include { namedFile ; namedFiles ; referenceFiles ; sequenceFiles } from './functions/reference_files'
include { referenceSource ; referenceText } from './functions/reference_source'
include { bucketSizes ; recordEnd ; recordInputs ; recordStart } from './functions/run_record'

workflow {
    main:
    def complaint = params.help ? null : firstComplaint(params) ?: temporaryFolderComplaint(env('TMPDIR'))
    def info = file("${params.outdir}/pipeline_info", glob: false)
    def provenance = provenanceOf(params, workflow.manifest.version, workflow.nextflow.version)
    def record = params.help || params.dry_run || complaint ? null : recordStart(info, provenance)
    // in the handler below, `workflow` is null
    def metadata = workflow
    workflow.onComplete {
        if (record) {
            recordEnd(record, metadata.success)
        }
        failureLines(info.resolve('execution_trace.txt'), metadata.workDir).each { line -> println(line) }
    }
    if (params.help) {
        println(helpText(workflow.manifest))
    }
    else if (complaint) {
        error(complaint)
    }
    else {
        // copies of inputs whose names cannot stand in a script
        def copies = workflow.workDir.resolve('inputs')
        def of_run = ['buckets', 'dali_import', 'export', 'foldseek', 'foldseek_evalue', 'foldseek_sensitivity'] +
            ['seed', 'strict', 'train_queries']
        def run = params.subMap(of_run) + [
            outdir: file(params.outdir.toString(), glob: false).toUriString(),
            provenance: provenance,
        ]
        // parameters that affect results are inputs of the processes whose results they affect
        def settings = params.subMap(
            ['parameters', 'search_engine', 'alignment_engine', 'min_block', 'leave_out', 'domass_engine', 'compat'] +
                ['foldseek_evalue', 'foldseek_sensitivity', 'save_intermediates']
        )
        // every input in its order, e.g. [ [ id: '1GVH_A', structure: 1gvh_A.pdb.gz, pae: null, reason: null ] ]
        def input = params.input ? file(params.input.toString(), glob: false) : null
        INPUTS(params.workflow == 'codons' ? null : input, copies, run)

        // Say what the run would do, and stop.
        if (params.dry_run) {
            def own = params.workflow == 'training' ? params.train_queries : 0
            if (params.workflow == 'reference') {
                println(referencePlan(referenceSource(params, copies), params))
            }
            else if (params.workflow == 'codons') {
                println(codonPlan(readSamples(input, [mode: params.codon_mode, genetic_code: 1], copies)))
            }
            else {
                INPUTS.out.rows.view { rows -> "\n${proteinPlan(rows, bucketSizes(rows, run.buckets), params, own)}" }
            }
        }

        // Parse structures into domains (DPAM steps 1 to 15), then classify the domains (steps 16 to 24).
        else if (params.workflow == 'domains') {
            def reference = referenceFiles(params, copies)
            def sequences = sequenceFiles(params, copies)
            def network = namedFile(params.domass_network, copies)

            INPUTS.out.rows.subscribe { rows ->
                def sizes = bucketSizes(rows, run.buckets)
                recordInputs(info, rows, sizes, estimateOfRows(rows, sizes.size()))
            }
            ch_buckets = INPUTS.out.rows.flatMap { rows -> bucketsOf(rows, run.buckets) }.mix(INPUTS.out.archives)
            PARSE(ch_buckets, reference, sequences, settings)
            DOMAINS(
                INPUTS.out.rows,
                PARSE.out.proteins,
                PARSE.out.parsed,
                PARSE.out.features,
                PARSE.out.files,
                reference,
                sequences,
                network,
                settings,
                run,
            )
            DOMAINS.out.summary.view { summary -> "\n${summary.text.trim()}\nResults: ${params.outdir}" }
        }

        // Build templates and their statistics from labelled structures.
        else if (params.workflow == 'reference') {
            REFERENCE(referenceSource(params, copies), run)
            REFERENCE.out.contents.view { contents -> referenceText(contents, params.outdir) }
        }

        // Count the codons of genes and genomes, and compute codon-usage indices.
        else if (params.workflow == 'codons') {
            def standard = [
                mode: params.codon_mode,
                genetic_code: params.codon_genetic_code,
                reference: referenceOf(params.codon_cai_reference, null, copies),
                trna: params.codon_trna ? namedFile(params.codon_trna, copies) : null,
            ]
            def files = [
                optimal: namedFiles(params.codon_optimal, copies),
                own_code: namedFiles(params.codon_own_code, copies),
            ]

            def samples = readSamples(input, standard, copies)
            recordInputs(
                info,
                samples*.files.flatten(),
                samples.collectEntries { sample -> [(sample.sample): sample.files.count { one -> one.path != null }] },
                [:],
            )
            CODONS(
                samples,
                files,
                [name: params.codon_engine, master: params.codon_spark_master],
                codonSettings(params),
                run,
            )
            CODONS.out.summary.view { summary -> "\n${summary.text.trim()}\nResults: ${params.outdir}" }
        }

        // Train the network on proteins with known domains, parsed without their own templates.
        else if (params.workflow == 'training') {
            def reference = referenceFiles(params, copies)
            def sequences = sequenceFiles(params, copies)

            TRAINING_PROTEINS(INPUTS.out.rows, namedFiles(params.labels, copies), reference.templates, run)
            TRAINING_PROTEINS.out.proteins.subscribe { rows ->
                def sizes = bucketSizes(rows, run.buckets)
                recordInputs(info, rows, sizes, estimateOfRows(rows, sizes.size()))
            }
            ch_buckets = TRAINING_PROTEINS.out.proteins
                .flatMap { proteins -> bucketsOf(proteins, run.buckets) }
                .mix(INPUTS.out.archives)
            PARSE(ch_buckets, reference, sequences, settings + [leave_out: 'related', save_intermediates: false])
            TRAINING(
                TRAINING_PROTEINS.out.proteins,
                TRAINING_PROTEINS.out.known_domains,
                PARSE.out.features,
                PARSE.out.files,
                reference,
                sequences,
                run,
            )
            TRAINING.out.summary.view { summary -> "\n${summary.text.trim()}\nLedger: ${params.outdir}/ledger.tsv" }
            TRAINING.out.report.view { report -> "\n${report.text.trim()}\nNetwork: ${params.outdir}/domass.npz" }
        }
    }
}
