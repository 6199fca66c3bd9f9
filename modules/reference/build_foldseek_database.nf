// Make a Foldseek database of the templates.
process BUILD_FOLDSEEK_DATABASE {
    label 'build'
    label 'required'
    // A run that searches with the database does not keep it; the path then only has to exist.
    publishDir "${outdir ?: '.'}", mode: 'copy', overwrite: true, saveAs: { name -> outdir ? name : null }

    input:
    path templates
    // of Foldseek
    val version
    // folder of the reference, or an empty text
    val outdir
    val fingerprint

    output:
    path 'foldseek/*', emit: database

    script:
    """
    ${task.ext.launcher} build_foldseek_database.py --reference ${templates} \\
        ${task.ext.threads} --out-dir foldseek
    """

    stub:
    """
    mkdir foldseek
    touch foldseek/templates foldseek/templates.version
    """
}
