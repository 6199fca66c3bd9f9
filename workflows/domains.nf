// Classify parsed domains in ECOD (DPAM steps 16 to 24), then write the run's results.

include { CHECK_RUN      } from '../modules/domains/check_run'
include { SCORE_DOMAINS  } from '../modules/domains/score_domains'
include { ASSIGN_DOMAINS } from '../modules/domains/assign_domains'
include { CHOOSE_PAGES   } from '../modules/domains/choose_pages'
include { DRAW_PROTEINS  } from '../modules/domains/draw_proteins'
include { WRITE_RESULTS  } from '../modules/domains/write_results'
include { REQUIRE_ALL     } from '../modules/domains/require_all'
include { REQUIRE_ANSWERS } from '../modules/domains/require_answers'
include { ofBuckets       } from '../functions/buckets'
include { checksumOf ; fingerprint ; fingerprints } from '../functions/fingerprint'

workflow DOMAINS {
    take:
    rows      // value channel: [ [ id, reason, … ] ]: every input in its order
    parsed    // channel: path: all files of PARSE, or of the phases that another run finished
    phases    // [ names ] of the phases to do
    reference // map: templates, statistics, foldseek (path, path or empty list, [ files ])
    sequences // map: database, uniref, profiles ([ files ] each), skip_addss; or null for no HH-suite
    network   // path: weights of the network
    settings  // map: parameters that affect results
    run       // map: outdir, strict, provenance, databases (bytes by name), report, report_assets and the like

    main:
    CHECK_RUN(reference.templates, reference.statistics, network, settings.domass_engine, fingerprint('check_run'))

    ch_files = parsed
    if ('score' in phases) {
        // [ tables ]: all buckets at once
        ch_features = ofBuckets(ch_files, '.features.tsv')
            .map { _bucket, table -> table }
            .collect(sort: { table -> table.name })
        SCORE_DOMAINS(ch_features, network, settings.domass_engine, fingerprint('score_domains'))
        ch_files = ch_files.mix(SCORE_DOMAINS.out.predictions.flatten(), SCORE_DOMAINS.out.ledger)
    }
    ledger = channel.empty()
    summary = channel.empty()
    if ('assign' in phases) {
        ASSIGN(rows, ch_files, reference, sequences, network, settings, run)
        ledger = ASSIGN.out.ledger
        summary = ASSIGN.out.summary
    }
    files = ch_files

    emit:
    files   // path: all files so far
    ledger  // path: ledger.tsv
    summary // path: last lines of the run
}

// Join and label the domains (steps 17 to 24), and write the results.
workflow ASSIGN {
    take:
    rows      // value channel: [ [ id, reason, … ] ]
    scored    // channel: path: all files so far
    reference // map
    sequences // map, or null
    network   // path
    settings  // map
    run       // map

    main:
    // [ bucket, archive, parsed, predictions ]
    ASSIGN_DOMAINS(
        ofBuckets(scored, '.proteins.zip')
            .join(ofBuckets(scored, '.parsed.tsv'))
            .join(ofBuckets(scored, '.predictions.tsv')),
        reference.templates,
        reference.statistics,
        settings.subMap(['parameters', 'structure_evidence', 'compat', 'save_intermediates']) +
            settings.subMap(['search_engine', 'alignment_engine']) +
            [network: network.name],
        fingerprint('assign_domains'),
    )

    // path: pages of the proteins, by bucket
    ch_pages = channel.empty()
    if (run.report && run.report_proteins > 0) {
        // [ files ]: domains and ledgers of all buckets; the choice among all needs all
        ch_compared = ASSIGN_DOMAINS.out.domains.mix(ASSIGN_DOMAINS.out.ledger).collect(sort: { path -> path.name })
        CHOOSE_PAGES(ch_compared, run.report_proteins, fingerprint('choose_pages'))
        // [ bucket, archive, evidence, alignments, predictions, domains, choices, chosen ]
        DRAW_PROTEINS(
            ofBuckets(scored, '.proteins.zip')
                .join(ofBuckets(scored, '.evidence.zip'))
                .join(ofBuckets(scored, '.alignments.zip'))
                .join(ofBuckets(scored, '.predictions.tsv'))
                .join(ofBuckets(ASSIGN_DOMAINS.out.domains, '.domains.tsv'))
                .join(ofBuckets(ASSIGN_DOMAINS.out.choices, '.choices.json'))
                .join(ofBuckets(CHOOSE_PAGES.out.chosen.flatten(), '.chosen.txt')),
            reference.templates,
            settings.subMap(['parameters']) + run.subMap(['save_superpositions']) + [hh_suite: sequences != null],
            fingerprint('draw_proteins'),
        )
        ch_pages = DRAW_PROTEINS.out.pages
    }

    // [ files ]: of all finished tasks; never empty, so that the last step always runs
    def endings = ['.ledger.tsv', '.engine.json', '.cpus.json', '.dpam.zip'] +
        (settings.leave_out == 'none' ? [] : ['.left_out.tsv']) +
        (settings.save_intermediates ? ['.hhr.zip'] : [])
    ch_files = scored
        .filter { path -> endings.any { ending -> path.name.endsWith(ending) } }
        .mix(ASSIGN_DOMAINS.out.ledger, ASSIGN_DOMAINS.out.domains, ASSIGN_DOMAINS.out.dpam_files, ch_pages)
        .collect(sort: { path -> path.name })
        .ifEmpty([])
    def run_facts = [hhsuite: sequences != null, run: run.provenance + [code: fingerprints(), databases: run.databases]]
    ch_summary_of_run = rows.map { every ->
        groovy.json.JsonOutput.toJson([inputs: every.collect { row -> row.subMap(['id', 'reason']) }] + run_facts)
    }
    WRITE_RESULTS(
        ch_summary_of_run,
        ch_files,
        reference.templates,
        reference.statistics,
        network,
        run.report ? run.report_assets : [],
        run.subMap(['report_proteins', 'report_embed']),
        run.outdir,
        fingerprint('write_results') + (run.report ? checksumOf(run.report_assets) : ''),
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
