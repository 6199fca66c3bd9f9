#!/bin/sh
# Let downloads of a build stage trust the certificate authorities in /sources, too (a site behind a proxy needs that).
set -eu

for authority in /sources/*.crt; do
    [ ! -e "$authority" ] || cat "$authority" >> /etc/ssl/certs/ca-certificates.crt
done
