#!/usr/bin/env bash
# Download the structures that mini-ECOD is cut from and print the path of their file: tools/fetch_structures.sh
#
# They are in Debian's package promod3-data (371 MB, downloaded once, unpacked into .cache/promod3; no root needed).
# STRUCTURE_DB=PATH names a structure_db.dat elsewhere.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/.cache/promod3
database=${STRUCTURE_DB:-$folder/structure_db.dat}
checksum=0f1c6e35a3f248fddd0c2c0da2c0d1145b502d4663fe8adb7239f27adad3301a

stop() {
    echo "$1" >&2
    exit 1
}

if [ ! -e "$database" ] && [ -z "${STRUCTURE_DB:-}" ]; then
    for program in apt-get dpkg-deb; do
        command -v "$program" >/dev/null ||
            stop "$program is needed to fetch promod3-data: use Debian, or name a structure_db.dat with STRUCTURE_DB=PATH."
    done
    mkdir -p "$folder"
    echo "Fetching promod3-data (371 MB) …" >&2
    # apt-get writes into the current folder; it completes a partial package and keeps a complete one
    (cd "$folder" && apt-get download -q promod3-data >&2) ||
        stop "promod3-data could not be fetched: run apt-get update as root first, or check the network."
    for package in "$folder"/promod3-data_*_all.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -xO ./usr/share/promod3/loop_data/structure_db.dat >"$database.part"
        mv "$database.part" "$database"
        rm "$package"
    done
fi

[ -r "$database" ] || stop "$database cannot be read: check STRUCTURE_DB."
echo "Checking $database …" >&2
[ "$(sha256sum <"$database")" = "$checksum  -" ] ||
    stop "$database is not the one that assets/mini-ecod/domains.tsv was made for (promod3-data 3.2.1+ds-6)."
realpath "$database"
