// What --input names, as one map a row: [ id, structure, pae, reason ], in input order.
//
// `reason` is null for a row that can be tried, else one sentence; nothing here stops for a bad row.

// Endings of structure and PAE files, each possibly gzipped.
def structureEndings() { ['.cif', '.mmcif', '.pdb', '.ent'] }

def paeEndings() { ['.json', '.hdf', '.hdf5', '.h5'] }

// A file name without `.gz` and one of the endings, or null.
def stem(name, endings) {
    def plain = name.endsWith('.gz') ? name[0..<-3] : name
    def ending = endings.find { e -> plain.toLowerCase().endsWith(e) }
    return ending ? plain[0..<(plain.size() - ending.size())] : null
}

// Rows of a samplesheet.
def sheetRows(sheet) {
    def records = csvRecords(sheet.text.replace('\uFEFF', ''))
    if (!records) {
        error("The samplesheet ${sheet.name} is empty; it needs the header id,structure,pae and a row for each protein.")
    }
    def header = records.first().collect { field -> field.trim() }
    def missing = ['id', 'structure'].findAll { column -> !(column in header) }
    if (missing) {
        error("The samplesheet ${sheet.name} has no column ${missing.join(' and ')}; its header must be id,structure,pae.")
    }
    if (records.size() == 1) {
        error("The samplesheet ${sheet.name} has a header but no protein.")
    }
    return records.tail().collect { fields ->
        def row = [header, fields].transpose().collectEntries { name, value -> [(name): value.trim()] }
        [
            id: row.id ?: '',
            structure: located(row.structure, sheet.parent),
            pae: located(row.pae, sheet.parent),
            reason: fields.size() > header.size() ? "the samplesheet's row has ${fields.size()} fields, its header ${header.size()}; quote fields that hold commas" : null,
        ]
    }
}

// Records of a CSV text, blank ones left out: commas and line ends inside double quotes do not part, two double quotes
// inside mean one.
def csvRecords(text) {
    def records = [[]]
    (text =~ /(?:"((?:[^"]++|"")*+)"|([^,\r\n]*+))(,|\r?\n|\z)/).each { _all, quoted, plain, end ->
        records.last().add(quoted == null ? plain : quoted.replace('""', '"'))
        if (end != ',') {
            records.add([])
        }
    }
    return records.findAll { fields -> fields.any { field -> field.trim() } }
}

// A path that counts from a folder unless it is absolute or has a scheme; null if there is none.
def located(text, folder) {
    if (!text) {
        return null
    }
    def path = text.startsWith('/') || text.contains('://') ? text : "${folder.toUriString()}/${text}"
    // glob: false, or a name with [, * or ? would be read as a pattern
    return file(path, glob: false)
}

// What a file of a folder is: [ id, kind, rank ], or null. Lower ranks win where an id has several of a kind.
def recognised(name) {
    def structure = stem(name, structureEndings())
    if (structure != null) {
        def rank = name.contains('.cif') || name.contains('.mmcif') ? 0 : 1
        def afdb = structure =~ /^(AF-.+-F\d+)-model_v\d+$/
        def colabfold = structure =~ /^(.+?)_(un)?relaxed_rank_0*(\d+)_.+$/
        if (afdb) {
            return [id: afdb[0][1], kind: 'structure', rank: rank]
        }
        if (colabfold) {
            // of ColabFold's models only the best is used, the relaxed one first
            return colabfold[0][3] == '1' ? [id: colabfold[0][1], kind: 'structure', rank: colabfold[0][2] ? 3 : 2] : null
        }
        return [id: structure - ~/_model$/, kind: 'structure', rank: rank]
    }
    def pae = stem(name, paeEndings())
    if (pae != null) {
        def afdb = pae =~ /^(AF-.+-F\d+)-predicted_aligned_error_v\d+$/
        def scores = pae =~ /^(.+?)_scores_rank_0*(\d+)_.+$/
        if (afdb) {
            return [id: afdb[0][1], kind: 'pae', rank: 0]
        }
        if (scores) {
            return scores[0][2] == '1' ? [id: scores[0][1], kind: 'pae', rank: 1] : null
        }
        if (pae ==~ /.+_(summary_confidences|job_request|data)/) {
            return null
        }
        def plain = pae - ~/(_predicted_aligned_error_v\d+|_full_data|_confidences|[._]pae)$/
        return [id: plain, kind: 'pae', rank: 0]
    }
    return null
}

// Rows of a folder: files paired by name, or one folder a protein.
def folderRows(folder) {
    def entries = folder.listFiles().toList().toSorted { path -> path.name }
    def loose = entries.findAll { path -> !path.isDirectory() }.collect { path ->
        def what = recognised(path.name)
        what ? what + [path: path] : null
    }
    def nested = entries.findAll { path -> path.isDirectory() }.collectMany { sub ->
        sub.listFiles().toList().collect { path ->
            def what = path.isDirectory() ? null : recognised(path.name)
            what ? what + [id: sub.name, path: path] : null
        }
    }
    def byId = (loose + nested).findAll { entry -> entry != null }.groupBy { entry -> entry.id }
    def rows = byId.keySet().toSorted().collect { id ->
        def best = byId[id].groupBy { entry -> entry.kind }.collectEntries { kind, found ->
            [(kind): found.min { entry -> [entry.rank, entry.path.name].toString() }.path]
        }
        [id: id, structure: best.structure, pae: best.pae, reason: null]
    }
    // a PAE file alone is no input
    def withStructure = rows.findAll { row -> row.structure != null }
    if (!withStructure) {
        error("The folder ${folder.name} holds no structure (.pdb or .cif, possibly gzipped).")
    }
    return withStructure
}

// Why a row cannot be tried, or null.
def rowReason(row, number, firstRowOf) {
    if (row.reason) {
        return row.reason
    }
    if (!row.id) {
        return "row ${number} of the samplesheet has no id"
    }
    if (!(row.id ==~ /[A-Za-z0-9][A-Za-z0-9._-]{0,79}/) || row.id.endsWith('.')) {
        return 'the id must be 1 to 80 letters, digits, dots, underscores or hyphens, begin with a letter or digit and ' +
            'not end with a dot'
    }
    if (firstRowOf[row.id] != number) {
        return "the id stands in row ${firstRowOf[row.id]} already; this row (${number}) is left out"
    }
    if (row.structure == null) {
        return 'no structure is given'
    }
    def lost = [row.structure, row.pae].find { path -> path != null && !path.exists() }
    if (lost) {
        return "there is no file ${lost.name}"
    }
    def directory = [row.structure, row.pae].find { path -> path != null && path.isDirectory() }
    return directory ? "${directory.name} is a folder, not a file" : null
}

// All rows of a samplesheet or folder, each with its reason.
def readInputs(input) {
    def rows = input.isDirectory() ? folderRows(input) : sheetRows(input)
    def firstRowOf = [:]
    rows.eachWithIndex { row, i -> firstRowOf.putIfAbsent(row.id, i + 1) }
    return rows.withIndex().collect { row, i -> row + [reason: rowReason(row, i + 1, firstRowOf)] }
}

// Number of buckets for n proteins: a power of two that grows with the square root, so that the tasks' fixed cost stays
// small and one added protein seldom changes it.
def defaultBuckets(n) {
    def wanted = n <= 1 ? 1 : 1.5 * Math.sqrt(n)
    return (0..10).collect { exponent -> 2 ** exponent }.find { count -> count >= wanted } ?: 1024
}

// Proteins by bucket: [ bucket, json, [ structures ], [ paes ] ]. A protein's bucket depends on its id alone, and what a
// bucket's task is given depends on its own proteins alone, so that others can come and go.
def bucketsOf(rows, count) {
    def byBucket = rows.groupBy { row -> Integer.parseInt(row.id.md5()[0..6], 16) % count }
    return byBucket.keySet().toSorted().collect { number ->
        def members = byBucket[number].toSorted { row -> row.id }
        def withPae = members.findAll { row -> row.pae != null }
        def entries = members.withIndex().collect { row, i ->
            [
                id: row.id,
                structure: "structures/${i + 1}/${row.structure.name}".toString(),
                pae: row.pae == null ? null : "paes/${withPae.indexOf(row) + 1}/${row.pae.name}".toString(),
            ]
        }
        def name = "bucket-${number.toString().padLeft(4, '0')}".toString()
        [name, groovy.json.JsonOutput.toJson(entries), members*.structure, withPae*.pae]
    }
}
