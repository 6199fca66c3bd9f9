// Parameters as nextflow_schema.json describes them: help text, and checks before any task starts.

// Every parameter by name, with the group it belongs to: [ input: [type: 'string', …, group: 'Input and output'] ].
def schemaParameters(schemaFile) {
    def schema = new groovy.json.JsonSlurper().parse(schemaFile.toFile())
    return schema['$defs'].values().collectEntries { group ->
        group.properties.collectEntries { name, property ->
            [(name): property + [group: group.title, required: name in (group.required ?: [])]]
        }
    }
}

// Help by group: name, type, default and description of every parameter.
def helpText(schemaFile, manifest) {
    def groups = schemaParameters(schemaFile).groupBy { _name, property -> property.group }
    def sections = groups.collect { title, properties ->
        def lines = properties.collect { name, property ->
            def choices = property['enum'] ? " [${property['enum'].join(' | ')}]" : ''
            def standard = property['default'] == null ? '' : " (default: ${property['default']})"
            def unit = property.unit ? ", ${property.unit}" : ''
            "  --${name.padRight(20)} ${property.type}${unit}${choices}${standard}\n" +
                "  ${' ' * 22} ${property.description}"
        }
        ([title] + lines).join('\n')
    }
    def head = "${manifest.name} ${manifest.version}: ${manifest.description}\n\n" +
        'Usage: nextflow run main.nf --input SAMPLES [--outdir RESULTS] [-profile PROFILE] [-resume]'
    return ([head] + sections).join('\n\n')
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

// What is wrong with one value, or null.
def complaint(name, value, property) {
    if (value == null || value == '') {
        return property.required ? "--${name} is required: ${property.description}" : null
    }
    def text = value.toString()
    def matches = [
        integer: text ==~ /-?\d+/,
        boolean: text ==~ /true|false/,
        number: text ==~ /-?\d+(\.\d+)?([eE]-?\d+)?/,
        string: !(value instanceof Boolean),
    ]
    if (!matches[property.type]) {
        return "--${name} is '${text}', but must be ${property.type == 'integer' ? 'an' : 'a'} ${property.type}"
    }
    if (property['enum'] && !(text in property['enum'])) {
        return "--${name} is '${text}', but must be one of ${property['enum'].join(', ')}"
    }
    if (property.minimum != null && text.toBigDecimal() < property.minimum) {
        return "--${name} is ${text}, but must be at least ${property.minimum}"
    }
    if (property.powerOfTwo && Integer.bitCount(text.toInteger()) != 1) {
        return "--${name} is ${text}, but must be a power of two"
    }
    if (property.exists && !file(text).exists()) {
        return "--${name}: there is no file or folder '${text}'"
    }
    return null
}

// The first thing that is wrong with the parameters as one sentence, or null.
def firstComplaint(given, schemaFile) {
    def known = schemaParameters(schemaFile)
    def unknown = given.keySet().findAll { name -> !known.containsKey(name) }
    if (unknown) {
        def name = unknown.toSorted().first()
        def nearest = known.keySet().min { candidate -> editDistance(name.toLowerCase(), candidate) }
        return "--${name} is not a parameter; did you mean --${nearest}? (--help lists all)"
    }
    return known.findResult { name, property -> complaint(name, given[name], property) }
}
