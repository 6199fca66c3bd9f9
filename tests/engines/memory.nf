// A task that needs more memory than its first attempt gets.

process FILL_MEMORY {
    output:
    stdout

    script:
    """
    python3 -c "print(len(b'x' * 300_000_000))"
    """
}

workflow {
    FILL_MEMORY().view()
}
