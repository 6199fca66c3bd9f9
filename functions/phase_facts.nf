// What shapes the results of phases, to tell whether a run can go on from where another stopped.

include { allPhases   } from './phases'
include { fingerprint } from './fingerprint'

// What shapes the results of some phases: code, parameters, databases (bytes by name).
def phaseFacts(phases, given, databases) {
    def done = allPhases()[given.workflow].findAll { phase -> phase.name in phases }
    return [
        workflow: given.workflow,
        code: done.collectMany { phase -> phase.executables }.collectEntries { name -> [(name): fingerprint(name)] },
        parameters: given.subMap(done.collectMany { phase -> phase.parameters }),
        databases: databases,
    ]
}
