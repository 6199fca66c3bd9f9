// Structures into domains: DPAM's steps 1 and 3 to 13, step-first.
//
// Still to come, each between two of the processes below: HHSUITE_SEARCH beside FOLDSEEK_SEARCH, DOMASS_SCORE (all
// proteins, by collect()) and ASSIGN_DOMAINS after PARSE_DOMAINS.

include { PREPARE           } from '../modules/prepare/main'
include { FOLDSEEK_SEARCH   } from '../modules/foldseek_search/main'
include { SELECT_CANDIDATES } from '../modules/select_candidates/main'
include { DALI_ALIGN        } from '../modules/dali_align/main'
include { PARSE_DOMAINS     } from '../modules/parse_domains/main'
include { REPORT            } from '../modules/report/main'
include { fingerprint       } from './fingerprint'
include { bucketsOf ; defaultBuckets } from './buckets'

workflow DOMAINS {
    take:
    rows      // list of maps: id, structure, pae, reason; in input order
    reference // path: template store
    settings  // map: parameters that shape results
    run       // map: buckets, outdir, save_intermediates, record (for provenance.json)
    project   // path: the checkout

    main:
    def good = rows.findAll { row -> row.reason == null }
    def code = ['prepare_proteins', 'search_templates', 'select_candidates', 'align_templates', 'parse_domains', 'write_results']
        .collectEntries { name -> [(name): fingerprint("${name}.py", project)] }

    // [ bucket, json, [ structures ], [ paes ] ]: a bucket's proteins, e.g. [ 'bucket-0003', '[{"id": …}]', [ a.pdb ], [] ]
    ch_buckets = channel.fromList(bucketsOf(good, run.buckets ?: defaultBuckets(good.size())))
    PREPARE(
        ch_buckets.map { bucket, _json, structures, paes -> [bucket, structures, paes] },
        ch_buckets.map { _bucket, json, _structures, _paes -> json },
        code.prepare_proteins,
    )

    // [ archives ]: all buckets at once, e.g. [ bucket-0000.proteins.zip, bucket-0003.proteins.zip ]
    ch_archives = PREPARE.out.proteins
        .map { _bucket, archive -> archive }
        .collect(sort: { archive -> archive.name })
    FOLDSEEK_SEARCH(ch_archives, reference, settings.search_engine, code.search_templates)

    // [ bucket, archive, hits ]
    ch_hits = FOLDSEEK_SEARCH.out.hits
        .flatten()
        .map { hits -> [hits.name - '.hits.tsv', hits] }
    SELECT_CANDIDATES(PREPARE.out.proteins.join(ch_hits), settings.parameters, code.select_candidates)

    // [ bucket, archive, candidates ]
    ch_candidates = PREPARE.out.proteins.join(SELECT_CANDIDATES.out.candidates)
    DALI_ALIGN(
        ch_candidates,
        reference,
        settings.parameters,
        settings.alignment_engine,
        settings.min_block,
        code.align_templates,
    )

    // [ bucket, archive, hits, candidates, alignments ]
    ch_alignments = PREPARE.out.proteins
        .join(ch_hits)
        .join(SELECT_CANDIDATES.out.candidates)
        .join(DALI_ALIGN.out.alignments)
    PARSE_DOMAINS(
        ch_alignments,
        reference,
        settings.parameters,
        settings.search_engine,
        settings.alignment_engine,
        code.parse_domains,
    )

    // [ files ]: ledgers and domain tables of all tasks that ended, and DPAM's files if they are wanted; never empty, so
    // that the last step runs whatever happened before
    ch_parts = PREPARE.out.ledger
        .mix(FOLDSEEK_SEARCH.out.ledger, SELECT_CANDIDATES.out.ledger, DALI_ALIGN.out.ledger, PARSE_DOMAINS.out.ledger)
        .mix(PARSE_DOMAINS.out.domains)
        .mix(run.save_intermediates ? PARSE_DOMAINS.out.dpam_files : channel.empty())
        .collect(sort: { part -> part.name })
        .ifEmpty([])
    def inputs = rows.collect { row -> [id: row.id, reason: row.reason] }
    def record = groovy.json.JsonOutput.toJson([inputs: inputs, run: run.record + [code: code]])
    REPORT(record, ch_parts, reference, run.outdir, code.write_results)

    ledger = REPORT.out.ledger
    summary = REPORT.out.summary

    emit:
    ledger  // path: ledger.tsv
    summary // path: lines to end the run with
}
