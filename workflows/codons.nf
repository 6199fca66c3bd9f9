// Count the codons of genes and genomes in batches, and compute codon-usage indices.

include { PREPARE_GENES    } from '../modules/codons/prepare_genes'
include { COUNT_CODONS     } from '../modules/codons/count_codons'
include { MERGE_COUNTS     } from '../modules/codons/merge_counts'
include { COMPUTE_INDICES  } from '../modules/codons/compute_indices'
include { PLOT_CODON_USAGE } from '../modules/codons/plot_codon_usage'
include { WRITE_RESULTS    } from '../modules/codons/write_results'
include { WRITE_CODONS_REPORT } from '../modules/codons/write_codons_report'
include { REQUIRE_ALL      } from '../modules/domains/require_all'
include { checksumOf ; fingerprint ; fingerprints } from '../functions/fingerprint'
include { prepareJob       } from '../functions/codon_settings'

// A value as JSON, for the standard input of a task.
def toJson(value) { groovy.json.JsonOutput.toJson(value) }

// Files of each sample, in the order of their names: [ sample, [ files ] ].
def ofSample(channel_of_files) {
    return channel_of_files
        .groupTuple()
        .map { sample, files -> [sample, files.flatten().toSorted { path -> path.name }] }
}

workflow CODONS {
    take:
    samples  // list of maps: sample, group, mode, reference, trna, files; in input order
    files    // map: optimal, own_code ([ path ] each, or empty)
    engine   // map: name, master (of Spark)
    settings // map: prepare, count, index, plot, results; each a map of parameters
    run      // map: outdir, strict, provenance, report, report_assets

    main:
    def named = samples.collectEntries { sample -> [(sample.sample): sample] }

    ch_samples = channel.fromList(samples)
    PREPARE_GENES(
        ch_samples.map { sample ->
            def usable = sample.files.findAll { one -> one.path != null }
            [sample.sample, usable*.path, usable*.genome.findAll { genome -> genome != null }]
        },
        ch_samples.map { sample -> prepareJob(sample, settings.prepare) },
        files.own_code,
        fingerprint('prepare_genes'),
    )

    // [ sample, batch ], e.g. [ yeast, yeast.batch-000003.genes.arrow ]; Spark gets all batches of a sample at once
    ch_batches = engine.name == 'spark' ? PREPARE_GENES.out.batches : PREPARE_GENES.out.batches.transpose()
    COUNT_CODONS(
        ch_batches,
        ch_batches.map { sample, _batches ->
            toJson([engine: engine.name, master: engine.master, settings: settings.count + [mode: named[sample].mode]])
        },
        files.own_code,
        fingerprint('count_codons'),
    )

    // [ sample, planned, [ totals ] ]; a sample may have lost all of its batches
    ch_totals = PREPARE_GENES.out.planned
        .join(ofSample(COUNT_CODONS.out.totals), remainder: true)
        .map { sample, planned, totals -> [sample, planned, totals ?: []] }
    MERGE_COUNTS(
        ch_totals,
        ch_totals.map { sample, _planned, _totals -> toJson(named[sample].subMap(['sample', 'group', 'mode'])) },
        fingerprint('merge_counts'),
    )

    // [ sample, merged, [ counts ], reference, trna ]
    ch_counts = MERGE_COUNTS.out.merged
        .join(ofSample(COUNT_CODONS.out.counts), remainder: true)
        .filter { _sample, merged, _counts -> merged != null }
        .map { sample, merged, counts ->
            [sample, merged, counts ?: [], named[sample].reference?.file ?: [], named[sample].trna ?: []]
        }
    COMPUTE_INDICES(
        ch_counts,
        ch_counts.map { sample, _merged, _counts, _reference, _trna ->
            toJson([reference: named[sample].reference?.name, settings: settings.index])
        },
        files.optimal,
        files.own_code,
        fingerprint('compute_indices'),
    )

    // [ files ]: merged counts and genes of all samples
    ch_pictured = MERGE_COUNTS.out.merged
        .mix(COMPUTE_INDICES.out.genes)
        .map { _sample, path -> path }
        .collect(sort: { path -> path.name })
    PLOT_CODON_USAGE(
        ch_pictured,
        toJson([samples: samples*.sample, settings: settings.plot]),
        files.own_code,
        run.outdir,
        fingerprint('plot_codon_usage'),
    )

    // [ files ]: of all finished tasks; never empty, so that the last step always runs
    ch_files = PREPARE_GENES.out.planned
        .mix(MERGE_COUNTS.out.merged, COMPUTE_INDICES.out.genes)
        .map { _sample, path -> path }
        .mix(
            PREPARE_GENES.out.inputs,
            PREPARE_GENES.out.entries,
            COUNT_CODONS.out.ledger,
            COUNT_CODONS.out.cost,
            COUNT_CODONS.out.proteins,
            COMPUTE_INDICES.out.notes,
        )
        .collect(sort: { path -> path.name })
        .ifEmpty([])
    def of_run = toJson(
        [
            samples: samples.collect { sample -> [sample: sample.sample, files: sample.files*.name] },
            settings: settings.results,
            run: run.provenance + [code: fingerprints()],
        ]
    )
    WRITE_RESULTS(of_run, ch_files, files.own_code, run.outdir, fingerprint('write_codons_results'))
    ch_report = channel.empty()
    if (run.report) {
        WRITE_CODONS_REPORT(
            WRITE_RESULTS.out.results,
            PLOT_CODON_USAGE.out.plots.ifEmpty([]),
            run.report_assets,
            run.outdir,
            fingerprint('write_codons_report') + checksumOf(run.report_assets),
        )
        ch_report = WRITE_CODONS_REPORT.out.report
    }
    if (run.strict) {
        REQUIRE_ALL(WRITE_RESULTS.out.ledger)
    }

    ledger = WRITE_RESULTS.out.ledger
    summary = WRITE_RESULTS.out.summary
    report = ch_report

    emit:
    ledger  // path: ledger.tsv
    summary // path: last lines of the run
    report  // path: report.html, if it is wanted
}
