// Save what the finished phases of a run made (--stop_after), and go on from there in another run (--start_from).

include { SAVE_PART       } from '../modules/phases/save_part'
include { WRITE_PHASE     } from '../modules/phases/write_phase'
include { CHECK_PHASE     } from '../modules/phases/check_phase'
include { RESTORE_PART    } from '../modules/phases/restore_part'
include { REQUIRE_ALL     } from '../modules/domains/require_all'
include { REQUIRE_ANSWERS } from '../modules/domains/require_answers'
include { fingerprint     } from '../functions/fingerprint'
include { partsOf ; savedRows ; unmark } from '../functions/phases'

workflow SAVE {
    take:
    files     // channel: path: all files of the phases so far
    rows      // value channel: [ [ id, reason, … ] ]: every input in its order
    phase     // map: name, folder, facts (of phaseFacts()), steps, may_skip, strict
    checksums // [ paths ]: files of the reference

    main:
    SAVE_PART(
        files.collect().ifEmpty([]).flatMap { paths ->
            unmark(phase.folder)
            partsOf(paths)
        },
        phase.folder,
        fingerprint('save_part'),
    )
    ch_records = SAVE_PART.out.record.mix(files.filter { path -> path.name.endsWith('.ledger.tsv') })
    WRITE_PHASE(
        rows.map { every ->
            def inputs = every.collect { row -> row.subMap(['id', 'reason', 'bucket']) }
            groovy.json.JsonOutput.toJson(
                [phase: phase.name, steps: phase.steps, may_skip: phase.may_skip, inputs: inputs] + phase.facts
            )
        },
        ch_records.collect(sort: { path -> path.name }).ifEmpty([]),
        checksums,
        phase.folder,
        fingerprint('write_phase'),
    )
    REQUIRE_ANSWERS(WRITE_PHASE.out.ledger)
    if (phase.strict) {
        REQUIRE_ALL(WRITE_PHASE.out.ledger)
    }
    summary = WRITE_PHASE.out.summary

    emit:
    summary // path: numbers of proteins by outcome so far
}

workflow RESTORE {
    take:
    saved     // map: folder, record, of savedPhase()
    facts     // map: what shapes the results of the same phases in this run
    checksums // [ paths ]: files of the reference

    main:
    def folder = saved.folder
    def record = folder.resolve('phase.json')
    def names = saved.record.contents*.name
    def present = names.findAll { name -> folder.resolve(name).exists() }
    def sizes = present.collectEntries { name -> [(name): folder.resolve(name).size()] }
    CHECK_PHASE(
        groovy.json.JsonOutput.toJson([sizes: sizes] + facts),
        record,
        folder.resolve('inputs.json'),
        checksums,
        fingerprint('check_phase'),
    )
    RESTORE_PART(
        channel.fromList(present.findAll { name -> name.endsWith('.tar') }.collect { name -> folder.resolve(name) }),
        record,
        CHECK_PHASE.out.checked,
        fingerprint('restore_part'),
    )
    // every input in its order
    rows = CHECK_PHASE.out.checked.map { _checked -> savedRows(folder) }
    files = RESTORE_PART.out.files.flatten()

    emit:
    rows  // value channel: [ [ id, reason, bucket ] ]
    files // path: all files of the phases so far
}
