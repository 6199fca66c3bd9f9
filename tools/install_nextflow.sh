#!/usr/bin/env bash
# Assemble Nextflow from Maven Central if no nextflow is on the PATH: tools/install_nextflow.sh FOLDER
#
# The versions are the only set whose parts are all on Maven Central and which runs, lints and resumes together. Trace
# and lineage plug-ins are omitted: they are not needed and depend on artifacts that Maven Central lacks.
set -euo pipefail

folder=$(mkdir -p "$1" && cd "$1" && pwd)
for program in mvn java; do
    command -v "$program" >/dev/null || { echo "$program is needed to install Nextflow: install Maven and Java 17." >&2; exit 1; }
done

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cat >"$build/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>domainflow</groupId>
  <artifactId>nextflow-runtime</artifactId>
  <version>1</version>
  <dependencyManagement>
    <dependencies>
      <dependency><groupId>io.nextflow</groupId><artifactId>nf-lang</artifactId><version>25.04.0</version></dependency>
      <dependency><groupId>io.nextflow</groupId><artifactId>nf-commons</artifactId><version>25.04.4</version></dependency>
      <dependency><groupId>io.nextflow</groupId><artifactId>nf-httpfs</artifactId><version>25.04.4</version></dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>io.nextflow</groupId>
      <artifactId>nextflow</artifactId>
      <version>25.04.0</version>
      <exclusions>
        <exclusion><groupId>io.seqera</groupId><artifactId>lib-trace</artifactId></exclusion>
        <exclusion><groupId>io.nextflow</groupId><artifactId>nf-lineage</artifactId></exclusion>
      </exclusions>
    </dependency>
  </dependencies>
</project>
POM
echo "Installing Nextflow 25.04.0 from Maven Central (31 MB) …" >&2
(cd "$build" && mvn -q -B -Dstyle.color=never dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=jars)
rm -rf "$folder/jars"
mv "$build/jars" "$folder/jars"
