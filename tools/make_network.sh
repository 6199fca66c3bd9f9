#!/usr/bin/env bash
# Train the embedded network again and compare it with assets/domass.npz, byte by byte: tools/make_network.sh [--update]
#
# --workflow training runs in .cache/train on templates of mini-ECOD, and on whole chains that hold several of them; a
# stopped run resumes. Chains and sequence profiles are in the structure database that mini-ECOD is cut from. HH-suite
# must be installed. The exit status is 1 if the network differs. With --update it replaces the old one, and its report is written to docs/domass.md.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$root/.cache/train
database=$("$root/tools/fetch_structures.sh")
python=$root/.venv/bin/python
mkdir -p "$scratch"
cd "$scratch"
# Profiles must fit the templates, so they are made again each time; unchanged files are kept for -resume.
"$python" "$root/tools/make_profiles.py" --structures "$database" --out-dir profiles.new
"$python" "$root/bin/build_hh_database.py" \
    --reference "$root/assets/mini-ecod/templates.arrow" --profiles profiles.new/templates.npz --out-dir hh.new
"$python" "$root/tools/make_training_chains.py" --structures "$database" --out-dir chains.new
for folder in profiles hh chains; do
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
    --input "$scratch/chains/chains.csv" --labels "$scratch/chains/labels.tsv" --train_queries 480 \
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
