// Pack the files of a bucket, or those of the whole run, into one file of a phase's folder.
process SAVE_PART {
    tag "${name}"
    label 'light'
    label 'required'
    publishDir "${folder}", mode: 'copy', overwrite: true, pattern: '*.tar'

    input:
    tuple val(name), path(files, stageAs: 'files/*')
    val folder
    val fingerprint

    output:
    path "${name}.tar", emit: part
    path "${name}.part.json", emit: record

    script:
    """
    save_part.py --name ${name} --in-dir files
    """

    // the files of stubs are packed as well, so that a stub run can be gone on with
    stub:
    """
    save_part.py --name ${name} --in-dir files
    """
}
