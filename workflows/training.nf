// Train the network DOMASS on proteins whose domains are known. Each is parsed without its own templates.

include { MAKE_TRAINING_QUERIES } from '../modules/training/make_training_queries'
include { TRAIN_DOMASS          } from '../modules/training/train_domass'
include { WRITE_TRAINING_LEDGER } from '../modules/training/write_training_ledger'
include { WRITE_TRAINING_REPORT } from '../modules/training/write_training_report'
include { REQUIRE_ANSWERS       } from '../modules/domains/require_answers'
include { ofBuckets             } from '../functions/buckets'
include { checksumOf ; fingerprint } from '../functions/fingerprint'

// Add templates of the reference to the user's own proteins for the training.
workflow TRAINING_PROTEINS {
    take:
    rows      // value channel: [ [ id, structure, pae, reason ] ]: the user's labelled proteins, may be none
    templates // path: template store
    run       // map: train_queries, seed

    main:
    MAKE_TRAINING_QUERIES(templates, run.train_queries, run.seed, fingerprint('make_training_queries'))

    // [ [ rows of the user ], [ paths of the queries ] ]
    ch_queries = MAKE_TRAINING_QUERIES.out.structures.map { paths -> [[paths].flatten()] }
    ch_both = rows.map { given -> [given] }.combine(ch_queries)
    proteins = ch_both.map { given, structures ->
        given + structures.collect { path -> [id: path.name - ~/\.pdb$/, structure: path, pae: null, reason: null] }
    }
    labels = MAKE_TRAINING_QUERIES.out.labels

    emit:
    proteins // [ [ id, structure, pae, reason ] ]: all of them at once
    labels   // path: known domains of the templates
}

workflow TRAINING {
    take:
    rows      // channel: [ [ id, structure, pae, reason ] ]: all proteins at once
    labels    // channel: [ tables ]: known domains
    files     // channel: path: all files of PARSE
    reference // map: templates, statistics (paths)
    sequences // map, or null for no HH-suite
    run       // map: outdir, seed, provenance, report, report_assets

    main:
    ch_inputs = rows.map { proteins ->
        def inputs = proteins.collect { row -> row.subMap(['id', 'reason']) }
        groovy.json.JsonOutput.toJson([inputs: inputs, hhsuite: sequences != null])
    }
    WRITE_TRAINING_LEDGER(
        ch_inputs,
        files
            .filter { path -> path.name.endsWith('.ledger.tsv') }
            .collect(sort: { path -> path.name })
            .ifEmpty([]),
        labels,
        run.outdir,
        fingerprint('write_training_ledger'),
    )

    REQUIRE_ANSWERS(WRITE_TRAINING_LEDGER.out.ledger)

    TRAIN_DOMASS(
        ofBuckets(files, '.features.tsv').map { _bucket, table -> table }.collect(sort: { table -> table.name }),
        labels,
        reference.templates,
        run.seed,
        run.outdir,
        fingerprint('train_domass', 'requirements-train.txt'),
    )

    if (run.report) {
        WRITE_TRAINING_REPORT(
            groovy.json.JsonOutput.toJson(run.provenance),
            WRITE_TRAINING_LEDGER.out.ledger,
            TRAIN_DOMASS.out.network,
            TRAIN_DOMASS.out.report,
            TRAIN_DOMASS.out.plot,
            run.report_assets,
            run.outdir,
            fingerprint('write_training_report') + checksumOf(run.report_assets),
        )
    }

    report = TRAIN_DOMASS.out.report
    summary = WRITE_TRAINING_LEDGER.out.summary

    emit:
    summary // path: numbers of proteins by outcome
    report  // path: accuracy of the network in a cross-validation by X-group
}
