// Find the proteins that --input names, and split an archive of them into parts, one or more for each bucket.
process LIST_INPUTS {
    label 'light'
    label 'required'
    // the date of the input is part of its stamp, where it matters
    cache 'lenient'
    publishDir "${outdir}", mode: 'copy', overwrite: true, pattern: 'unused_files.tsv'

    input:
    path input, stageAs: 'input/given'
    // the other files of a FoldComp database, or empty lists
    path index, stageAs: 'input/given.index'
    path lookup, stageAs: 'input/given.lookup'
    // The name is the user's text. It is passed by standard input, where no shell interprets it.
    stdin
    val outdir
    val fingerprint

    output:
    path 'inputs.jsonl', emit: rows
    path 'parts/*.tar', emit: parts, optional: true
    path 'unused_files.tsv', emit: unused

    script:
    """
    list_inputs.py --input input/given
    """

    // light enough for a stub, and what follows needs its rows
    stub:
    """
    list_inputs.py --input input/given
    """
}
