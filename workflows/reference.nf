// A reference: templates, their statistics and, if wanted, an HH-suite database and DPAM's own data folder.

include { PLAN_DOMAINS      } from '../modules/plan_domains/main'
include { CUT_DOMAINS       } from '../modules/cut_domains/main'
include { JOIN_TEMPLATES    } from '../modules/join_templates/main'
include { IMPORT_DPAM       } from '../modules/import_dpam/main'
include { ALIGN_HOMOLOGUES  } from '../modules/align_homologues/main'
include { FINISH_STATISTICS } from '../modules/finish_statistics/main'
include { BUILD_HH_DATABASE } from '../modules/build_hh_database/main'
include { EXPORT_DPAM       } from '../modules/export_dpam/main'
include { PUBLISH_REFERENCE } from '../modules/publish_reference/main'
include { fingerprint       } from './fingerprint'

// Buckets for the alignments of so many domains: a power of two, so that one more seldom changes it.
def homologueBuckets(domains) {
    return (0..10).collect { exponent -> 2 ** exponent }.find { count -> count * 100 >= domains } ?: 2048
}

// Names in the column `file` of a bucket's table.
def filesOf(table) {
    def rows = table.readLines().collect { line -> line.split('\t', -1).toList() }
    def column = rows.first().indexOf('file')
    return rows.tail().collect { row -> row[column] }.toUnique().toSorted()
}

// A folder of templates and statistics from a table and structures.
workflow BUILD {
    take:
    source // map: table, structures (map of paths by name), obsolete
    run    // map: buckets
    code   // map: checksums of the executables

    main:
    PLAN_DOMAINS(
        source.table,
        source.structures.keySet().toSorted().join('\n'),
        source.obsolete,
        run.buckets ?: 0,
        code.plan_domains,
    )

    // [ bucket, rows, [ structures ] ], e.g. [ 'bucket-0003', 'uid\tid…', [ 1abc.cif.gz ] ]
    ch_buckets = PLAN_DOMAINS.out.buckets
        .flatten()
        .map { table -> [table.name - '.domains.tsv', table.text, filesOf(table).collect { name -> source.structures[name] }] }
    CUT_DOMAINS(
        ch_buckets.map { bucket, _rows, structures -> [bucket, structures] },
        ch_buckets.map { _bucket, rows, _structures -> rows },
        code.cut_domains,
    )

    // [ files ]: stores and ledgers of all buckets
    ch_parts = CUT_DOMAINS.out.templates
        .mix(CUT_DOMAINS.out.ledger)
        .collect(sort: { part -> part.name })
    JOIN_TEMPLATES(PLAN_DOMAINS.out.planned, ch_parts, code.join_templates)

    // [ bucket, buckets ], e.g. [ 3, 32 ]
    ch_numbers = JOIN_TEMPLATES.out.ledger.flatMap { ledger ->
        def count = homologueBuckets(ledger.readLines().size() - 1)
        (0..<count).collect { bucket -> [bucket, count] }
    }
    ALIGN_HOMOLOGUES(
        ch_numbers.map { bucket, _count -> bucket },
        ch_numbers.map { _bucket, count -> count },
        JOIN_TEMPLATES.out.templates,
        code.align_homologues,
    )
    FINISH_STATISTICS(
        ALIGN_HOMOLOGUES.out.pairs.collect(sort: { pairs -> pairs.name }),
        JOIN_TEMPLATES.out.templates,
        [],
        code.finish_statistics,
    )

    templates = JOIN_TEMPLATES.out.templates
    statistics = FINISH_STATISTICS.out.statistics
    ledger = JOIN_TEMPLATES.out.ledger

    emit:
    templates
    statistics
    ledger
}

workflow REFERENCE {
    take:
    source  // map as referenceSource makes it
    run     // map: buckets, export, outdir, record (for reference.json)
    project // path: the checkout

    main:
    def names = [
        'plan_domains', 'cut_domains', 'join_templates', 'import_dpam', 'align_homologues', 'finish_statistics',
        'build_hh_database', 'export_dpam', 'finish_reference',
    ]
    def code = names.collectEntries { name -> [(name): fingerprint("${name}.py", project)] }
    record = channel.empty()
    if (source.templates) {
        ch_templates = channel.value(source.templates)
        ch_statistics = channel.value(source.statistics)
    }
    else {
        if (source.data) {
            IMPORT_DPAM(source.data, code.import_dpam)
            ch_templates = IMPORT_DPAM.out.templates
            ch_statistics = IMPORT_DPAM.out.statistics
            ch_ledger = IMPORT_DPAM.out.ledger
        }
        else {
            BUILD(source, run, code)
            ch_templates = BUILD.out.templates
            ch_statistics = BUILD.out.statistics
            ch_ledger = BUILD.out.ledger
        }
        ch_hh = channel.value([])
        if (source.profiles) {
            BUILD_HH_DATABASE(ch_templates, source.profiles, code.build_hh_database)
            ch_hh = BUILD_HH_DATABASE.out.database
        }
        def asked = run.record.parameters.subMap(['domains', 'structures', 'obsolete', 'profiles', 'dpam_data'])
        def known = groovy.json.JsonOutput.toJson(run.record + [parameters: asked, code: code])
        PUBLISH_REFERENCE(known, ch_templates, ch_statistics, ch_ledger, ch_hh, run.outdir, code.finish_reference)
        record = PUBLISH_REFERENCE.out.record
    }
    if (run.export == 'dpam') {
        EXPORT_DPAM(ch_templates, ch_statistics, run.outdir, code.export_dpam)
    }

    emit:
    record // path: reference.json; nothing if an existing reference is exported
}
