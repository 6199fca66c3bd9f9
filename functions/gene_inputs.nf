// Read the genes and genomes that --input names, by sample: [ sample, group, mode, reference, trna, files ].
//
// A file is [ name, path, genome, genetic_code, reason ]; `reason` is null for a usable one, else one sentence. A bad
// row does not stop the run: its file is rejected.

include { csvRecords ; located } from './samplesheet'
include { stageable            } from './staging'

// Endings of files that hold genes, each possibly compressed.
def geneEndings() {
    ['fa', 'fna', 'ffn', 'fasta', 'fas', 'gb', 'gbk', 'gbff', 'genbank', 'embl', 'gff', 'gff3', 'parquet']
}

def isGeneFile(name) {
    def plain = name.toLowerCase() - ~/\.(gz|bgz|bz2|zst)$/
    return geneEndings().any { ending -> plain.endsWith(".${ending}") }
}

// Samples in the order of the input. `standard`: [ mode, genetic_code, reference, trna ] for rows that do not say.
def readSamples(input, standard, copies) {
    def rows = input.isDirectory() || isGeneFile(input.name) ? fileRows(input) : geneSheetRows(input)
    def samples = rows.groupBy { row -> row.sample }
    return samples.collect { name, members -> sampleOf(name, members, standard, copies) }
}

// Rows of a folder or of one file: every file is a sample with the file's name.
def fileRows(input) {
    def named = input.isDirectory() ? input.listFiles().toList() : [input]
    def found = named.findAll { path -> isGeneFile(path.name) && !path.isDirectory() }.toSorted { path -> path.name }
    if (!found) {
        error("The folder ${input.name} holds no genes (FASTA, GenBank, EMBL, GFF3 or Parquet).")
    }
    return found.collect { path ->
        def stem = path.name.replaceAll(/[^A-Za-z0-9._-]/, '_') - ~/(?i)(\.[a-z0-9]+)(\.(gz|bgz|bz2|zst))?$/
        [sample: stem.take(64), name: path.name, path: path, said: [:], reason: null]
    }
}

// Rows of a samplesheet; a pattern in the column `file` stands for all files that fit, in the order of their names.
def geneSheetRows(sheet) {
    def records = csvRecords(sheet.getText('UTF-8').replace('\uFEFF', ''))
    def header = records ? records.first() : []
    def missing = ['sample', 'file'].findAll { column -> !(column in header) }
    if (missing) {
        def names = missing.join(' and ')
        error("The samplesheet ${sheet.name} has no column ${names}; its header must begin with sample,file.")
    }
    if (records.size() == 1) {
        error("The samplesheet ${sheet.name} has a header but no sample.")
    }
    return records.tail().withIndex(1).collectMany { fields, number ->
        def said = [header, fields].transpose().collectEntries()
        def sample = said.sample ?: ''
        if (!(sample ==~ /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/)) {
            error(
                "Row ${number} of the samplesheet ${sheet.name} has the sample '${sample}'; a sample must have 1 to " +
                    '64 letters, digits, dots, underscores or hyphens and begin with a letter or digit.'
            )
        }
        namedBy(said.file, sheet.parent).collect { found ->
            [sample: sample, name: found.path?.name ?: said.file ?: "row ${number}", path: found.path, said: said] +
                [reason: found.reason ?: (found.path ? null : 'no file is given'), folder: sheet.parent]
        }
    }
}

// Files of a field: [ [ path, reason ] ].
def namedBy(text, folder) {
    def exact = located(text, folder)
    if (exact.reason == null || !(text =~ /[*?\[{]/)) {
        return [exact]
    }
    def pattern = text.startsWith('/') || text.contains('://') ? text : "${folder.toUriString()}/${text}"
    def found = files(pattern).toList().toSorted { path -> path.name }
    return found ? found.collect { path -> [path: path, reason: null] } : [exact]
}

// One sample from its rows; what concerns the whole sample is taken from the first row that says it.
def sampleOf(name, rows, standard, copies) {
    def said = ['mode', 'group', 'reference', 'trna'].collectEntries { column ->
        [(column): rows.findResult { row -> row.said[column] ?: null }]
    }
    def mode = said.mode ?: standard.mode
    if (!(mode in ['cds', 'frame'])) {
        error("The sample ${name} has the mode '${mode}'; it must be cds or frame.")
    }
    def folder = rows.first().folder
    return [
        sample: name,
        group: said.group ?: '',
        mode: mode,
        reference: referenceOf(said.reference, folder, copies) ?: standard.reference,
        trna: trnaOf(name, said.trna, folder, copies) ?: standard.trna,
        files: rows.collect { row -> geneFileOf(row, standard, copies) },
    ]
}

def geneFileOf(row, standard, copies) {
    def code = row.said.genetic_code ?: standard.genetic_code.toString()
    def genome = located(row.said.genome, row.folder)
    def folder = [row.path, genome.path].find { path -> path != null && path.isDirectory() }
    def wrong = code ==~ /\d{1,4}/ ? null : "the genetic code '${code}' is no number"
    def reason = row.reason ?: genome.reason ?: wrong ?: (folder ? "${folder.name} is a folder, not a file" : null)
    if (reason) {
        return [name: row.name, path: null, genome: null, genetic_code: 1, reason: reason]
    }
    try {
        def copy = genome.path ? stageable(genome.path, copies) : null
        def path = stageable(row.path, copies)
        return [name: row.name, path: path, genome: copy, genetic_code: code.toInteger(), reason: null]
    }
    catch (Exception problem) {
        def said = "the file cannot be read: ${problem.message}".toString()
        return [name: row.name, path: null, genome: null, genetic_code: 1, reason: said]
    }
}

// Table of a sample's tRNA genes, or null.
def trnaOf(name, text, folder, copies) {
    def found = located(text, folder)
    if (found.reason) {
        error("The tRNA genes of the sample ${name} cannot be used: ${found.reason}.")
    }
    return found.path ? stageable(found.path, copies) : null
}

// What CAI refers to: [ name, file ], one of them null; or null for nothing. A text that is no file is a name.
def referenceOf(text, folder, copies) {
    if (!text) {
        return null
    }
    def found = folder ? located(text, folder) : [path: file(text, glob: false), reason: null]
    def isFile = found.reason == null && found.path.exists() && !found.path.isDirectory()
    return isFile ? [name: null, file: stageable(found.path, copies)] : [name: text.toString(), file: null]
}
