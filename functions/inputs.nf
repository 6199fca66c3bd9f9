// Read the proteins that --input names, one map per row: [ id, structure, pae, reason ], in input order.
//
// `reason` is null for a usable row, else one sentence. A bad row does not stop the run.

include { folderRows } from './model_names'
include { csvRecords ; located } from './samplesheet'
include { stageable  } from './staging'

// All rows of a samplesheet or folder, each with its reason. `copies`: folder for copies of files whose names cannot
// stand in a script.
def readInputs(input, copies) {
    def rows = input.isDirectory() ? folderRows(input) : sheetRows(input)
    def firstNumber = [:]
    rows.each { row -> firstNumber.putIfAbsent(row.id, row.number) }
    return rows.collect { row ->
        def reason = rowReason(row, firstNumber)
        reason ? [id: row.id, structure: null, pae: null, reason: reason] : stageableRow(row, copies)
    }
}

// Rows of a samplesheet.
def sheetRows(sheet) {
    def records = csvRecords(sheet.getText('UTF-8').replace('\uFEFF', ''))
    if (!records) {
        error("The samplesheet ${sheet.name} is empty; it needs the header id,structure,pae and a row per protein.")
    }
    def header = records.first()
    def missing = ['id', 'structure'].findAll { column -> !(column in header) }
    if (missing) {
        def names = missing.join(' and ')
        error("The samplesheet ${sheet.name} has no column ${names}; its header must be id,structure,pae.")
    }
    if (records.size() == 1) {
        error("The samplesheet ${sheet.name} has a header but no protein.")
    }
    return records.tail().withIndex(1).collect { fields, number ->
        def row = [header, fields].transpose().collectEntries()
        def structure = located(row.structure, sheet.parent)
        def pae = located(row.pae, sheet.parent)
        def surplus = fields.drop(header.size()).any()
            ? "row ${number} of the samplesheet has more fields than its header; quote fields that hold commas"
            : null
        [
            id: row.id ?: '',
            structure: structure.path,
            pae: pae.path,
            number: number,
            reason: surplus ?: structure.reason ?: pae.reason,
        ]
    }
}

// The reason why a row cannot be used, or null.
def rowReason(row, firstNumber) {
    if (!row.id) {
        return "row ${row.number} of the samplesheet has no id"
    }
    if (!(row.id ==~ /[A-Za-z0-9][A-Za-z0-9._-]{0,79}/) || row.id.endsWith('.')) {
        return 'an id must be 1 to 80 letters, digits, dots, underscores or hyphens, begin with a letter or digit ' +
            'and not end with a dot'
    }
    if (firstNumber[row.id] != row.number) {
        return "the id already occurs in row ${firstNumber[row.id]}; this row (${row.number}) is skipped"
    }
    if (row.reason) {
        return row.reason
    }
    if (row.structure == null) {
        return 'no structure is given'
    }
    def folder = [row.structure, row.pae].find { path -> path != null && path.isDirectory() }
    return folder ? "${folder.name} is a folder, not a file" : null
}

// The row, with copies of files whose paths cannot stand in a task's script.
def stageableRow(row, copies) {
    try {
        def pae = row.pae ? stageable(row.pae, copies) : null
        return [id: row.id, structure: stageable(row.structure, copies), pae: pae, reason: null]
    }
    catch (Exception problem) {
        return [id: row.id, structure: null, pae: null, reason: "its files cannot be read: ${problem.message}"]
    }
}
