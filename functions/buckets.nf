// Stable groups of proteins. Most processes have one task per bucket; -resume reuses the tasks of unchanged buckets.

// Number of buckets for n proteins: a power of two that grows with the square root of n. The fixed cost of tasks then
// stays small, and one added protein seldom changes the number.
def defaultBuckets(n) {
    def wanted = n <= 1 ? 1 : 1.5 * Math.sqrt(n)
    return (0..10).collect { exponent -> 2 ** exponent }.find { count -> count >= wanted } ?: 1024
}

// The part of an id that the fragments of a long protein share in AlphaFold DB: AF-X of AF-X-F2.
def accession(id) { id.replaceFirst(/^(AF-.+)-F\d+$/, '$1') }

// Bucket of an archive's proteins: [ bucket, json, [ parts ], [] ]. The parts list their proteins themselves.
def archiveBucket(name, parts) {
    def sorted = parts.toSorted { path -> path.name }
    def places = sorted.withIndex(1).collect { path, place -> "structures/${place}/${path.name}".toString() }
    return [name, groovy.json.JsonOutput.toJson([parts: places]), sorted, []]
}

// Place of each file in the task of PREPARE_PROTEINS: Nextflow numbers the folders in the order of the files.
def places(folder, paths) {
    return paths.withIndex(1).collectEntries { path, number -> [(path): "${folder}/${number}/${path.name}".toString()] }
}

// Proteins by bucket: [ bucket, json, [ structures ], [ paes ] ], without the rows that have a reason or no file.
//
// A protein's bucket depends on its id alone. The inputs of a bucket's task depend on its own proteins alone, so that
// other proteins can be added or removed. `wanted`: number of buckets, or null for the default.
def bucketsOf(rows, wanted) {
    def usable = rows.findAll { row -> row.reason == null && row.structure != null }
    def count = wanted ?: defaultBuckets(usable.size())
    def byBucket = usable.groupBy { row -> Integer.parseInt(accession(row.id).md5()[0..6], 16) % count }
    return byBucket.keySet().toSorted().collect { number ->
        def members = byBucket[number].toSorted { row -> row.id }
        // structure and PAE of each protein, and of each further fragment of a long one
        def pairs = members.collect { row -> [[row.structure, row.pae]] + (row.more ?: []) }
        def structures = pairs.collectMany { files -> files*.first() }
        def paes = pairs.collectMany { files -> files*.last() }.findAll { path -> path != null }
        def structurePlaces = places('structures', structures)
        def paePlaces = places('paes', paes)
        def entries = [members, pairs].transpose().collect { row, files ->
            def staged = files.collect { structure, pae -> [structurePlaces[structure], paePlaces[pae]] }
            // found: paired by domainflow, so that PAE that cannot be used does not cost the protein
            def entry = [id: row.id, structure: staged.first()[0], pae: staged.first()[1], found: row.found ?: false]
            staged.size() > 1 ? entry + [more: staged.tail()] : entry
        }
        def name = "bucket-${number.toString().padLeft(4, '0')}".toString()
        [name, groovy.json.JsonOutput.toJson(entries), structures, paes]
    }
}

// Files that end alike, by bucket: [ 'bucket-0003', bucket-0003.hits.tsv ]. `files`: channel of paths.
def ofBuckets(files, ending) {
    return files.filter { path -> path.name.endsWith(ending) }.map { path -> [path.name - ending, path] }
}
