// Troubles of the machine: what would fail every task is said once, at the beginning or at the end of a run.

include { traceRows } from './trace'

// The error in the folder for temporary files, or null. `folder`: value of TMPDIR, or null.
def temporaryFolderComplaint(folder) {
    if (!folder) {
        return null
    }
    try {
        def path = java.nio.file.Path.of(folder)
        java.nio.file.Files.createDirectories(path)
        java.nio.file.Files.delete(java.nio.file.Files.createTempFile(path, 'domainflow', '.tmp'))
        return null
    }
    catch (Exception _problem) {
        return "TMPDIR is ${folder}, where no temporary file can be made; " +
            'set TMPDIR to a folder that can be written, or unset it'
    }
}

// One line for each process whose tasks failed for good: their number, exit status and the first one's last words.
def failureLines(trace, workDir) {
    def rows = traceRows(trace)
    // a task that was tried again has several rows, the last of which counts
    def failed = rows.groupBy { row -> row.name }.values()*.last().findAll { row -> row.status == 'FAILED' }
    return failed.groupBy { row -> row.process }.collect { process, tasks ->
        def words = lastWords(tasks.first().hash, workDir)
        def count = tasks.size() == 1 ? '1 task' : "${tasks.size()} tasks"
        "${process}: ${count} failed (exit status ${tasks.first().exit})" + (words ? "; the first said: ${words}" : '')
    }
}

// Last line that a task wrote to its standard error (or to its log, before its script began), given its short hash.
// Heartbeats (bin/domainflow/run/heartbeat.py) are no words, nor is what srun says of a program that it started.
def lastWords(hash, workDir) {
    def (start, rest) = hash.tokenize('/')
    def folder = workDir.resolve(start)
    def task = folder.exists() ? folder.listFiles().toList().find { path -> path.name.startsWith(rest) } : null
    def logs = ['.command.err', '.command.log'].collect { name -> task?.resolve(name) }
    def lines = logs.findAll { log -> log?.exists() }.collect { log ->
        log.readLines().findAll { line -> line.trim() && !(line ==~ /(heartbeat\t|srun: ).*/) }
    }
    return lines.find { some -> some }?.last()?.take(300) ?: ''
}
