// Read the parameters described in nextflow_schema.json: print the help text, and check values before any task starts.
//
// Besides JSON schema's own keywords the schema has `help` and `exists` (the file must exist), as in nf-schema. It also
// has `unit`, `powerOfTwo`, `patternMeaning` (what `pattern` asks for), `requiredBy` (the workflows that require it),
// `replacedBy` (a parameter that is given in its place) and `renamed` (new values by old ones).

def schemaFile() { moduleDir.resolveSibling('nextflow_schema.json') }

// Every parameter by name, with the group it belongs to: [ input: [type: 'string', …, group: 'Input and output'] ].
def schemaParameters() {
    def schema = new groovy.json.JsonSlurper().parse(schemaFile().toFile())
    return schema['$defs'].values().collectEntries { group ->
        group.properties.collectEntries { name, property ->
            def required = name in (group.required ?: []) || property.requiredBy != null
            [(name): property + [group: group.title, required: required]]
        }
    }
}

// Help by group: name, type, unit, choices, default, description and hint of every parameter.
def helpText(manifest) {
    def groups = schemaParameters().groupBy { _name, property -> property.group }
    def sections = groups.collect { title, properties ->
        ([title] + properties.collect { name, property -> helpLines(name, property) }).join('\n')
    }
    def head = "${manifest.name} ${manifest.version}: ${manifest.description}\n\n" +
        'Usage: nextflow run main.nf --input SAMPLES [--outdir RESULTS] [-profile PROFILE] [-resume]'
    return ([head] + sections).join('\n\n')
}

def helpLines(name, property) {
    def unit = property.unit ? ", ${property.unit}" : ''
    def choices = property['enum'] ? " [${property['enum'].join(' | ')}]" : ''
    def standard = property['default'] == null ? '' : " (default: ${property['default']})"
    def texts = [property.description, property.help].findAll { text -> text }
    return (["  --${name.padRight(20)} ${property.type}${unit}${choices}${standard}"] +
        texts.collect { text -> "${' ' * 25}${text}" }).join('\n')
}

// Number of single-letter edits between two words (Levenshtein).
def editDistance(one, other) {
    def first = (0..other.size()).toList()
    def last = (1..one.size()).inject(first) { row, i ->
        (1..other.size()).inject([i]) { next, j ->
            next + [[next[j - 1] + 1, row[j] + 1, row[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)].min()]
        }
    }
    return last[other.size()]
}

// The error in one value, or null.
def complaint(name, value, property) {
    if (value == null || value == '') {
        return property.required ? "--${name} is required: ${property.description}" : null
    }
    def text = value.toString()
    def matches = [
        integer: text ==~ /-?\d{1,9}/,
        boolean: text ==~ /true|false/,
        number: text ==~ /-?\d+(\.\d+)?([eE]-?\d+)?/,
        string: !(value instanceof Boolean),
    ]
    if (!matches[property.type]) {
        return "--${name} is '${text}', but must be ${property.type == 'integer' ? 'an' : 'a'} ${property.type}"
    }
    if (property.renamed?.get(text)) {
        return "--${name} ${text} is now called --${name} ${property.renamed[text]}"
    }
    if (property['enum'] && !(text in property['enum'])) {
        return "--${name} is '${text}', but must be one of ${property['enum'].join(', ')}"
    }
    if (property.minimum != null && text.toBigDecimal() < property.minimum) {
        return "--${name} is ${text}, but must be at least ${property.minimum}"
    }
    if (property.maximum != null && text.toBigDecimal() > property.maximum) {
        return "--${name} is ${text}, but must be at most ${property.maximum}"
    }
    if (property.powerOfTwo && Integer.bitCount(text.toInteger()) != 1) {
        return "--${name} is ${text}, but must be a power of two"
    }
    if (property.pattern && !(text ==~ property.pattern)) {
        return "--${name} is '${text}', but must be ${property.patternMeaning}"
    }
    return property.exists ? missingPath(name, text, property) : null
}

// The error in a path that must exist, or null.
def missingPath(name, text, property) {
    def path = file(text, glob: false)
    if (!path.exists()) {
        return "--${name}: there is no file${property.format == 'path' ? ' or folder' : ''} '${text}'"
    }
    return property.format == 'file-path' && path.isDirectory()
        ? "--${name} is the folder '${text}', but must be a file"
        : null
}

// The first error in the parameters as one sentence, or null.
def firstComplaint(given) {
    def known = schemaParameters()
    def unknown = given.keySet().findAll { name -> !known.containsKey(name) }.toSorted()
    if (unknown) {
        def name = unknown.first()
        def nearest = known.keySet().min { candidate -> editDistance(name.toLowerCase(), candidate) }
        return "--${name} is not a parameter; did you mean --${nearest}? (--help lists all)"
    }
    return known.findResult { name, property ->
        def idle = (property.requiredBy != null && !(given.workflow?.toString() in property.requiredBy)) ||
            (property.replacedBy != null && given[property.replacedBy])
        complaint(name, given[name], idle ? property + [required: false] : property)
    }
}

// Facts on a run for provenance.json: versions, and every parameter as text.
def provenanceOf(given, version, nextflowVersion) {
    return [
        versions: [domainflow: version, nextflow: nextflowVersion.toString()],
        parameters: given.keySet().toSorted().collectEntries { name -> [(name): given[name]?.toString()] },
    ]
}
