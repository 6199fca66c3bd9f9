#!/usr/bin/env bash
# Trains the embedded network again and compares it with assets/domass.npz, byte for byte: tools/make_network.sh [--update]
#
# Templates of mini-ECOD are the proteins, by --workflow training in .cache/train; a run that was stopped goes on where it was.
# Their sequence profiles are in the structure database that mini-ECOD is cut from; HH-suite must be installed. Ends with 1
# if the network differs; with --update it takes the old one's place, and docs/domass.md gets the report.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$root/.cache/train
database=$("$root/tools/fetch_structures.sh")
python=$root/.venv/bin/python
mkdir -p "$scratch"
cd "$scratch"
# Made again each time, since they must fit the templates; where nothing changed the old files stay, for -resume.
"$python" "$root/tools/make_profiles.py" --structures "$database" --out-dir profiles.new
"$python" "$root/bin/build_hh_database.py" \
    --reference "$root/assets/mini-ecod/templates.arrow" --profiles profiles.new/templates.npz --out-dir hh.new
for folder in profiles hh; do
    if diff -rq "$folder.new" "$folder" >/dev/null 2>&1; then
        rm -r "$folder.new"
    else
        rm -rf "$folder"
        mv "$folder.new" "$folder"
    fi
done
resume=()
[ ! -e .nextflow/history ] || resume=(-resume)
"$root/tools/nextflow" run "$root/main.nf" --workflow training --reference "$root/assets/mini-ecod" \
    --hh_database "$scratch/hh/templates" --query_profiles "$scratch/profiles/queries.npz" --outdir network "${resume[@]}"

if cmp -s network/domass.npz "$root/assets/domass.npz"; then
    echo "assets/domass.npz: the same, byte for byte"
elif [ "${1:-}" = --update ]; then
    cp network/domass.npz "$root/assets/domass.npz"
    cp network/reliability.svg "$root/docs/reliability.svg"
    "$python" - "$root/docs/domass.md" network/report.md "$root/bin" <<'END'
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from domainflow.domains.domass.training.report import insert_report
insert_report(Path(sys.argv[1]), Path(sys.argv[2]).read_text())
END
    echo "assets/domass.npz, docs/domass.md and docs/reliability.svg: updated"
else
    echo "assets/domass.npz differs from $scratch/network/domass.npz; compare its report.md with docs/domass.md" >&2
    exit 1
fi
