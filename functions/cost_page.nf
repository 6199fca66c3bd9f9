// The page on the CPU and memory of a run's steps, pipeline_info/cost.html. Times differ from run to run, and
// report.html may not: it links to this page, which is written from Nextflow's table of tasks once the run has ended.

include { traceRows } from './trace'

// The page. `trace`: path of execution_trace.txt, which may be missing; `style`: text of the report's style; `name` of
// the run; `report`: whether there is a report.html to go back to.
def costPage(trace, style, name, report) {
    def policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    def steps = stepCosts(traceRows(trace))
    def total = steps.sum { step -> step.cpu } ?: 0
    def earlier = steps.sum { step -> step.earlier } ?: 0
    def content = steps
        ? "<p>All tasks took ${inWords(total)} of CPU time." +
            (earlier ? " Of this, ${inWords(earlier)} are of tasks that an earlier run had done (-resume)." : '') +
            "</p>\n${costTable(steps, total)}\n<p class=\"hint\">CPU time is a task's time multiplied by the mean " +
            'number of CPUs that it used, as Nextflow measured it. Every attempt counts. ' +
            'A dash says that Nextflow measured nothing, as it does for tasks that end at once.</p>'
        : '<p class="note">Nextflow wrote no execution_trace.txt, so the cost of this run is not known.</p>'
    return """\
        |<!doctype html>
        |<html lang="en">
        |<head>
        |<meta charset="utf-8">
        |<meta http-equiv="Content-Security-Policy" content="${policy}">
        |<meta name="viewport" content="width=device-width, initial-scale=1">
        |<title>Cost of the run ${escaped(name)}</title>
        |<link rel="icon" href="data:,">
        |<style>
        |${style.trim().replace('\n', '\n|')}
        |</style>
        |</head>
        |<body>
        |<header class="top"><h1>Cost of the run ${escaped(name)}</h1><p class="sub">CPU and memory by step</p>
        |<nav aria-label="pages">${report ? '<a href="../report.html">← report</a>' : ''}</nav></header>
        |<main><section class="card">
        |${content.replace('\n', '\n|')}
        |</section></main>
        |</body>
        |</html>
        |""".stripMargin()
}

// Steps by falling CPU time: [ process, tasks, again, failed, cpu, earlier, longest, memory ], in seconds and bytes.
def stepCosts(rows) {
    def costs = rows.groupBy { row -> row.process.tokenize(':').last() }.collect { process, attempts ->
        // a task that was tried again has several rows, the last of which counts
        def tasks = attempts.groupBy { row -> row.name }
        [
            process: process,
            tasks: tasks.size(),
            again: attempts.size() - tasks.size(),
            failed: tasks.values().count { tries -> tries.last().status in ['FAILED', 'ABORTED'] },
            cpu: attempts.sum { row -> cpuSeconds(row) },
            earlier: attempts.findAll { row -> row.status == 'CACHED' }.sum { row -> cpuSeconds(row) } ?: 0,
            longest: attempts*.realtime.collect { text -> seconds(text) }.max(),
            memory: attempts*.peak_rss.collect { text -> measured(text) ? (text as MemoryUnit).toBytes() : 0 }.max(),
        ]
    }
    return costs.toSorted { one, other -> other.cpu <=> one.cpu ?: one.process <=> other.process }
}

def measured(text) { !(text in [null, '', '-', '0']) }

def seconds(text) { measured(text) ? (text as Duration).toMillis() / 1000 : 0 }

def cpuSeconds(row) {
    return measured(row['%cpu']) ? seconds(row.realtime) * row['%cpu'].replace('%', '').toBigDecimal() / 100 : 0
}

def costTable(steps, total) {
    def titles = ['CPU time', 'share', 'tasks', 'tried again', 'failed', 'longest task', 'largest memory']
    def head = titles.collect { title -> "<th scope=\"col\" class=\"num\">${title}</th>" }.join('')
    def rows = steps.collect { step ->
        def share = total ? 100 * step.cpu / total : 0
        def cells = [inWords(step.cpu), "${tenths(share)} %", step.tasks, step.again, step.failed] +
            [inWords(step.longest), step.memory ? "${Math.round(step.memory / 1e6)} MB" : '–']
        def bar = "<td class=\"bar\"><span class=\"meter\"><i style=\"width:${tenths(share)}%\"></i></span></td>"
        "<tr><th scope=\"row\">${escaped(step.process)}</th>${bar}" +
            cells.collect { cell -> "<td class=\"num\">${cell}</td>" }.join('') + '</tr>'
    }
    return '<div class="scroll" tabindex="0" role="group" aria-label="costs"><table class="t"><thead><tr>' +
        "<th scope=\"col\">step</th><td></td>${head}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table></div>"
}

// A time for readers: 35 s, 12.5 min, 3.1 h.
def inWords(time) {
    def number = time as BigDecimal
    return number == 0
        ? '–'
        : number >= 5400
            ? "${tenths(number / 3600)} h"
            : number >= 90 ? "${tenths(number / 60)} min" : "${tenths(number)} s"
}

def tenths(number) { String.format(Locale.ROOT, '%.1f', number as double) }

def escaped(text) { text.toString().replace('&', '&amp;').replace('<', '&lt;').replace('"', '&quot;') }
