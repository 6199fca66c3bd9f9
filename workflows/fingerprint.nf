// Checksum of the code an executable runs, so that -resume never serves results of older code.
//
// Nextflow hashes a task's script by the name it calls, not what that program imports. The fingerprint covers the
// executable, every module of bin/domainflow it imports, directly or not, and the versions of the libraries.

// Modules of the library by dotted name: [ 'domainflow.io.store': path ].
def libraryModules(bin) {
    def found = files("${bin}/domainflow/**.py") + files("${bin}/domainflow/*.py")
    return found.unique().collectEntries { path ->
        def dotted = bin.relativize(path).toString().replaceAll('/', '.') - ~/\.py$/ - ~/\.__init__$/
        [(dotted): path]
    }
}

// Names of library modules that a Python text imports. Too many does no harm, so a name that is imported from a package
// counts as a module if there is one.
def importedModules(text, modules) {
    def statements = (text =~ /(?m)^\s*(?:from\s+(domainflow[\w.]*)\s+import\s+(\([^)]*\)|[^\n]+)|import\s+(domainflow[^\n]*))/)
    def named = statements.collect { match ->
        def origin = match[1]
        def names = (origin ? match[2] : match[3]).findAll(/[\w.]+/)
        origin ? [origin] + names.collect { name -> "${origin}.${name}".toString() } : names
    }.flatten()
    // importing a module also runs the packages it lies in
    def withParents = named.collectMany { name ->
        def parts = name.tokenize('.')
        (1..parts.size()).collect { n -> parts.take(n).join('.') }
    }
    return withParents.unique().findAll { name -> modules.containsKey(name) }
}

// Everything reachable from `seen` by imports.
def reachableModules(seen, modules) {
    def more = seen.collectMany { name -> importedModules(modules[name].text, modules) }.unique() - seen
    return more ? reachableModules(seen + more, modules) : seen.toSorted()
}

// Names of the library modules an executable in bin/ depends on, sorted.
def modulesOf(executable, bin) {
    def modules = libraryModules(bin)
    return reachableModules(importedModules(bin.resolve(executable).text, modules), modules)
}

// Checksum of an executable and all it depends on.
def fingerprint(executable, projectDir) {
    def bin = projectDir.resolve('bin')
    def modules = libraryModules(bin)
    def texts = [bin.resolve(executable).text, projectDir.resolve('requirements.txt').text]
    def parts = texts + modulesOf(executable, bin).collect { name -> "${name}\n${modules[name].text}" }
    return parts.join('\n').digest('SHA-256')
}
