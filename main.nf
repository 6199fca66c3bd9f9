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
include { RESTORE ; SAVE               } from './workflows/phases'
include { bucketsOf                    } from './functions/buckets'
include { codonPlan ; proteinPlan ; referencePlan } from './functions/dry_run'
include { costPage             } from './functions/cost_page'
include { estimateOfRows               } from './functions/estimate'
include { codonSettings                } from './functions/codon_settings'
include { readSamples ; referenceOf    } from './functions/gene_inputs'
include { failureLines ; temporaryFolderComplaint } from './functions/machine'
include { firstComplaint ; helpText ; provenanceOf } from './functions/parameters'
include { phaseFacts                   } from './functions/phase_facts'
include { markPhase ; phaseComplaint ; phaseSteps ; phasesToDo } from './functions/phases'
include { phasesUpTo ; processesOut ; savedPhase ; savedRows ; stopText } from './functions/phases'
include { databaseSizes ; namedFile ; namedFiles ; referenceFiles ; sequenceFiles } from './functions/reference_files'
include { referenceSource ; referenceText } from './functions/reference_source'
include { bucketSizes ; recordEnd ; recordInputs ; recordStart ; withBuckets } from './functions/run_record'

workflow {
    main:
    // the phase that this run goes on from: [ folder, name, record ]; or null
    def saved = savedPhase(params)
    def complaint = params.help
        ? null
        : firstComplaint(params) ?: phaseComplaint(params, saved) ?: temporaryFolderComplaint(env('TMPDIR'))
    def info = file("${params.outdir}/pipeline_info", glob: false)
    def provenance = provenanceOf(params, workflow.manifest.version, workflow.nextflow.version)
    def record = params.help || params.dry_run || complaint ? null : recordStart(info, provenance)
    // in the handler below, `workflow` and `params` are null
    def metadata = workflow
    def given = params.subMap(['outdir', 'stop_after'])
    def style = projectDir.resolve('assets/report/style/page.css').text
    def report_page = file("${params.outdir}/report.html", glob: false)
    workflow.onComplete {
        if (record) {
            recordEnd(record, metadata.success)
            if (metadata.success) {
                markPhase(given)
            }
            def trace = info.resolve('execution_trace.txt')
            failureLines(trace, metadata.workDir).each { line -> println(line) }
            info.resolve('cost.html').text = costPage(trace, style, metadata.runName, report_page.exists())
        }
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
            ['report', 'report_proteins', 'report_embed', 'save_superpositions', 'seed', 'strict', 'train_queries']
        def run = params.subMap(of_run) + [
            outdir: file(params.outdir.toString(), glob: false).toUriString(),
            provenance: provenance,
            report_assets: projectDir.resolve('assets/report'),
        ]
        // parameters that affect results are inputs of the processes whose results they affect
        def settings = params.subMap(
            ['parameters', 'search_engine', 'alignment_engine', 'min_block', 'leave_out', 'domass_engine', 'compat'] +
                ['foldseek_evalue', 'foldseek_sensitivity', 'save_intermediates', 'structure_evidence']
        )
        def phases = phasesToDo(params, saved)
        // every input in its order, e.g. [ [ id: '1GVH_A', structure: 1gvh_A.pdb.gz, pae: null, reason: null ] ]
        def input = params.input && !saved ? file(params.input.toString(), glob: false) : null
        INPUTS(params.workflow == 'codons' ? null : input, copies, run)

        // Say what the run would do, and stop.
        if (params.dry_run) {
            def own = params.workflow == 'training' && !saved ? params.train_queries : 0
            if (params.workflow == 'reference') {
                println(referencePlan(referenceSource(params, copies), params))
            }
            else if (params.workflow == 'codons') {
                println(codonPlan(readSamples(input, [mode: params.codon_mode, genetic_code: 1], copies), params))
            }
            else {
                ch_planned = saved ? channel.value(savedRows(saved.folder)) : INPUTS.out.rows
                ch_planned.view { rows ->
                    def sizes = bucketSizes(rows, run.buckets)
                    "\n${proteinPlan(rows, sizes, params, own, processesOut(params, phases))}"
                }
            }
        }

        // Parse structures into domains (DPAM steps 1 to 15); then classify the domains (steps 16 to 24), or train the
        // network on proteins with known domains, each parsed without its own templates.
        else if (params.workflow in ['domains', 'training']) {
            def trains = params.workflow == 'training'
            def reference = referenceFiles(params, copies)
            def sequences = sequenceFiles(params, copies)
            def labels = trains ? namedFiles(params.labels, copies) : []
            // files that shape what the phases make, known by checksums, or (databases) by their sizes
            def checksums = [reference.templates] + [reference.statistics].flatten() + labels
            def network = namedFile(params.domass_network, copies)
            def databases = databaseSizes(sequences, reference)

            // every protein in its order, the files that finished phases have saved, and known domains to train with
            ch_rows = INPUTS.out.rows
            ch_saved = channel.empty()
            ch_labels = channel.empty()
            if (saved) {
                def facts = phaseFacts(phasesUpTo(params.workflow, saved.name), params, databases)
                RESTORE(saved, facts, checksums + (saved.name == 'score' ? [network] : []))
                ch_rows = RESTORE.out.rows
                ch_saved = RESTORE.out.files
                ch_labels = RESTORE.out.files.filter { path -> path.name == 'labels.tsv' }
            }
            else if (trains) {
                TRAINING_PROTEINS(INPUTS.out.rows, reference.templates, run)
                ch_rows = TRAINING_PROTEINS.out.proteins
                ch_labels = TRAINING_PROTEINS.out.labels
            }
            ch_rows = ch_rows.map { rows -> withBuckets(rows, run.buckets) }
            ch_rows.subscribe { rows ->
                def sizes = bucketSizes(rows, run.buckets)
                def out = processesOut(params, phases)
                recordInputs(info, rows, sizes, estimateOfRows(rows, sizes.size(), 0, out) + [left_out: out])
            }

            ch_buckets = ch_rows.flatMap { rows -> bucketsOf(rows, run.buckets) }.mix(INPUTS.out.archives)
            def of_parse = settings + (trains ? [leave_out: 'related', save_intermediates: false] : [:])
            PARSE(ch_buckets, ch_saved, phases, reference, sequences, of_parse)
            ch_files = PARSE.out.files.mix(ch_labels)
            if ('train' in phases) {
                ch_known = ch_labels.mix(channel.fromList(labels)).collect(sort: { table -> table.name })
                TRAINING(ch_rows, ch_known, PARSE.out.files, reference, sequences, run)
                TRAINING.out.summary.view { summary -> "\n${summary.text.trim()}\nLedger: ${params.outdir}/ledger.tsv" }
                TRAINING.out.report.view { report -> "\n${report.text.trim()}\nNetwork: ${params.outdir}/domass.npz" }
            }
            if ('score' in phases || 'assign' in phases) {
                def of_domains = run + [databases: databases]
                DOMAINS(ch_rows, PARSE.out.files, phases, reference, sequences, network, settings, of_domains)
                DOMAINS.out.summary.view { summary ->
                    "\n${summary.text.trim()}\nResults: ${params.outdir}" +
                        (params.report ? "\nReport: ${params.outdir}/report.html (open it in a browser)" : '')
                }
                ch_files = DOMAINS.out.files
            }
            if (params.stop_after) {
                def done = phasesUpTo(params.workflow, params.stop_after)
                def phase = [
                    name: params.stop_after,
                    folder: "${run.outdir}/phases/${params.stop_after}",
                    facts: phaseFacts(done, params, databases),
                    steps: phaseSteps(params.workflow, done) - (sequences ? [] : ['SEARCH_PROFILES']),
                    may_skip: ['SCORE_DOMAINS'],
                    strict: run.strict,
                ]
                SAVE(ch_files, ch_rows, phase, checksums + ('score' in done ? [network] : []))
                SAVE.out.summary.view { summary -> stopText(summary, params) }
            }
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
            CODONS.out.report.view { _page -> "Report: ${params.outdir}/report.html (open it in a browser)" }
        }
    }
}
