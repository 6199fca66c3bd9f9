// Draw codon usage and genes of all samples.
process PLOT_CODON_USAGE {
    label 'light'
    cache 'deep'
    publishDir "${outdir}", mode: 'copy', overwrite: true

    input:
    path parts, stageAs: 'parts/*'
    stdin
    path own_code
    val outdir
    val fingerprint

    output:
    path 'plots', emit: plots

    script:
    def option = own_code ? "--own-code ${own_code}" : ''
    """
    mkdir -p parts
    plot_codon_usage.py --in-dir parts --out-dir plots ${option}
    """

    stub:
    """
    mkdir plots
    touch plots/enc_gc3s.svg
    """
}
