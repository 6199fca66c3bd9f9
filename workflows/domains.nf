// Structures into classified domains (DOMAINS), and weights for the network that judges them (TRAIN): DPAM, step-first.
// Both begin with CUT, DPAM's steps 1 to 13 and 15.
//
// They share a script because Nextflow 25.04 includes one that has includes of its own only once in a run.

include { CHECK_RUN             } from '../modules/check_run/main'
include { PREPARE               } from '../modules/prepare/main'
include { HHSUITE_SEARCH        } from '../modules/hhsuite_search/main'
include { FOLDSEEK_SEARCH       } from '../modules/foldseek_search/main'
include { SELECT_CANDIDATES     } from '../modules/select_candidates/main'
include { DALI_ALIGN            } from '../modules/dali_align/main'
include { PARSE_DOMAINS         } from '../modules/parse_domains/main'
include { DOMASS_SCORE          } from '../modules/domass_score/main'
include { ASSIGN_DOMAINS        } from '../modules/assign_domains/main'
include { REPORT                } from '../modules/report/main'
include { MAKE_TRAINING_QUERIES } from '../modules/make_training_queries/main'
include { TRAIN_DOMASS          } from '../modules/train_domass/main'
include { TRAINING_LEDGER       } from '../modules/training_ledger/main'
include { fingerprint           } from './fingerprint'
include { bucketsOf ; defaultBuckets } from './buckets'

// Executables of CUT.
def cutSteps() {
    return ['prepare_proteins', 'search_templates', 'search_profiles', 'select_candidates', 'align_templates', 'parse_domains']
}

// Structures into domains, not yet assigned.
workflow CUT {
    take:
    buckets   // channel of [ bucket, json, [ structures ], [ paes ] ], from bucketsOf()
    reference // map: templates, statistics (paths; statistics may be an empty list)
    sequences // map: database, uniref, profiles ([ files ] each, or empty), skip_addss; or null for no HH-suite
    settings  // map: parameters that shape results
    code      // map: fingerprint of every executable, by its name without .py

    main:
    PREPARE(
        buckets.map { bucket, _json, structures, paes -> [bucket, structures, paes] },
        buckets.map { _bucket, json, _structures, _paes -> json },
        code.prepare_proteins,
    )

    // [ archives ]: all buckets at once, e.g. [ bucket-0000.proteins.zip, bucket-0003.proteins.zip ]
    ch_archives = PREPARE.out.proteins
        .map { _bucket, archive -> archive }
        .collect(sort: { archive -> archive.name })
    FOLDSEEK_SEARCH(ch_archives, reference.templates, settings.search_engine, settings.leave_out, code.search_templates)

    // [ bucket, hits, related ]
    ch_hits = FOLDSEEK_SEARCH.out.hits
        .flatten()
        .map { hits -> [hits.name - '.hits.tsv', hits] }
        .join(
            FOLDSEEK_SEARCH.out.related.flatten().map { related -> [related.name - '.related.tsv', related] }
        )

    // [ bucket, reports ]: an empty list without HH-suite
    ch_reports = PREPARE.out.proteins.map { bucket, _archive -> [bucket, []] }
    ch_ledgers = channel.empty()
    if (sequences) {
        HHSUITE_SEARCH(
            PREPARE.out.proteins,
            sequences.database,
            sequences.uniref,
            sequences.profiles,
            sequences.skip_addss,
            code.search_profiles,
        )
        ch_reports = HHSUITE_SEARCH.out.reports
        ch_ledgers = HHSUITE_SEARCH.out.ledger
    }

    // [ bucket, archive, hits, related, reports ]
    SELECT_CANDIDATES(
        PREPARE.out.proteins.join(ch_hits).join(ch_reports),
        reference.templates,
        settings.parameters,
        code.select_candidates,
    )

    // [ bucket, archive, candidates ]
    DALI_ALIGN(
        PREPARE.out.proteins.join(SELECT_CANDIDATES.out.candidates),
        reference.templates,
        settings.parameters,
        settings.alignment_engine,
        settings.min_block,
        code.align_templates,
    )

    // [ bucket, archive, hits, related, filtered, mappings, candidates, alignments ]
    PARSE_DOMAINS(
        PREPARE.out.proteins
            .join(ch_hits)
            .join(SELECT_CANDIDATES.out.hits)
            .join(SELECT_CANDIDATES.out.candidates)
            .join(DALI_ALIGN.out.alignments),
        reference.templates,
        reference.statistics,
        settings.parameters,
        settings.leave_out,
        code.parse_domains,
    )

    proteins = PREPARE.out.proteins
    parsed = PARSE_DOMAINS.out.parsed
    features = PARSE_DOMAINS.out.features
    left_out = FOLDSEEK_SEARCH.out.related.flatten()
    dpam_files = PARSE_DOMAINS.out.dpam_files
    reports = sequences ? HHSUITE_SEARCH.out.reports.map { _bucket, archive -> archive } : channel.empty()
    ledgers = ch_ledgers.mix(
        PREPARE.out.ledger,
        FOLDSEEK_SEARCH.out.ledger,
        SELECT_CANDIDATES.out.ledger,
        DALI_ALIGN.out.ledger,
        PARSE_DOMAINS.out.ledger,
    )

    emit:
    proteins   // [ bucket, archive ]
    parsed     // [ bucket, table of domains ]
    features   // [ bucket, table of the network's rows ]
    left_out   // table of templates left out for each protein
    reports    // archive of HH-suite's reports
    dpam_files // archive
    ledgers    // table
}

// Structures into classified domains.
workflow DOMAINS {
    take:
    rows      // list of maps: id, structure, pae, reason; in input order
    reference // map: templates, statistics (paths; statistics may be an empty list)
    sequences // map: database, uniref, profiles ([ files ] each), skip_addss; or null for no HH-suite
    network   // path: weights of the network
    settings  // map: parameters that shape results
    run       // map: buckets, outdir, save_intermediates, record (for provenance.json)
    project   // path: the checkout

    main:
    def good = rows.findAll { row -> row.reason == null }
    def code = (['check_run'] + cutSteps() + ['score_domass', 'assign_domains', 'write_results']).collectEntries { name ->
        [(name): fingerprint("${name}.py", project)]
    }

    CHECK_RUN(reference.templates, reference.statistics, network, settings.domass_engine, code.check_run)

    // [ bucket, json, [ structures ], [ paes ] ]: a bucket's proteins, e.g. [ 'bucket-0003', '[{"id": …}]', [ a.pdb ], [] ]
    ch_buckets = channel.fromList(bucketsOf(good, run.buckets ?: defaultBuckets(good.size())))
    CUT(ch_buckets, reference, sequences, settings, code)

    // [ tables ]: all buckets at once
    ch_features = CUT.out.features
        .map { _bucket, table -> table }
        .collect(sort: { table -> table.name })
    DOMASS_SCORE(ch_features, network, settings.domass_engine, code.score_domass)

    // [ bucket, archive, parsed, predictions ]
    ch_predictions = DOMASS_SCORE.out.predictions
        .flatten()
        .map { table -> [table.name - '.predictions.tsv', table] }
    ASSIGN_DOMAINS(
        CUT.out.proteins.join(CUT.out.parsed).join(ch_predictions),
        reference.templates,
        reference.statistics,
        settings.parameters,
        settings.compat ?: '',
        [search_engine: settings.search_engine, alignment_engine: settings.alignment_engine, network: network.name],
        code.assign_domains,
    )

    // [ files ]: ledgers and domain tables of all tasks that ended, and DPAM's files if they are wanted; never empty, so
    // that the last step runs whatever happened before
    ch_parts = CUT.out.ledgers
        .mix(DOMASS_SCORE.out.ledger, ASSIGN_DOMAINS.out.ledger, ASSIGN_DOMAINS.out.domains)
        .mix(settings.leave_out == 'none' ? channel.empty() : CUT.out.left_out)
        .mix(run.save_intermediates ? CUT.out.dpam_files.mix(CUT.out.reports, ASSIGN_DOMAINS.out.dpam_files) : channel.empty())
        .collect(sort: { part -> part.name })
        .ifEmpty([])
    def inputs = rows.collect { row -> [id: row.id, reason: row.reason] }
    // name and bytes of each file: databases are too large for checksums
    def databases = sequences ? (sequences.database + sequences.uniref).collectEntries { path -> [(path.name): path.size()] } : [:]
    def record = groovy.json.JsonOutput.toJson(
        [inputs: inputs, hhsuite: sequences != null, run: run.record + [code: code, databases: databases]]
    )
    REPORT(record, ch_parts, reference.templates, reference.statistics, network, run.outdir, code.write_results)

    ledger = REPORT.out.ledger
    summary = REPORT.out.summary

    emit:
    ledger  // path: ledger.tsv
    summary // path: lines to end the run with
}

// Weights for the network from proteins whose domains are known, each without the templates that know the answer.
workflow TRAIN {
    take:
    rows      // list of maps: id, structure, pae, reason: the user's labelled proteins, may be empty
    labels    // path: their domains, or an empty list
    reference // map: templates, statistics (paths)
    sequences // map: database, uniref, profiles ([ files ] each), skip_addss; or null for no HH-suite
    settings  // map: parameters that shape results
    run       // map: buckets, outdir, train_queries, seed
    project   // path: the checkout

    main:
    def good = rows.findAll { row -> row.reason == null }
    def code = (cutSteps() + ['make_training_queries', 'train_domass', 'write_training_ledger']).collectEntries { name ->
        [(name): fingerprint("${name}.py", project)]
    }

    MAKE_TRAINING_QUERIES(reference.templates, run.train_queries, run.seed, code.make_training_queries)

    // [ [ id, structure, pae, reason ] ]: templates as queries
    ch_queries = MAKE_TRAINING_QUERIES.out.structures.map { structures ->
        [structures].flatten().collect { path -> [id: path.name - ~/\.pdb$/, structure: path, pae: null, reason: null] }
    }
    // [ bucket, json, [ structures ], [ paes ] ]: the user's proteins and these
    ch_buckets = ch_queries.flatMap { queries ->
        def all = good + queries
        bucketsOf(all, run.buckets ?: defaultBuckets(all.size()))
    }
    CUT(ch_buckets, reference, sequences, settings + [leave_out: 'related'], code)

    // [ tables ]: known domains of all of them
    ch_labels = MAKE_TRAINING_QUERIES.out.labels.mix(channel.fromList([labels].flatten())).collect(sort: { table -> table.name })
    ch_record = ch_queries.map { queries ->
        def inputs = (rows + queries).collect { row -> [id: row.id, reason: row.reason] }
        groovy.json.JsonOutput.toJson([inputs: inputs, hhsuite: sequences != null])
    }
    TRAINING_LEDGER(
        ch_record,
        CUT.out.ledgers.collect(sort: { part -> part.name }).ifEmpty([]),
        ch_labels,
        run.outdir,
        code.write_training_ledger,
    )

    TRAIN_DOMASS(
        CUT.out.features.map { _bucket, table -> table }.collect(sort: { table -> table.name }),
        ch_labels,
        reference.templates,
        run.seed,
        run.outdir,
        code.train_domass + project.resolve('requirements-train.txt').text,
    )

    report = TRAIN_DOMASS.out.report
    summary = TRAINING_LEDGER.out.summary

    emit:
    summary // path: what became of the proteins
    report  // path: what networks trained without a fifth of the X-groups say of these
}
