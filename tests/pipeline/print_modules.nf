// Prints, as JSON, which library modules each executable's fingerprint covers.

include { modulesOf } from '../../functions/fingerprint'

workflow {
    main:
    def bin = file("${projectDir}/../../bin").toRealPath()
    def covered = files("${bin}/*.py").collectEntries { path -> [(path.name): modulesOf(path.name, bin)] }
    println("RESULT ${groovy.json.JsonOutput.toJson(covered)}")
}
