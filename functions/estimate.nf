// Estimate what a batch of proteins costs, from the costs that tools/measure_costs.py measured (assets/costs.tsv).

// Files in which residues are counted, spread over the input.
def filesCounted() { 40 }

// Length of a protein in residues where no file can be read for it, as in an archive.
def assumedLength() { 330 }

// Mean length of the templates of mini-ECOD in residues.
def templateLength() { 164 }

// Costs by process: [ ALIGN_TEMPLATES: [ tasks: 'bucket', task_s: …, … ] ].
def measuredCosts() {
    def lines = moduleDir.resolveSibling('assets/costs.tsv').readLines().findAll { line -> !line.startsWith('#') }
    def columns = lines.head().tokenize('\t')
    return lines.tail().collectEntries { line ->
        def row = [columns, line.tokenize('\t')].transpose().collectEntries()
        [(row.process): row.collectEntries { name, text ->
            [(name): name in ['process', 'tasks'] ? text : text.toBigDecimal()]
        }]
    }
}

// Residues in a text file of atoms (PDB or mmCIF, possibly gzipped), by its CA atoms; null for any other file.
def residuesIn(path) {
    if (!(path.name ==~ /(?i).+\.(pdb|ent|cif|mmcif)(\.gz)?/)) {
        return null
    }
    try {
        def bytes = java.nio.file.Files.newInputStream(path)
        def text = path.name.toLowerCase().endsWith('.gz') ? new java.util.zip.GZIPInputStream(bytes) : bytes
        return new BufferedReader(new InputStreamReader(text, 'ISO-8859-1')).withCloseable { reader ->
            reader.lines().filter { line -> line.startsWith('ATOM') && line.contains(' CA ') }.count()
        }
    }
    // a file that is cut off is read as far as it goes, and counts for nothing here
    catch (IOException _problem) {
        return null
    }
    catch (UncheckedIOException _problem) {
        return null
    }
}

// Mean length of the accepted proteins of an input, and how it was found: [ length, files ]; no file: it is assumed.
def meanLength(rows) {
    def paths = rows.findAll { row -> row.reason == null && row.structure != null }*.structure
    def step = [1, (paths.size() + filesCounted() - 1).intdiv(filesCounted())].max()
    def some = (0..<paths.size()).findAll { place -> place % step == 0 }.collect { place -> paths[place] }
    def lengths = some.collect { path -> residuesIn(path) }.findAll { length -> length }
    return lengths
        ? [length: (lengths.sum() / lengths.size()) as double, files: lengths.size()]
        : [length: assumedLength() as double, files: 0]
}

// Estimated costs by process of those of `costs` that a run has: [ tasks, cpu_seconds, memory_mb, bytes ].
def estimateOf(proteins, residues, buckets, costs) {
    return costs.collectEntries { process, cost ->
        def tasks = cost.tasks == 'bucket' ? buckets : 1
        [(process): [
            tasks: tasks,
            cpu_seconds: (cost.task_s * tasks + cost.protein_s * proteins + cost.residue_s * residues) as double,
            memory_mb: cost.memory_mb,
            bytes: (cost.task_kb * 1024 * tasks + cost.residue_b * residues) as double,
        ]]
    }
}

// Estimate of a run on the accepted proteins of its rows and on `own` templates: [ residues, files, estimate ].
// `out`: processes that the run leaves out.
def estimateOfRows(rows, buckets, own, out) {
    def mean = meanLength(rows)
    def proteins = rows.count { row -> row.reason == null }
    def residues = mean.length * proteins + templateLength() * own
    def costs = measuredCosts().findAll { process, _cost -> !(process in out) }
    return [
        residues: Math.round(residues),
        files: mean.files,
        estimate: estimateOf(proteins + own, residues, buckets, costs),
    ]
}
