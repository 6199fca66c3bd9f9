#!/bin/sh
# Put Foldseek into /opt/foldseek/bin: build_foldseek.sh SHA256 URL
#
# If /sources/foldseek is there, it is taken as the ready program, and the checksum is that of the program. Otherwise
# /sources/foldseek.tar.gz, or what is downloaded, is the source and is compiled: some 16 minutes of CPU time.
set -eu

sha256=$1 url=$2

if [ -s /sources/foldseek ]; then
    fetch_source.sh /sources/foldseek "$sha256" "$url"
    install -D --mode 755 /sources/foldseek /opt/foldseek/bin/foldseek
    exit
fi

fetch_source.sh /sources/foldseek.tar.gz "$sha256" "$url"
# cargo of Debian 12 is from 2022; its package cargo-web is newer
apt-get install -y --no-install-recommends cargo-web cmake g++ libbz2-dev make rustc-web xxd zlib1g-dev
mkdir -p /tmp/foldseek/build
tar --extract --strip-components 1 --directory /tmp/foldseek --file /sources/foldseek.tar.gz
cd /tmp/foldseek/build
cmake -DCMAKE_BUILD_TYPE=Release -DHAVE_AVX2=1 -DHAVE_MPI=0 -DHAVE_TESTS=0 ..
make --jobs "$(nproc)" foldseek
install -D --strip src/foldseek /opt/foldseek/bin/foldseek
