// Train the DOMASS network on features (DPAM step 15) of proteins whose domains are known.
process TRAIN_DOMASS {
    label 'light'
    label 'required'
    cache 'deep'
    publishDir "${outdir}", mode: 'copy', overwrite: true

    input:
    path features, stageAs: 'features/*'
    // tables of known domains: protein, range, h_group
    path labels, stageAs: 'labels/?/*'
    path reference
    val seed
    val outdir
    // includes the text of requirements-train.txt: the versions of TensorFlow and Keras affect the network
    val fingerprint

    output:
    path 'domass.npz', emit: network
    path 'report.md', emit: report
    path 'reliability.svg', emit: plot

    script:
    """
    ${task.ext.launcher} train_domass.py --features features --labels labels/*/* --reference ${reference} \\
        --seed ${seed} --out domass.npz --report report.md --plot reliability.svg ${task.ext.threads}
    """

    stub:
    """
    touch domass.npz report.md reliability.svg
    """
}
