// List the proteins that --input names, and group them into buckets.

include { LIST_INPUTS } from '../modules/inputs/list_inputs'
include { archiveBucket ; bucketsOf } from '../functions/buckets'
include { fingerprint } from '../functions/fingerprint'
include { inputFacts ; readRows ; sibling } from '../functions/inputs'
include { stageable   } from '../functions/staging'

workflow INPUTS {
    take:
    input  // path: samplesheet, folder, archive, list of paths or structure; or null for none
    copies // path: folder for copies of files whose names cannot stand in a script
    run    // map: buckets, outdir

    main:
    rows = channel.value([])
    archives = channel.empty()
    if (input) {
        LIST_INPUTS(
            stageable(input, copies),
            sibling(input, '.index'),
            sibling(input, '.lookup'),
            inputFacts(input, run.buckets),
            run.outdir,
            fingerprint('list_inputs'),
        )
        rows = LIST_INPUTS.out.rows.map { listed -> readRows(listed, input, copies) }
        // [ bucket, json, [ parts ], [] ]
        archives = LIST_INPUTS.out.parts
            .flatMap { parts -> [parts].flatten().groupBy { path -> path.name.tokenize('.').first() }.entrySet() }
            .map { entry -> archiveBucket(entry.key, entry.value) }
    }

    emit:
    rows     // value channel: [ [ id, structure, pae, reason ] ]: every input in its order
    archives // channel: buckets of an archive's proteins, as bucketsOf() makes them of files
}
