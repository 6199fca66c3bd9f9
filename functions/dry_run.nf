// What --dry_run prints: the inputs, the tasks of each process, and what they are estimated to cost.

include { defaultBuckets } from './buckets'
include { estimateOfRows } from './estimate'

// Plan of a run on proteins. `own`: number of templates that the run adds to the proteins, to train with.
// `out`: processes that the run leaves out.
def proteinPlan(rows, sizes, given, own, out) {
    def accepted = rows.count { row -> row.reason == null }
    def buckets = own ? given.buckets ?: defaultBuckets(accepted + own) : sizes.size()
    def found = estimateOfRows(rows, buckets, own, out)
    def lines = [countLine('proteins', accepted, rows.size() - accepted)] + rejectedLines(rows)
    lines += own ? ["Templates of the reference to train with, besides: ${own}"] : []
    def range = own || !sizes ? '' : ", of ${sizes.values().min()} to ${sizes.values().max()} proteins"
    lines += ["Buckets: ${buckets}${range}"]
    lines += [found.files
        ? "Residues: about ${thousands(found.residues)}, counted in ${found.files} of the files"
        : "Residues: about ${thousands(found.residues)}, if proteins have the usual length; no file was read for this"]
    return (lines + [''] + costLines(found.estimate, given) + [''] + endLines()).join('\n')
}

// Plan of the workflow codons, whose batches are known only once the genes are read.
def codonPlan(samples, given) {
    def files = samples*.files.flatten()
    def usable = files.count { one -> one.path != null }
    def tasks = [
        PREPARE_GENES: samples.size(),
        COUNT_CODONS: 'one for each --codon_batch_size genes of a sample',
        MERGE_COUNTS: samples.size(),
        COMPUTE_INDICES: samples.size(),
        PLOT_CODON_USAGE: 1,
        WRITE_RESULTS: 1,
    ] + (given.report ? [WRITE_CODONS_REPORT: 1] : [:])
    def lines = [countLine('files', usable, files.size() - usable)] +
        rejectedLines(files.collect { one -> [id: one.name, reason: one.reason] }) +
        ["Samples: ${samples.size()}", '']
    return (lines + taskLines(tasks) + [''] + endLines()).join('\n')
}

// Plan of the workflow reference. `source`: as referenceSource() makes it.
def referencePlan(source, given) {
    def asked = [
        BUILD_HH_DATABASE: source.profiles,
        BUILD_FOLDSEEK_DATABASE: given.foldseek,
        IMPORT_DALI: given.dali_import,
        EXPORT_DPAM: given.export == 'dpam',
    ]
    def further = asked.findAll { _process, wanted -> wanted }.collectEntries { process, _wanted -> [(process): 1] }
    def tasks = source.table
        ? [PLAN_TEMPLATES: 1, CUT_TEMPLATES: given.buckets ?: 'one for each bucket of entries', JOIN_TEMPLATES: 1] +
            [ALIGN_HOMOLOGUES: 'one for each 100 templates, at most 1,024', DERIVE_STATISTICS: 1, WRITE_REFERENCE: 1]
        : source.data ? [IMPORT_DPAM: 1, WRITE_REFERENCE: 1] : [:]
    def inputs = source.table
        ? ["Inputs: ${source.table.readLines().count { line -> line.trim() }} lines in ${source.table.name}, " +
            "${source.structures.size()} structure files"]
        : ["Input: ${source.data ?: source.templates}"]
    return (inputs + [''] + taskLines(tasks + further) + [''] + endLines()).join('\n')
}

def countLine(unit, accepted, rejected) { "Inputs: ${thousands(accepted)} ${unit} accepted, ${rejected} rejected" }

// The first rejected inputs with their reasons.
def rejectedLines(rows) {
    def rejected = rows.findAll { row -> row.reason != null }
    def others = rejected.size() - 10
    return rejected.take(10).collect { row -> "  ${row.id}: ${row.reason}" } +
        (others > 0 ? ["  … and ${others} more; ledger.tsv of the run will list all"] : [])
}

// Table of processes with tasks, CPU hours, memory and files. With HH-suite or engines that are programs, or templates
// to train with, the costs of some processes are not known.
def costLines(estimate, given) {
    def external = [
        SEARCH_PROFILES: given.hh_database,
        SEARCH_TEMPLATES: given.search_engine != 'native',
        ALIGN_TEMPLATES: given.alignment_engine != 'native',
    ].findAll { _process, wanted -> wanted }.keySet()
    def ends = given.workflow == 'training'
        ? ['CHECK_RUN', 'SCORE_DOMAINS', 'ASSIGN_DOMAINS', 'CHOOSE_PAGES', 'DRAW_PROTEINS', 'WRITE_RESULTS']
        : []
    def shown = estimate.findAll { process, _cost -> !(process in ends) }
    def known = shown.findAll { process, _cost -> !(process in external) }
    def training = ['MAKE_TRAINING_QUERIES', 'TRAIN_DOMASS', 'WRITE_TRAINING_REPORT']
    def others = external + (given.workflow == 'training' ? training : [])
    def rows = shown.collect { process, cost ->
        process in external
            ? [process, cost.tasks.toString(), '?', '?', '?']
            : [process, cost.tasks.toString(), fixed(cost.cpu_seconds / 3600, 2), fixed(cost.memory_mb, 0)] +
                [fixed(cost.bytes / 1e6, 1)]
    }
    def hours = known.values().sum { cost -> cost.cpu_seconds } / 3600
    def megabytes = known.values().sum { cost -> cost.bytes } / 1e6
    def total = ['all of these', shown.values().sum { cost -> cost.tasks }.toString(), fixed(hours, 2)] +
        [fixed(known.values()*.memory_mb.max(), 0), fixed(megabytes, 1)]
    def header = ['process', 'tasks', 'CPU h', 'memory MB', 'files MB']
    def lines = ([header] + rows + [total]).collect { row ->
        row[0].padRight(20) + row.tail().collect { text -> text.padLeft(11) }.join('')
    }
    return lines + (others ? ["Not measured: ${others.join(', ')}."] : []) +
        ['Measured with the embedded reference and engines; a larger reference takes more (docs/scaling.md).']
}

def taskLines(tasks) {
    return ['process'.padRight(26) + 'tasks'] + tasks.collect { process, count -> "${process.padRight(26)}${count}" }
}

def endLines() {
    return [
        'This was a dry run: only the inputs were listed. Without --dry_run, and with -resume, the run starts.',
    ]
}

def fixed(number, digits) { String.format(Locale.ROOT, "%,.${digits}f", number as double) }

def thousands(number) { String.format(Locale.ROOT, '%,d', number as long) }
