// Find the files that a run reads besides its proteins, from the parameters.

include { stageable } from './staging'

// The file or folder that a parameter names, with a path that can stand in a script.
def namedFile(name, copies) {
    return stageable(file(name.toString(), glob: false), copies)
}

// The same as a list, empty if the parameter is not given.
def namedFiles(name, copies) {
    return name ? [namedFile(name, copies)] : []
}

// --reference: a folder that --workflow reference made, or one template store, which has no statistics.
// As [ templates: path, statistics: path or an empty list, foldseek: [ files ], dali: path or an empty list ].
def referenceFiles(named, copies) {
    def reference = file(named.reference.toString(), glob: false)
    def foldseek = foldseekFiles(named, reference)
    if (!reference.isDirectory()) {
        return [templates: stageable(reference, copies), statistics: [], foldseek: foldseek, dali: []]
    }
    def statistics = reference.resolve('statistics.arrow')
    def dali = reference.resolve('dali.arrow')
    return [
        templates: stageable(reference.resolve('templates.arrow'), copies),
        statistics: statistics.exists() ? stageable(statistics, copies) : [],
        foldseek: foldseek,
        dali: dali.exists() ? stageable(dali, copies) : [],
    ]
}

// Files of Foldseek's database of the templates, from --foldseek_db or from the reference folder: [ path, … ], empty
// if there is none or another engine searches.
def foldseekFiles(named, reference) {
    if (named.search_engine != 'foldseek') {
        if (named.foldseek_db) {
            error('--foldseek_db needs --search_engine foldseek.')
        }
        return []
    }
    if (named.foldseek_db) {
        return databaseFiles(named.foldseek_db, 'a Foldseek database (ref/foldseek/templates)')
    }
    def own = reference.resolve('foldseek')
    return own.isDirectory() ? java.nio.file.Files.list(own).toList().toSorted() : []
}

// All files of a database with the file prefix `prefix`: [ path, … ], sorted.
def databaseFiles(prefix, kind) {
    def named = file(prefix.toString(), glob: false)
    // no pattern is used: a folder's name may contain characters with a meaning in patterns
    def beside = named.parent.exists() ? java.nio.file.Files.list(named.parent).toList() : []
    def found = beside.findAll { path -> path.name.startsWith(named.name) && !path.isDirectory() }
    if (!found) {
        error(
            "There is no file whose name begins with ${prefix}; " +
                "give the file prefix of ${kind}."
        )
    }
    return found.toSorted()
}

// Inputs of HH-suite, from --hh_database, --uniref, --query_profiles and --skip_addss: [ database: [ files ],
// uniref: [ files ], profiles: [ path ] or empty, skip_addss: boolean ]; null without a database.
def sequenceFiles(named, copies) {
    if (!named.hh_database) {
        if (named.uniref || named.query_profiles) {
            error('--uniref and --query_profiles need --hh_database, the database that is searched with the profiles.')
        }
        return null
    }
    def hhsuite = 'an HH-suite database (ref/hh/templates)'
    return [
        database: databaseFiles(named.hh_database, hhsuite),
        uniref: named.uniref ? databaseFiles(named.uniref, hhsuite) : [],
        skip_addss: named.skip_addss,
        profiles: namedFiles(named.query_profiles, copies),
    ]
}

// Name and bytes of each file of databases, which are too large for checksums. `sequences`: of sequenceFiles().
def databaseSizes(sequences, reference) {
    def files = (sequences ? sequences.database + sequences.uniref : []) + reference.foldseek
    return files.collectEntries { path -> [(path.name): path.size()] }
}
