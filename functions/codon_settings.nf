// Settings and standard inputs of the tasks of the workflow codons.

// Standard input of PREPARE_GENES, with paths as they are in its task: Nextflow numbers the folders of staged files.
def prepareJob(sample, settings) {
    def paths = sample.files.findAll { one -> one.path != null }
    def genomes = paths.findAll { one -> one.genome != null }
    def places = paths.withIndex(1).collectEntries { one, place -> [(one): place] }
    def genomePlaces = genomes.withIndex(1).collectEntries { one, place -> [(one): place] }
    def entries = sample.files.collect { one ->
        def path = one.path == null ? null : "files/${places[one]}/${one.path.name}".toString()
        def genome = one.genome == null ? null : "genomes/${genomePlaces[one]}/${one.genome.name}".toString()
        one.subMap(['name', 'genetic_code', 'reason']) + [path: path, genome: genome]
    }
    return groovy.json.JsonOutput.toJson([sample: sample.sample, files: entries, settings: settings])
}

// Values of parameters, by the names that the steps use.
def valuesOf(given, names) {
    return names.collectEntries { name, parameter -> [(name): given[parameter]] }
}

// Settings of the steps, from the parameters: [ prepare, count, index, plot, results ].
def codonSettings(given) {
    def index = valuesOf(given, [
        frame: 'codon_frame',
        families: 'codon_rscu_families',
        exclude_stops: 'codon_exclude_stops',
        rscu_stops: 'codon_rscu_include_stops',
        cai_zero: 'codon_cai_zero',
        cai_exclude: 'codon_cai_exclude',
        tai_exclude: 'codon_tai_exclude',
        trna_domain: 'codon_trna_domain',
    ]) + [count_ambiguous: given.codon_skip_ambiguous.toString() != 'true']
    return [
        prepare: valuesOf(given, [
            batch_size: 'codon_batch_size',
            max_batch_bases: 'codon_max_batch_bases',
            first_records: 'codon_sample',
            dup_ids: 'codon_dup_ids',
            ir_copies: 'codon_ir_copies',
        ]),
        count: valuesOf(given, [
            frame: 'codon_frame',
            soft_mask: 'codon_soft_mask',
            partial: 'codon_partial',
            ambiguous: 'codon_ambiguous',
            internal_stop: 'codon_internal_stop',
            max_ambiguous: 'codon_max_ambiguous',
            translate: 'codon_translate',
        ]),
        index: index,
        plot: index,
        results: index + valuesOf(given, [per_sequence: 'codon_per_sequence']),
    ]
}
