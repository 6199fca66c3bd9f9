// Paths that can stand in a task's script.

// The path itself, or a copy (of a folder: a link) under a plain name if the path has characters with a meaning in a
// shell. Nextflow does not escape `$`, patterns and line breaks in the path of an input.
def stageable(path, copies) {
    if (path.toUriString() ==~ /[\p{L}\p{M}\p{N} ._\/@%+=:,-]+/) {
        return path
    }
    def plain = path.name.replaceAll(/[^A-Za-z0-9._-]/, '_')
    def copy = copies.resolve("${path.toUriString().md5()}/${plain}")
    if (path.isDirectory()) {
        copy.parent.mkdirs()
        return copy.exists() ? copy : java.nio.file.Files.createSymbolicLink(copy, path)
    }
    if (!copy.exists() || copy.size() != path.size() || copy.lastModified() != path.lastModified()) {
        copy.parent.mkdirs()
        java.nio.file.Files.copy(
            path,
            copy,
            java.nio.file.StandardCopyOption.REPLACE_EXISTING,
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
        )
    }
    return copy
}
