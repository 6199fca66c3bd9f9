// Parse proteins into domains, and compute the inputs of the network (DPAM steps 1 to 13 and 15), in three phases.
//
// Every file is named after its bucket and what it holds, such as bucket-0003.alignments.zip. The phases hand all of
// their files on in one channel, from which a step takes those it needs by their endings. So a phase can also begin
// with files that another run saved (workflows/phases.nf).
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
include { ofBuckets         } from '../functions/buckets'
include { fingerprint       } from '../functions/fingerprint'

workflow PARSE {
    take:
    buckets   // channel: [ bucket, json, [ structures ], [ paes ] ], from bucketsOf()
    saved     // channel: path: files of the phases that another run finished; may be empty
    phases    // [ names ] of the phases to do, e.g. [ 'align', 'parse' ]
    reference // map: templates, statistics, foldseek, dali (path, path or empty list, [ files ], path or empty list)
    sequences // map: database, uniref, profiles ([ files ] each, or empty), skip_addss; or null for no HH-suite
    settings  // map: parameters that affect results

    main:
    // [ engine, record ], e.g. [ 'foldseek', foldseek.engine.json ]: of engines that are programs of their own
    def engines = [search: settings.search_engine, align: settings.alignment_engine].subMap(phases).values() - 'native'
    CHECK_ENGINE(
        channel.fromList(engines.toList()),
        settings.subMap(['foldseek_evalue', 'foldseek_sensitivity']),
        fingerprint('check_engine'),
    )
    // text: version and options of the program that searches, and of the one that aligns; empty for embedded engines
    ch_records = CHECK_ENGINE.out.record
        .map { engine, record -> [engine, record.text] }
        .mix(channel.of(['native', '']))
    ch_searcher = ch_records.filter { row -> row[0] == settings.search_engine }.map { row -> row[1] }.first()
    ch_aligner = ch_records.filter { row -> row[0] == settings.alignment_engine }.map { row -> row[1] }.first()

    ch_files = saved.mix(CHECK_ENGINE.out.record.map { _engine, record -> record })
    if ('search' in phases) {
        SEARCH(buckets, reference, sequences, settings, ch_searcher)
        ch_files = ch_files.mix(SEARCH.out.files)
    }
    if ('align' in phases) {
        ALIGN(ch_files, reference, settings, ch_aligner)
        ch_files = ch_files.mix(ALIGN.out.files)
    }
    if ('parse' in phases) {
        // [ bucket, archive, hits, left_out, filtered, mappings, candidates, alignments ]
        PARSE_DOMAINS(
            ofBuckets(ch_files, '.proteins.zip')
                .join(ofBuckets(ch_files, '.hits.tsv'))
                .join(ofBuckets(ch_files, '.left_out.tsv'))
                .join(ofBuckets(ch_files, '.filtered.tsv'))
                .join(ofBuckets(ch_files, '.mappings.tsv'))
                .join(ofBuckets(ch_files, '.candidates.tsv'))
                .join(ofBuckets(ch_files, '.alignments.zip')),
            reference.templates,
            reference.statistics,
            settings.subMap(['parameters', 'structure_evidence', 'leave_out', 'save_intermediates']),
            fingerprint('parse_domains'),
        )
        ch_files = ch_files.mix(
            PARSE_DOMAINS.out.parsed.map { _bucket, table -> table },
            PARSE_DOMAINS.out.features.map { _bucket, table -> table },
            PARSE_DOMAINS.out.evidence,
            PARSE_DOMAINS.out.dpam_files,
            PARSE_DOMAINS.out.ledger,
        )
    }
    files = ch_files

    emit:
    files // path: all files of all buckets, and of the steps that work on all proteins at once
}

// Prepare the proteins, and find the templates worth aligning (steps 1 to 6 and 11).
workflow SEARCH {
    take:
    buckets   // channel: [ bucket, json, [ structures ], [ paes ] ]
    reference // map
    sequences // map, or null
    settings  // map
    searcher  // value channel: version and options of the engine's program

    main:
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
                searcher,
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
        searcher,
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
            ch_reports.map { _bucket, archive -> archive },
        )
    }

    // [ bucket, archive, hits, left_out, reports ]
    SELECT_CANDIDATES(
        PREPARE_PROTEINS.out.proteins.join(ch_hits).join(ch_reports),
        reference.templates,
        settings.parameters,
        fingerprint('select_candidates'),
    )

    files = PREPARE_PROTEINS.out.ledger.mix(
        PREPARE_PROTEINS.out.proteins.map { _bucket, archive -> archive },
        SEARCH_TEMPLATES.out.hits.flatten(),
        SEARCH_TEMPLATES.out.left_out.flatten(),
        SEARCH_TEMPLATES.out.ledger,
        SEARCH_TEMPLATES.out.cpus,
        ch_profile_files,
        SELECT_CANDIDATES.out.hits.flatMap { _bucket, filtered, mappings -> [filtered, mappings] },
        SELECT_CANDIDATES.out.candidates.map { _bucket, table -> table },
        SELECT_CANDIDATES.out.ledger,
    )

    emit:
    files // path: of all steps here
}

// Align the proteins with their candidate templates (step 7).
workflow ALIGN {
    take:
    given     // channel: path: archives of proteins and tables of candidates, among others
    reference // map
    settings  // map
    aligner   // value channel: version and options of the engine's program

    main:
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
                ofBuckets(given, '.candidates.tsv')
                    .map { _bucket, table -> table }
                    .collect(sort: { table -> table.name }),
                aligner,
                '',
                fingerprint('import_dali'),
            )
            ch_imported = IMPORT_DALI.out.imported.first()
        }
    }

    // [ bucket, archive, candidates ]
    ALIGN_TEMPLATES(
        ofBuckets(given, '.proteins.zip').join(ofBuckets(given, '.candidates.tsv')),
        reference.templates,
        ch_imported,
        settings.subMap(['parameters', 'alignment_engine', 'min_block']),
        aligner,
        fingerprint('align_templates'),
    )

    files = ALIGN_TEMPLATES.out.ledger.mix(
        ALIGN_TEMPLATES.out.cpus,
        ALIGN_TEMPLATES.out.alignments.map { _bucket, archive -> archive },
    )

    emit:
    files // path: alignments, ledgers, records of CPUs
}
