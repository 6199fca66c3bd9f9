#!/usr/bin/env bash
# Build the embedded reference again and compare it with assets/mini-ecod, byte by byte: tools/make_reference.sh [--update]
#
# --workflow reference runs in .cache/reference; a stopped run resumes. The exit status is 1 if a file differs. With
# --update the new files replace the old ones.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$root/.cache/reference
database=$("$root/tools/fetch_structures.sh")
mkdir -p "$scratch"
cd "$scratch"
resume=()
[ ! -e .nextflow/history ] || resume=(-resume)
"$root/tools/nextflow" run "$root/main.nf" --workflow reference --domains "$root/assets/mini-ecod/domains.tsv" \
    --structures "$database" --outdir ref "${resume[@]}"

different=0
for name in templates.arrow statistics.arrow; do
    if cmp -s "ref/$name" "$root/assets/mini-ecod/$name"; then
        echo "assets/mini-ecod/$name: the same, byte for byte"
    elif [ "${1:-}" = --update ]; then
        cp "ref/$name" "$root/assets/mini-ecod/$name"
        echo "assets/mini-ecod/$name: updated"
    else
        echo "assets/mini-ecod/$name differs from $scratch/ref/$name (UPDATE=1 would replace it)" >&2
        different=1
    fi
done
exit "$different"
