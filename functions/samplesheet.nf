// Read a samplesheet (CSV), and find the files that it names.

// Records of a CSV text, each a list of fields without blanks around them; blank records are skipped. Commas and line
// ends inside double quotes belong to a field, two double quotes inside mean one.
def csvRecords(text) {
    def records = [[]]
    (text =~ /(?:[ \t]*"((?:[^"]++|"")*+)"[ \t]*|([^,\r\n]*+))(,|\r?\n|\r|\z)/).each { _all, quoted, plain, end ->
        records.last().add((quoted == null ? plain : quoted.replace('""', '"')).trim())
        if (end != ',') {
            records.add([])
        }
    }
    return records.findAll { fields -> fields.any() }
}

// The file that a field names, as [ path, reason ]; it is relative to a folder unless it is absolute or has a scheme.
def located(text, folder) {
    if (!text) {
        return [path: null, reason: null]
    }
    try {
        def path = text.startsWith('/') || text.contains('://') ? text : "${folder.toUriString()}/${text}"
        // glob: false, because a name with [, * or ? would be read as a pattern
        def found = file(path, glob: false)
        return [path: found, reason: found.exists() ? null : "there is no file ${text}"]
    }
    catch (Exception problem) {
        return [path: null, reason: "${text} cannot be read: ${problem.message}"]
    }
}
