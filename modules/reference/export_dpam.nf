// Write a reference in the layout of DPAM's published data folder.
process EXPORT_DPAM {
    label 'light'
    label 'required'
    publishDir "${outdir}", mode: 'copy', overwrite: true

    input:
    path templates
    // May be empty.
    path statistics
    val outdir
    val fingerprint

    output:
    path 'dpam', emit: data

    script:
    def with_statistics = statistics ? "--statistics ${statistics}" : ''
    """
    export_dpam.py --reference ${templates} ${with_statistics} --out-dir dpam
    """

    stub:
    """
    mkdir dpam
    """
}
