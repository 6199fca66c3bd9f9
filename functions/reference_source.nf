// Find the sources of a reference from the parameters.

include { stageable } from './staging'

// One of the three ways, checked: [ table, structures: [ paths ], obsolete ], [ data ] or [ templates, statistics ];
// `profiles` with each.
def referenceSource(named, copies) {
    def ways = ['domains', 'dpam_data', 'from'].findAll { name -> named[name] }
    if (ways.size() != 1) {
        error(
            '--workflow reference makes a reference of --domains and --structures, or of --dpam_data, ' +
                'or works on the one of --from.'
        )
    }
    if (named.domains && !named.structures) {
        error('--structures is required with --domains: the folder with the structure files, or a structure_db.dat.')
    }
    if (named.from && !named.export && !named.foldseek && !named.dali_import) {
        error(
            '--from needs --export, --foldseek or --dali_import: ' +
                'it names an existing reference, to which nothing else can be done.'
        )
    }
    def profiles = named.profiles ? stageable(pathOf(named.profiles), copies) : []
    return sourceOf(named, copies) + [profiles: profiles]
}

def sourceOf(named, copies) {
    if (named.dpam_data) {
        return [data: pathOf(named.dpam_data)]
    }
    if (named.from) {
        def folder = pathOf(named.from)
        def statistics = folder.resolve('statistics.arrow')
        return [
            templates: stageable(folder.isDirectory() ? folder.resolve('templates.arrow') : folder, copies),
            statistics: statistics.exists() ? stageable(statistics, copies) : [],
        ]
    }
    def folder = pathOf(named.structures)
    def obsolete = named.obsolete ? pathOf(named.obsolete) : folder.resolve('obsolete.dat')
    return [
        table: stageable(pathOf(named.domains), copies),
        structures: structureFiles(folder, copies),
        obsolete: obsolete.exists() ? stageable(obsolete, copies) : [],
    ]
}

def pathOf(text) { file(text.toString(), glob: false) }

// Structure files by name, those of a folder and its sub-folders (two levels) or one file: [ '1abc.cif.gz': path ].
def structureFiles(named, copies) {
    def links = java.nio.file.FileVisitOption.FOLLOW_LINKS
    def found = named.isDirectory() ? java.nio.file.Files.walk(named, 3, links).toList() : [named]
    def files = found.findAll { path -> isStructure(path.name) && !path.isDirectory() }
    if (!files) {
        error("${named} holds no structure file (.cif, .bcif, .pdb, .ent or .fcz, or ProMod3's structure_db.dat).")
    }
    // if several folders have a file of the same name, the first is used
    return files
        .toSorted { path -> path.toString() }
        .reverse()
        .collectEntries { path -> [(path.name): stageable(path, copies)] }
}

// Names that cannot stand in a script do not belong to any entry.
def isStructure(name) {
    def plain = name - ~/\.(gz|bz2|xz|zst)$/
    return name == 'structure_db.dat' || plain ==~ /[A-Za-z0-9][A-Za-z0-9._-]*\.(cif|mmcif|bcif|pdb|ent|fcz)/
}

// Last lines of a run.
def referenceText(contents, outdir) {
    def counts = new groovy.json.JsonSlurper().parse(contents.toFile()).counts
    def domains = counts.domains.collect { status, count -> "${count} ${status}" }.join(', ')
    return "\nDomains: ${domains} (ledger.tsv)\n${counts.templates} templates of ${counts.t_groups} T-groups, " +
        "${counts.with_weights} with position weights\nReference: ${outdir}"
}
