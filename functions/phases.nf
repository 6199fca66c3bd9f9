// Phases of the workflows: after each, a run can stop (--stop_after), and another run goes on (--start_from).

// Phases by workflow, in order. Of each: the executables and parameters that shape its results, and the processes that
// the ledger knows. A file is known by its checksum, not by its path, so that the next run may be on another machine.
def allPhases() {
    def parsing = [
        [
            name: 'search',
            executables: ['list_inputs', 'check_engine', 'prepare_proteins', 'search_profiles', 'search_templates'] +
                ['build_foldseek_database', 'select_candidates'],
            parameters: ['parameters', 'search_engine', 'leave_out', 'foldseek_evalue', 'foldseek_sensitivity'] +
                ['skip_addss', 'save_intermediates'],
            steps: ['PREPARE_PROTEINS', 'SEARCH_TEMPLATES', 'SEARCH_PROFILES', 'SELECT_CANDIDATES'],
        ],
        [
            name: 'align',
            executables: ['align_templates', 'import_dali'],
            parameters: ['alignment_engine', 'min_block'],
            steps: ['ALIGN_TEMPLATES'],
        ],
        [
            name: 'parse',
            executables: ['parse_domains'],
            parameters: ['structure_evidence'],
            steps: ['PARSE_DOMAINS'],
        ],
    ]
    def score = [
        name: 'score',
        executables: ['score_domains'],
        parameters: ['domass_engine'],
        steps: ['SCORE_DOMAINS'],
    ]
    def assign = [
        name: 'assign',
        executables: ['assign_domains', 'choose_pages', 'draw_proteins', 'write_results'],
        parameters: ['compat'],
        steps: ['ASSIGN_DOMAINS'],
    ]
    def train = [
        name: 'train',
        executables: ['write_training_ledger', 'train_domass', 'write_training_report'],
        parameters: [],
        steps: [],
    ]
    def queries = [executables: ['make_training_queries'], parameters: ['train_queries', 'seed']]
    def search = parsing[0] + [
        executables: parsing[0].executables + queries.executables,
        parameters: parsing[0].parameters + queries.parameters,
    ]
    return [domains: parsing + [score, assign], training: [search] + parsing.tail() + [train]]
}

// Names of the phases that a workflow can stop after, in order: all but its last; none if it cannot be split.
def phaseNames(name) { (allPhases()[name] ?: [])*.name.dropRight(1) }

// The phases up to one, e.g. [ 'search', 'align' ]; empty for null.
def phasesUpTo(name, last) {
    def names = phaseNames(name)
    return last == null ? [] : names.take(names.indexOf(last) + 1)
}

// The phases that a run does, e.g. [ 'parse', 'score', 'assign' ].
def phasesToDo(given, saved) {
    def all = (allPhases()[given.workflow] ?: [])*.name
    def first = saved == null ? 0 : all.indexOf(saved.name) + 1
    def last = given.stop_after ? all.indexOf(given.stop_after) : all.size() - 1
    return all.subList(first, last + 1)
}

// The error in --stop_after or --start_from, or null. `saved`: of savedPhase().
def phaseComplaint(given, saved) {
    def names = phaseNames(given.workflow)
    if (given.stop_after && !(given.stop_after in names)) {
        return "--stop_after is '${given.stop_after}', but " +
            (names ? "must be one of ${names.join(', ')}" : "--workflow ${given.workflow} has no phases to stop after")
    }
    if (!given.start_from) {
        return null
    }
    if (!names) {
        return "--start_from cannot be used: --workflow ${given.workflow} has no phases to go on from"
    }
    if (saved == null) {
        return "--start_from: ${given.start_from} holds no finished phase before that of --stop_after " +
            '(phases/NAME with DONE, phase.json, inputs.json); give the results of a run that ended with --stop_after'
    }
    if (given.stop_after && names.indexOf(given.stop_after) <= names.indexOf(saved.name)) {
        return "--stop_after ${given.stop_after} is no later than the phase of --start_from (${saved.name})"
    }
    return null
}

// The phase that --start_from names: the last finished one of a run's results that --stop_after does not make again, or
// that of the folder itself. As [ folder, name, record ]; null if there is none.
def savedPhase(given) {
    if (!given.start_from) {
        return null
    }
    def folder = file(given.start_from.toString(), glob: false)
    def names = phaseNames(given.workflow)
    def earlier = given.stop_after in names ? names.take(names.indexOf(given.stop_after)) : names
    def places = [folder] + earlier.reverse().collect { name -> folder.resolve("phases/${name}") }
    def found = places.find { place -> place.resolve('DONE').exists() && place.resolve('phase.json').exists() }
    def record = found == null ? null : readRecord(found.resolve('phase.json'))
    return record == null ? null : [folder: found, name: record.phase, record: record]
}

// Content of phase.json, or null if it is damaged.
def readRecord(path) {
    try {
        def record = new groovy.json.JsonSlurper().parse(path.toFile())
        return record.phase && record.contents && path.resolveSibling('inputs.json').exists() ? record : null
    }
    catch (groovy.json.JsonException _problem) {
        return null
    }
}

// Processes that the ledger knows of some phases, in order.
def phaseSteps(name, phases) {
    return allPhases()[name].findAll { phase -> phase.name in phases }.collectMany { phase -> phase.steps }
}

// Processes that a run with some phases leaves out.
def processesOut(given, phases) {
    def left = (allPhases()[given.workflow] ?: []).findAll { phase -> !(phase.name in phases) }
    def further = [
        search: ['LIST_INPUTS', 'MAKE_TRAINING_QUERIES'],
        assign: ['CHOOSE_PAGES', 'DRAW_PROTEINS', 'WRITE_RESULTS'],
        train: ['TRAIN_DOMASS', 'WRITE_TRAINING_LEDGER', 'WRITE_TRAINING_REPORT'],
    ]
    def check = phases.any { name -> name in ['score', 'assign'] } ? [] : ['CHECK_RUN']
    def pages = given.report && given.report_proteins ? [] : ['CHOOSE_PAGES', 'DRAW_PROTEINS']
    return left.collectMany { phase -> phase.steps + (further[phase.name] ?: []) } + check + pages
}

// Rows of the inputs of a saved phase: [ [ id, reason, bucket ] ].
def savedRows(folder) { new groovy.json.JsonSlurper().parse(folder.resolve('inputs.json').toFile()) }

// Files by the bucket that their names begin with: [ 'bucket-0003', [ paths ] ]; others belong to the whole run.
def partsOf(paths) {
    return paths
        .groupBy { path -> path.name ==~ /(bucket|archive)-\d+\..+/ ? path.name.tokenize('.').first() : 'run' }
        .collect { name, files -> [name, files.toSorted { path -> path.name }] }
        .toSorted { part -> part.first() }
}

// Write the marker of a finished phase, DONE, once all of its files are there.
def markPhase(given) {
    if (given.stop_after) {
        file("${given.outdir}/phases/${given.stop_after}/DONE", glob: false).text = "${given.stop_after}\n"
    }
}

// Remove the marker from a phase's folder before its files are written again.
def unmark(folder) { file("${folder}/DONE", glob: false).delete() }

// Last lines of a run that ends after a phase.
def stopText(summary, given) {
    return "\n${summary.text.trim()}\nStopped after ${given.stop_after}; go on with --start_from ${given.outdir}"
}
