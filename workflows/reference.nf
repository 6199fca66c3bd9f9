// Build a reference: templates, their statistics and, if requested, databases for HH-suite and Foldseek, templates for
// DaliLite, and DPAM's own data folder.

include { PLAN_TEMPLATES    } from '../modules/reference/plan_templates'
include { CUT_TEMPLATES     } from '../modules/reference/cut_templates'
include { JOIN_TEMPLATES    } from '../modules/reference/join_templates'
include { IMPORT_DPAM       } from '../modules/reference/import_dpam'
include { ALIGN_HOMOLOGUES  } from '../modules/reference/align_homologues'
include { DERIVE_STATISTICS } from '../modules/reference/derive_statistics'
include { CHECK_ENGINE      } from '../modules/parse/check_engine'
include { BUILD_HH_DATABASE } from '../modules/reference/build_hh_database'
include { BUILD_FOLDSEEK_DATABASE } from '../modules/reference/build_foldseek_database'
include { IMPORT_DALI       } from '../modules/reference/import_dali'
include { EXPORT_DPAM       } from '../modules/reference/export_dpam'
include { WRITE_REFERENCE   } from '../modules/reference/write_reference'
include { checksumOf ; fingerprint ; fingerprints } from '../functions/fingerprint'

// Number of buckets for the alignments of n domains: a power of two, so that one more domain seldom changes it.
def homologueBuckets(domains) {
    return (0..10).collect { exponent -> 2 ** exponent }.find { count -> count * 100 >= domains } ?: 2048
}

// Names in the column `file` of a bucket's table.
def filesOf(table) {
    def rows = table.readLines().collect { line -> line.split('\t', -1).toList() }
    def column = rows.first().indexOf('file')
    return rows.tail().collect { row -> row[column] }.toUnique().toSorted()
}

// Build templates and statistics from a table and structures.
workflow BUILD {
    take:
    source // map: table, structures (map of paths by name), obsolete
    run    // map: buckets

    main:
    PLAN_TEMPLATES(
        source.table,
        source.structures.keySet().toSorted().join('\n'),
        source.obsolete,
        run.buckets ?: 0,
        fingerprint('plan_templates'),
    )

    // [ bucket, rows, [ structures ] ], e.g. [ 'bucket-0003', 'uid\tid…', [ 1abc.cif.gz ] ]
    ch_buckets = PLAN_TEMPLATES.out.buckets
        .flatten()
        .map { table ->
            def structures = filesOf(table).collect { name -> source.structures[name] }
            [table.name - '.domains.tsv', table.text, structures]
        }
    CUT_TEMPLATES(
        ch_buckets.map { bucket, _rows, structures -> [bucket, structures] },
        ch_buckets.map { _bucket, rows, _structures -> rows },
        fingerprint('cut_templates'),
    )

    // [ files ]: stores and ledgers of all buckets
    ch_parts = CUT_TEMPLATES.out.templates
        .mix(CUT_TEMPLATES.out.ledger)
        .collect(sort: { part -> part.name })
    JOIN_TEMPLATES(PLAN_TEMPLATES.out.planned, ch_parts, fingerprint('join_templates'))

    // [ bucket, buckets ], e.g. [ 3, 32 ]
    ch_numbers = JOIN_TEMPLATES.out.ledger.flatMap { ledger ->
        def count = homologueBuckets(ledger.readLines().size() - 1)
        (0..<count).collect { bucket -> [bucket, count] }
    }
    ALIGN_HOMOLOGUES(
        ch_numbers.map { bucket, _count -> bucket },
        ch_numbers.map { _bucket, count -> count },
        JOIN_TEMPLATES.out.templates,
        fingerprint('align_homologues'),
    )
    DERIVE_STATISTICS(
        ALIGN_HOMOLOGUES.out.pairs.collect(sort: { pairs -> pairs.name }),
        JOIN_TEMPLATES.out.templates,
        [],
        fingerprint('derive_statistics'),
    )

    templates = JOIN_TEMPLATES.out.templates
    statistics = DERIVE_STATISTICS.out.statistics
    ledger = JOIN_TEMPLATES.out.ledger

    emit:
    templates
    statistics
    ledger
}

workflow REFERENCE {
    take:
    source // map made by referenceSource
    run    // map: buckets, export, dali_import, foldseek, foldseek_evalue, foldseek_sensitivity, outdir, provenance,
           // report, report_assets

    main:
    contents = channel.empty()
    if (source.templates) {
        ch_templates = channel.value(source.templates)
        ch_statistics = channel.value(source.statistics)
    }
    else {
        if (source.data) {
            IMPORT_DPAM(source.data, fingerprint('import_dpam'))
            ch_templates = IMPORT_DPAM.out.templates
            ch_statistics = IMPORT_DPAM.out.statistics
            ch_ledger = IMPORT_DPAM.out.ledger
        }
        else {
            BUILD(source, run)
            ch_templates = BUILD.out.templates
            ch_statistics = BUILD.out.statistics
            ch_ledger = BUILD.out.ledger
        }
        ch_hh = channel.value([])
        if (source.profiles) {
            BUILD_HH_DATABASE(ch_templates, source.profiles, fingerprint('build_hh_database'))
            ch_hh = BUILD_HH_DATABASE.out.database
        }
        def asked = run.provenance.parameters.subMap(['domains', 'structures', 'obsolete', 'profiles', 'dpam_data'])
        def provenance = groovy.json.JsonOutput.toJson(run.provenance + [parameters: asked, code: fingerprints()])
        WRITE_REFERENCE(
            provenance,
            ch_templates,
            ch_statistics,
            ch_ledger,
            ch_hh,
            run.report ? run.report_assets : [],
            run.outdir,
            fingerprint('write_reference') + (run.report ? checksumOf(run.report_assets) : ''),
        )
        contents = WRITE_REFERENCE.out.contents
    }
    // text: version and options of each program
    CHECK_ENGINE(
        channel.fromList([run.foldseek ? 'foldseek' : null, run.dali_import ? 'dalilite' : null].findAll()),
        run.subMap(['foldseek_evalue', 'foldseek_sensitivity']),
        fingerprint('check_engine'),
    )
    ch_records = CHECK_ENGINE.out.record.map { engine, record -> [engine, record.text] }
    if (run.foldseek) {
        BUILD_FOLDSEEK_DATABASE(
            ch_templates,
            ch_records.filter { engine, _record -> engine == 'foldseek' }.map { _engine, record -> record },
            run.outdir,
            fingerprint('build_foldseek_database'),
        )
    }
    if (run.dali_import) {
        IMPORT_DALI(
            ch_templates,
            source.data ?: [],
            [],
            ch_records.filter { engine, _record -> engine == 'dalilite' }.map { _engine, record -> record },
            run.outdir,
            fingerprint('import_dali'),
        )
    }
    if (run.export == 'dpam') {
        EXPORT_DPAM(ch_templates, ch_statistics, run.outdir, fingerprint('export_dpam'))
    }

    emit:
    contents // path: reference.json; nothing with an existing reference
}
