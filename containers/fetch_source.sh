#!/bin/sh
# Make sure that a source is there and has its checksum: fetch_source.sh FILE SHA256 URL
#
# A file that is there already is used; otherwise it is downloaded. The checksum is asked in both cases. An error is one
# sentence that begins with "Source"; tools/build_images.sh looks for it.
set -eu

file=$1 expected=$2 url=$3
name=$(basename "$file")

if [ ! -s "$file" ]; then
    curl --fail --silent --show-error --location --retry 3 --output "$file" "$url" || {
        echo "Source $name is missing: it could not be downloaded from $url; give it with --sources." >&2
        exit 1
    }
fi
found=$(sha256sum "$file" | cut -d ' ' -f 1)
if [ "$found" != "$expected" ]; then
    echo "Source $name is not the expected file: its SHA-256 is $found, but must be $expected." >&2
    exit 1
fi
