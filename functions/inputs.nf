// Hand the input to the task that lists its proteins, and read the rows that it wrote: [ id, structure, pae, reason ].
//
// What the input is, and which of its files belong together, is decided in that task. Here its paths become files.
// `reason` is null for a usable row, else one sentence. A bad row does not stop the run.

include { stageable } from './staging'

// Facts on an input for its task, as JSON: its name, the number of buckets that is asked for (or null), and a stamp
// that changes when the input does. A sheet that is written again with the same content has the same stamp.
def inputFacts(input, buckets) {
    def stamp = input.isDirectory()
        ? folderStamp(input)
        : (input.size() < 16 * 1024 * 1024 ? input.bytes.md5() : "${input.size()} ${input.lastModified()}")
    return groovy.json.JsonOutput.toJson([name: input.name, buckets: buckets, stamp: stamp.toString()])
}

// Checksum of the names, sizes and dates of all files in a folder.
def folderStamp(folder) {
    def digest = java.security.MessageDigest.getInstance('MD5')
    java.nio.file.Files.walk(folder, java.nio.file.FileVisitOption.FOLLOW_LINKS).withCloseable { paths ->
        paths.sorted().forEach { path ->
            def facts = path.isDirectory() ? '' : "${path.size()} ${path.lastModified()}"
            digest.update("${folder.relativize(path)} ${facts}\n".getBytes('UTF-8'))
        }
    }
    return digest.digest().encodeHex().toString()
}

// A file beside the input with another ending, or an empty list.
def sibling(input, ending) {
    def path = input.resolveSibling("${input.name}${ending}")
    return !input.isDirectory() && path.exists() ? path : []
}

// Rows of an input, from the file that its task wrote. `copies`: folder for copies of files whose names cannot stand in
// a script.
def readRows(listed, input, copies) {
    def lines = listed.readLines()
    def slurper = new groovy.json.JsonSlurper()
    def kind = slurper.parseText(lines.head()).kind
    return lines.tail().collect { line ->
        def row = slurper.parseText(line)
        row.reason || kind == 'archive' ? row : stageableRow(withFiles(row, kind, input), copies)
    }
}

// The row with files in the place of their paths.
def withFiles(row, kind, input) {
    if (kind == 'file') {
        return row + [structure: input]
    }
    def pairs = ([[row.structure, row.pae]] + (row.more ?: [])).collect { pair ->
        pair.collect { text -> placed(text, kind, input) }
    }
    def files = pairs.collect { pair -> pair*.path }
    return row + [
        structure: files.first()[0],
        pae: files.first()[1],
        more: files.tail(),
        reason: pairs.flatten()*.reason.find { reason -> reason },
    ]
}

// The file of a row, as [ path, reason ]; both are null for none.
def placed(text, kind, input) {
    if (!text) {
        return [path: null, reason: null]
    }
    return kind == 'folder' ? [path: input.resolve(text), reason: null] : located(text, input.parent)
}

// The file that a field of a samplesheet names, as [ path, reason ]. Unless it is absolute or has a scheme, it counts
// from the folder of the sheet, or else from the folder that the run was started from.
def located(text, folder) {
    try {
        def whole = text.startsWith('/') || text.contains('://')
        def paths = whole ? [text] : ["${folder.toUriString()}/${text}", "${workflow.launchDir.toUriString()}/${text}"]
        // glob: false, because a name with [, * or ? would be read as a pattern
        def candidates = paths.collect { path -> file(path, glob: false) }
        def found = candidates.find { path -> path.exists() }
        def places = whole ? '' : ', neither in the folder of the sheet nor in the folder that the run was started from'
        def reason = found == null
            ? "there is no file ${text}${places}"
            : (found.isDirectory() ? "${found.name} is a folder, not a file" : null)
        return [path: found, reason: reason]
    }
    catch (Exception problem) {
        return [path: null, reason: "${text} cannot be read: ${problem.message}"]
    }
}

// The row, with copies of files whose paths cannot stand in a task's script.
def stageableRow(row, copies) {
    if (row.reason) {
        return row
    }
    try {
        def pairs = ([[row.structure, row.pae]] + (row.more ?: [])).collect { pair ->
            pair.collect { path -> path ? stageable(path, copies) : null }
        }
        return row + [structure: pairs.first()[0], pae: pairs.first()[1], more: pairs.tail()]
    }
    catch (Exception problem) {
        return row + [reason: "its files cannot be read: ${problem.message}"]
    }
}
