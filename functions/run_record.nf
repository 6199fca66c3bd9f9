// What a run writes into pipeline_info about itself: run.json when it begins and ends, inputs.json once its inputs are
// known. tools/status.py reads both; Nextflow's own files do not say where the tasks work or how many inputs there are.

include { accession ; defaultBuckets } from './buckets'

// Write run.json as the run begins; return [ path, facts ], for recordEnd(). `provenance`: map of provenanceOf().
def recordStart(folder, provenance) {
    def process = java.lang.ProcessHandle.current()
    def facts = [
        workflow: provenance.parameters.workflow,
        name: workflow.runName,
        session: workflow.sessionId.toString(),
        command: workflow.commandLine,
        launch_dir: workflow.launchDir.toUriString(),
        work_dir: workflow.workDir.toUriString(),
        // the head of the run, so that one that was killed can be told from one that works
        host: hostName(),
        pid: process.pid(),
        start: java.lang.System.currentTimeMillis().intdiv(1000),
    ] + provenance
    def path = folder.resolve('run.json')
    folder.mkdirs()
    writeJson(path, facts)
    return [path: path, facts: facts]
}

// Add the end to run.json: its time, and whether the run succeeded.
def recordEnd(record, success) {
    writeJson(record.path, record.facts + [end: java.lang.System.currentTimeMillis().intdiv(1000), success: success])
}

// Write inputs.json: numbers of inputs, and of accepted ones in each bucket or sample. `facts`: what else is known.
def recordInputs(folder, rows, sizes, facts) {
    def accepted = rows.count { row -> row.reason == null }
    writeJson(
        folder.resolve('inputs.json'),
        [accepted: accepted, rejected: rows.size() - accepted, buckets: sizes] + facts,
    )
}

// The rows, each accepted one with its bucket, as bucketsOf() and LIST_INPUTS group them. Rows that another run saved
// have theirs already.
def withBuckets(rows, wanted) {
    def count = wanted ?: defaultBuckets(rows.count { row -> row.reason == null })
    return rows.collect { row ->
        def number = Integer.parseInt(accession(row.id).md5()[0..6], 16) % count
        def name = "${row.structure == null ? 'archive' : 'bucket'}-${number.toString().padLeft(4, '0')}".toString()
        row.reason != null || row.bucket ? row : row + [bucket: name]
    }
}

// Number of accepted proteins in each bucket: [ 'bucket-0003': 12 ].
def bucketSizes(rows, wanted) {
    def accepted = withBuckets(rows, wanted).findAll { row -> row.reason == null }
    return accepted.countBy { row -> row.bucket }.toSorted { entry -> entry.key }
}

def writeJson(path, content) {
    path.text = groovy.json.JsonOutput.prettyPrint(groovy.json.JsonOutput.toJson(content)) + '\n'
}

// Name of this machine, or an empty text.
def hostName() {
    try {
        return java.net.InetAddress.getLocalHost().getHostName()
    }
    catch (java.net.UnknownHostException _problem) {
        return ''
    }
}
