#!/usr/bin/env bash
# Makes the embedded reference again and compares it with assets/mini-ecod, byte for byte: tools/make_reference.sh [--update]
#
# It is made by --workflow reference in .cache/reference, and a run that was stopped goes on where it was. Ends with 1 if
# a file differs; with --update the new files take the place of the old ones.
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
