// Import templates into the form that DaliLite reads: all of a reference, or the candidates of a run.
process IMPORT_DALI {
    label 'build'
    label 'required'
    // A run that aligns with the templates does not keep them; the path then only has to exist.
    publishDir "${outdir ?: '.'}", mode: 'copy', overwrite: true, saveAs: { name -> outdir ? name : null }

    input:
    path templates
    // DPAM's data folder, or an empty list
    path data
    // tables of candidates, or an empty list for all templates
    path candidates, stageAs: 'candidates/*'
    // of DaliLite
    val version
    // folder of the reference, or an empty text
    val outdir
    val fingerprint

    output:
    path 'dali.arrow', emit: imported

    script:
    def of_data = data ? "--dpam-data ${data}" : ''
    def chosen = candidates ? '--candidates candidates' : ''
    """
    ${task.ext.launcher} import_dali.py --reference ${templates} ${of_data} ${chosen} \\
        ${task.ext.threads} ${task.ext.scratch}
    """

    stub:
    """
    touch dali.arrow
    """
}
