// Parse proteins into domains, and compute the inputs of the network (DPAM steps 1 to 13 and 15).
//
// DOMAINS and TRAINING both continue from here. main.nf includes this script, because Nextflow 25.04 includes a script
// with includes of its own only once in a run.

include { CHECK_ENGINE      } from '../modules/parse/check_engine'
include { PREPARE_PROTEINS  } from '../modules/parse/prepare_proteins'
include { SEARCH_PROFILES   } from '../modules/parse/search_profiles'
include { SEARCH_TEMPLATES  } from '../modules/parse/search_templates'
include { SELECT_CANDIDATES } from '../modules/parse/select_candidates'
include { ALIGN_TEMPLATES   } from '../modules/parse/align_templates'
include { PARSE_DOMAINS     } from '../modules/parse/parse_domains'
include { BUILD_FOLDSEEK_DATABASE } from '../modules/reference/build_foldseek_database'
include { IMPORT_DALI       } from '../modules/reference/import_dali'
include { fingerprint       } from '../functions/fingerprint'

workflow PARSE {
    take:
    buckets   // channel: [ bucket, json, [ structures ], [ paes ] ], from bucketsOf()
    reference // map: templates, statistics, foldseek, dali (path, path or empty list, [ files ], path or empty list)
    sequences // map: database, uniref, profiles ([ files ] each, or empty), skip_addss; or null for no HH-suite
    settings  // map: parameters that affect results

    main:
    // [ engine, record ], e.g. [ 'foldseek', foldseek.engine.json ]: of engines that are programs of their own
    CHECK_ENGINE(
        channel.fromList([settings.search_engine, settings.alignment_engine] - 'native'),
        settings.subMap(['foldseek_evalue', 'foldseek_sensitivity']),
        fingerprint('check_engine'),
    )
    // text: version and options of the program that searches, and of the one that aligns; empty for embedded engines
    ch_records = CHECK_ENGINE.out.record
        .map { engine, record -> [engine, record.text] }
        .mix(channel.of(['native', '']))
    ch_searcher = ch_records.filter { row -> row[0] == settings.search_engine }.map { row -> row[1] }.first()
    ch_aligner = ch_records.filter { row -> row[0] == settings.alignment_engine }.map { row -> row[1] }.first()

    // [ files ]: of Foldseek's database, if Foldseek searches
    def search_settings = settings.subMap(['search_engine', 'leave_out'])
    ch_database = channel.value([])
    if (settings.search_engine == 'foldseek') {
        search_settings += settings.subMap(['foldseek_evalue', 'foldseek_sensitivity'])
        if (reference.foldseek) {
            ch_database = channel.value(reference.foldseek)
        }
        else {
            log.info('The reference has no Foldseek database, so this run makes one (--foldseek_db, docs/engines.md).')
            BUILD_FOLDSEEK_DATABASE(
                reference.templates,
                ch_searcher,
                '',
                fingerprint('build_foldseek_database'),
            )
            ch_database = BUILD_FOLDSEEK_DATABASE.out.database
        }
    }

    PREPARE_PROTEINS(
        buckets.map { bucket, _json, structures, paes -> [bucket, structures, paes] },
        buckets.map { _bucket, json, _structures, _paes -> json },
        fingerprint('prepare_proteins'),
    )

    // [ archives ]: all buckets at once, e.g. [ bucket-0000.proteins.zip, bucket-0003.proteins.zip ]
    ch_archives = PREPARE_PROTEINS.out.proteins
        .map { _bucket, archive -> archive }
        .collect(sort: { archive -> archive.name })
    SEARCH_TEMPLATES(
        ch_archives,
        reference.templates,
        ch_database,
        search_settings,
        ch_searcher,
        fingerprint('search_templates'),
    )

    // [ bucket, hits, left_out ]
    ch_hits = SEARCH_TEMPLATES.out.hits
        .flatten()
        .map { table -> [table.name - '.hits.tsv', table] }
        .join(
            SEARCH_TEMPLATES.out.left_out.flatten().map { table -> [table.name - '.left_out.tsv', table] }
        )

    // [ bucket, reports ]: an empty list without HH-suite
    ch_reports = PREPARE_PROTEINS.out.proteins.map { bucket, _archive -> [bucket, []] }
    ch_profile_files = channel.empty()
    if (sequences) {
        SEARCH_PROFILES(
            PREPARE_PROTEINS.out.proteins,
            sequences.database,
            sequences.uniref,
            sequences.profiles,
            sequences.skip_addss,
            fingerprint('search_profiles'),
        )
        ch_reports = SEARCH_PROFILES.out.reports
        ch_profile_files = SEARCH_PROFILES.out.ledger.mix(
            SEARCH_PROFILES.out.cpus,
            settings.save_intermediates ? ch_reports.map { _bucket, archive -> archive } : channel.empty()
        )
    }

    // [ bucket, archive, hits, left_out, reports ]
    SELECT_CANDIDATES(
        PREPARE_PROTEINS.out.proteins.join(ch_hits).join(ch_reports),
        reference.templates,
        settings.parameters,
        fingerprint('select_candidates'),
    )

    // path: the templates as DaliLite reads them, if DaliLite aligns
    ch_imported = channel.value([])
    if (settings.alignment_engine == 'dalilite') {
        if (reference.dali) {
            ch_imported = channel.value(reference.dali)
        }
        else {
            log.info('The reference has no templates for DaliLite, so this run imports its candidates (--dali_import).')
            IMPORT_DALI(
                reference.templates,
                [],
                SELECT_CANDIDATES.out.candidates.map { _bucket, table -> table }.collect(sort: { table -> table.name }),
                ch_aligner,
                '',
                fingerprint('import_dali'),
            )
            ch_imported = IMPORT_DALI.out.imported.first()
        }
    }

    // [ bucket, archive, candidates ]
    ALIGN_TEMPLATES(
        PREPARE_PROTEINS.out.proteins.join(SELECT_CANDIDATES.out.candidates),
        reference.templates,
        ch_imported,
        settings.subMap(['parameters', 'alignment_engine', 'min_block']),
        ch_aligner,
        fingerprint('align_templates'),
    )

    // [ bucket, archive, hits, left_out, filtered, mappings, candidates, alignments ]
    PARSE_DOMAINS(
        PREPARE_PROTEINS.out.proteins
            .join(ch_hits)
            .join(SELECT_CANDIDATES.out.hits)
            .join(SELECT_CANDIDATES.out.candidates)
            .join(ALIGN_TEMPLATES.out.alignments),
        reference.templates,
        reference.statistics,
        settings.subMap(['parameters', 'leave_out', 'save_intermediates']),
        fingerprint('parse_domains'),
    )

    proteins = PREPARE_PROTEINS.out.proteins
    parsed = PARSE_DOMAINS.out.parsed
    features = PARSE_DOMAINS.out.features
    files = PREPARE_PROTEINS.out.ledger.mix(
        CHECK_ENGINE.out.record.map { _engine, record -> record },
        SEARCH_TEMPLATES.out.ledger,
        SEARCH_TEMPLATES.out.cpus,
        settings.leave_out == 'none' ? channel.empty() : SEARCH_TEMPLATES.out.left_out.flatten(),
        ch_profile_files,
        SELECT_CANDIDATES.out.ledger,
        ALIGN_TEMPLATES.out.ledger,
        ALIGN_TEMPLATES.out.cpus,
        PARSE_DOMAINS.out.ledger,
        PARSE_DOMAINS.out.dpam_files,
    )

    emit:
    proteins // [ bucket, archive ]
    parsed   // [ bucket, table of domains ]
    features // [ bucket, table of step 15 ]
    files    // path: for the last step: ledgers, *.{engine,cpus}.json, templates left out, DPAM's files (if requested)
}
