#!/usr/bin/env bash
# Check for Python 3.11+ with venv, Java 17+ and, if Nextflow must be installed, Maven. As root, install missing ones
# from Debian; otherwise print one sentence that names them. Print the Python to use.
set -euo pipefail

ready_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

java_is_ready() {
    local version
    version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1) || return 1
    [ -n "$version" ] && [ "$version" -ge 17 ]
}

maven_is_ready() {
    command -v nextflow >/dev/null || command -v mvn >/dev/null
}

packages=()
ready_python >/dev/null || packages+=(python3 python3-venv)
java_is_ready || packages+=(openjdk-17-jre-headless)
maven_is_ready || packages+=(maven)

if [ ${#packages[@]} -gt 0 ]; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
    else
        echo "Missing and to be installed first: ${packages[*]} (names of Debian's packages)." >&2
        exit 1
    fi
fi
java_is_ready || { echo "Java 17 or newer is needed; put it first on the PATH." >&2; exit 1; }
ready_python || { echo "Python 3.11 or newer with venv is needed; python3 is $(python3 -V 2>&1)." >&2; exit 1; }
