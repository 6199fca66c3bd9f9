// Compute a checksum of the code an executable runs, so that -resume never reuses results of older code.
//
// Nextflow hashes a task's script and the executable it names, but not the modules that the executable imports. The
// fingerprint covers the executable, every module of bin/domainflow that it imports, directly or indirectly, and
// requirements.txt, which pins the versions of libraries. After installing other versions, start without -resume.

// Modules of the library by dotted name: [ 'domainflow.templates.store': path ].
def libraryModules(bin) {
    def paths = java.nio.file.Files.walk(bin.resolve('domainflow')).toList()
    return paths.findAll { path -> path.toString().endsWith('.py') }.collectEntries { path ->
        def dotted = bin.relativize(path).toString().replace('/', '.') - ~/\.py$/ - ~/\.__init__$/
        [(dotted): path]
    }
}

// Package in which `name` looks up relative imports, as a list of its parts.
def packageOf(name, modules) {
    def parts = name.tokenize('.')
    return modules[name]?.name == '__init__.py' ? parts : parts.dropRight(1)
}

// Names of library modules that the Python text of module `name` imports. Additional modules do no harm, so any name
// imported from a package counts as a module if a module has that name.
def importedModules(name, text, modules) {
    def code = text.replaceAll(/#[^\n]*/, '').replace('\\\n', ' ')
    def statements = (code =~ /(?m)^[ \t]*(?:from\s+(\.*)([\w.]*)\s+import\s+(\([^)]*\)|[^\n]+)|import\s+([^\n]+))/)
    def named = statements.collect { _all, dots, origin, names, plain ->
        if (plain) {
            return plain.findAll(/[\w.]+/)
        }
        def base = dots ? packageOf(name, modules).dropRight(dots.size() - 1) : []
        def source = (base + origin.tokenize('.')).join('.')
        return [source] + names.findAll(/\w+/).collect { member -> "${source}.${member}".toString() }
    }.flatten()
    // importing a module also runs the packages that contain it
    def withPackages = named.collectMany { dotted ->
        def parts = dotted.tokenize('.')
        parts.indices.collect { last -> parts[0..last].join('.') }
    }
    return withPackages.unique().findAll { dotted -> modules.containsKey(dotted) }
}

// Names of all modules reachable from `seen` by imports, sorted.
def reachableModules(seen, modules) {
    def more = seen.collectMany { name -> importedModules(name, modules[name].text, modules) }.unique() - seen
    return more ? reachableModules(seen + more, modules) : seen.toSorted()
}

// Names of the library modules an executable in bin/ depends on, sorted.
def modulesOf(executable, bin) {
    def modules = libraryModules(bin)
    return reachableModules(importedModules(executable, bin.resolve(executable).text, modules), modules)
}

// Checksum of an executable of bin/, named without .py, of all it imports, and of files of pinned versions.
def fingerprint(name, versions = 'requirements.txt') {
    def bin = projectDir.resolve('bin')
    def modules = libraryModules(bin)
    def pinned = ['requirements.txt', versions].unique().collect { file -> projectDir.resolve(file) }
    def texts = [bin.resolve("${name}.py").text] + pinned*.text
    def parts = texts + modulesOf("${name}.py", bin).collect { dotted -> "${dotted}\n${modules[dotted].text}" }
    return parts.join('\n').digest('SHA-256')
}

// Checksum of all files of a folder, with their names.
def checksumOf(folder) {
    def files = java.nio.file.Files.walk(folder).toList().findAll { path -> java.nio.file.Files.isRegularFile(path) }
    def parts = files.toSorted().collect { path -> "${folder.relativize(path)}\n${path.text}" }
    return parts.join('\n').digest('SHA-256')
}

// Fingerprints of all executables, by name, for provenance.json.
def fingerprints() {
    def files = java.nio.file.Files.list(projectDir.resolve('bin')).toList()
    def names = files.findAll { path -> path.name.endsWith('.py') }.collect { path -> path.name - ~/\.py$/ }
    return names.toSorted().collectEntries { name -> [(name): fingerprint(name)] }
}
