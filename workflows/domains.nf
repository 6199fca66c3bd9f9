// Classify parsed domains in ECOD (DPAM steps 16 to 24), then write the run's results.

include { CHECK_RUN      } from '../modules/domains/check_run'
include { SCORE_DOMAINS  } from '../modules/domains/score_domains'
include { ASSIGN_DOMAINS } from '../modules/domains/assign_domains'
include { WRITE_RESULTS  } from '../modules/domains/write_results'
include { REQUIRE_ALL     } from '../modules/domains/require_all'
include { REQUIRE_ANSWERS } from '../modules/domains/require_answers'
include { fingerprint ; fingerprints } from '../functions/fingerprint'

workflow DOMAINS {
    take:
    rows      // value channel: [ [ id, structure, pae, reason ] ]: every input in its order
    proteins  // channel: [ bucket, archive ]
    parsed    // channel: [ bucket, table of domains ]
    features  // channel: [ bucket, table of step 15 ]
    files     // channel: path; ledgers and other files of PARSE for the last step
    reference // map: templates, statistics, foldseek (path, path or empty list, [ files ])
    sequences // map: database, uniref, profiles ([ files ] each), skip_addss; or null for no HH-suite
    network   // path: weights of the network
    settings  // map: parameters that affect results
    run       // map: outdir, strict, provenance

    main:
    CHECK_RUN(reference.templates, reference.statistics, network, settings.domass_engine, fingerprint('check_run'))

    // [ tables ]: all buckets at once
    ch_features = features.map { _bucket, table -> table }.collect(sort: { table -> table.name })
    SCORE_DOMAINS(ch_features, network, settings.domass_engine, fingerprint('score_domains'))

    // [ bucket, archive, parsed, predictions ]
    ch_predictions = SCORE_DOMAINS.out.predictions
        .flatten()
        .map { table -> [table.name - '.predictions.tsv', table] }
    ASSIGN_DOMAINS(
        proteins.join(parsed).join(ch_predictions),
        reference.templates,
        reference.statistics,
        settings.subMap(['parameters', 'compat', 'search_engine', 'alignment_engine', 'save_intermediates']) +
            [network: network.name],
        fingerprint('assign_domains'),
    )

    // [ files ]: of all finished tasks; never empty, so that the last step always runs
    ch_files = files
        .mix(
            SCORE_DOMAINS.out.ledger,
            ASSIGN_DOMAINS.out.ledger,
            ASSIGN_DOMAINS.out.domains,
            ASSIGN_DOMAINS.out.dpam_files,
        )
        .collect(sort: { path -> path.name })
        .ifEmpty([])
    // name and bytes of each file: databases are too large for checksums
    def database_files = (sequences ? sequences.database + sequences.uniref : []) + reference.foldseek
    def databases = database_files.collectEntries { path -> [(path.name): path.size()] }
    def run_facts = [hhsuite: sequences != null, run: run.provenance + [code: fingerprints(), databases: databases]]
    ch_summary_of_run = rows.map { every ->
        groovy.json.JsonOutput.toJson([inputs: every.collect { row -> row.subMap(['id', 'reason']) }] + run_facts)
    }
    WRITE_RESULTS(
        ch_summary_of_run,
        ch_files,
        reference.templates,
        reference.statistics,
        network,
        run.outdir,
        fingerprint('write_results'),
    )
    REQUIRE_ANSWERS(WRITE_RESULTS.out.ledger)
    if (run.strict) {
        REQUIRE_ALL(WRITE_RESULTS.out.ledger)
    }

    ledger = WRITE_RESULTS.out.ledger
    summary = WRITE_RESULTS.out.summary

    emit:
    ledger  // path: ledger.tsv
    summary // path: last lines of the run
}
