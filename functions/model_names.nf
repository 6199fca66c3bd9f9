// Find the structure and the PAE file of each protein in a folder, by the names that predictors and databases use.

// Endings of structure and PAE files, each possibly gzipped.
def structureEndings() { ['.cif', '.mmcif', '.pdb', '.ent'] }

def paeEndings() { ['.json', '.hdf', '.hdf5', '.h5'] }

// A file name without `.gz` and one of the endings, or null.
def stem(name, endings) {
    def plain = name.toLowerCase().endsWith('.gz') ? name.dropRight(3) : name
    def ending = endings.find { e -> plain.toLowerCase().endsWith(e) }
    return ending ? plain.dropRight(ending.size()) : null
}

// Id and kind of a file: [ id, kind, rank ], or null for one that is not used. The lowest rank of an id and kind wins.
def recognised(name) {
    if (name.startsWith('.')) {
        return null
    }
    def structure = stem(name, structureEndings())
    if (structure != null) {
        return recognisedStructure(structure, name.toLowerCase().contains('cif') ? 0 : 1)
    }
    def pae = stem(name, paeEndings())
    return pae != null ? recognisedPae(pae) : null
}

def recognisedStructure(stem, rank) {
    // AlphaFold DB: AF-P12931-F1-model_v4
    def afdb = stem =~ /^(AF-.+-F\d+)-model_v\d+$/
    if (afdb) {
        return [id: afdb[0][1], kind: 'structure', rank: rank]
    }
    // ColabFold: NAME_relaxed_rank_001_alphafold2_ptm_model_3_seed_000; only the best is used, preferably relaxed
    def colabfold = stem =~ /^(.+?)_(un)?relaxed_rank_0*(\d+)_.+$/
    if (colabfold) {
        return colabfold[0][3] == '1' ? [id: colabfold[0][1], kind: 'structure', rank: colabfold[0][2] ? 3 : 2] : null
    }
    // AlphaFold 3: NAME_model
    return [id: stem - ~/_model$/, kind: 'structure', rank: rank]
}

def recognisedPae(stem) {
    def afdb = stem =~ /^(AF-.+-F\d+)-predicted_aligned_error_v\d+$/
    if (afdb) {
        return [id: afdb[0][1], kind: 'pae', rank: 0]
    }
    // ColabFold: NAME_scores_rank_001_… or NAME_predicted_aligned_error_v1
    def scores = stem =~ /^(.+?)_scores_rank_0*(\d+)_.+$/
    if (scores) {
        return scores[0][2] == '1' ? [id: scores[0][1], kind: 'pae', rank: 1] : null
    }
    // AlphaFold 3: NAME_confidences; its server numbers the models: NAME_full_data_0 belongs to NAME_model_0
    if (stem ==~ /.+_(summary_confidences(_\d+)?|job_request|data)/) {
        return null
    }
    def server = stem =~ /^(.+)_full_data_(\d+)$/
    if (server) {
        return [id: "${server[0][1]}_model_${server[0][2]}".toString(), kind: 'pae', rank: 0]
    }
    def named = stem - ~/(_predicted_aligned_error(_v\d+)?|_confidences|[._]pae)$/
    return [id: named, kind: 'pae', rank: named == stem ? 1 : 0]
}

// Best file of each kind: [ structure: path, pae: path ].
def bestFiles(entries) {
    return entries.groupBy { entry -> entry.kind }.collectEntries { kind, found ->
        [(kind): found.toSorted { a, b -> a.rank <=> b.rank ?: a.path.name <=> b.path.name }.first().path]
    }
}

// Usable files of a folder, each with its id and kind: [ id, kind, rank, path ].
def recognisedFiles(folder) {
    return folder.listFiles().toList()
        .findAll { path -> !path.isDirectory() }
        .collect { path -> [path: path, what: recognised(path.name)] }
        .findAll { entry -> entry.what != null }
        .collect { entry -> entry.what + [path: entry.path] }
}

// Row of a protein that has a folder of its own; none without a structure.
def proteinFolderRows(folder) {
    def entries = recognisedFiles(folder)
    def structures = entries.findAll { entry -> entry.kind == 'structure' }*.id.toUnique()
    if (!structures) {
        return []
    }
    def reason = structures.size() > 1
        ? "the folder ${folder.name} holds structures of several names, and one is needed"
        : null
    return [bestFiles(entries).subMap(['structure', 'pae']) + [id: folder.name, reason: reason]]
}

// Rows of a folder of models, sorted by id: files paired by name, or one folder per protein.
def folderRows(folder) {
    def loose = recognisedFiles(folder).groupBy { entry -> entry.id }.collect { id, entries ->
        def best = bestFiles(entries)
        [id: id, structure: best.structure, pae: best.pae, reason: null]
    }
    def nested = folder.listFiles().toList()
        .findAll { path -> path.isDirectory() && !path.name.startsWith('.') }
        .collectMany { path -> proteinFolderRows(path) }
    // a PAE file alone is not an input
    def rows = (loose.findAll { row -> row.structure != null } + nested).toSorted { row -> row.id }
    if (!rows) {
        error("The folder ${folder.name} holds no structure (.pdb or .cif, possibly gzipped).")
    }
    return rows.withIndex(1).collect { row, number -> row + [number: number] }
}
