#!/usr/bin/env bash
# End the SLURM that tests/slurm/start.sh started in a folder, by its pid files: tests/slurm/stop.sh DIR.
set -euo pipefail

[ $# = 1 ] || { echo "tests/slurm/stop.sh: name the folder of tests/slurm/start.sh: tests/slurm/stop.sh DIR." >&2; exit 1; }
dir=$1
if [ -s "$dir/slurmctld.pid" ]; then
    # jobs would outlive their slurmd
    SLURM_CONF="$dir/slurm.conf" timeout 10 scancel --user root 2>/dev/null || true
fi
for name in slurmctld slurmd-n1 slurmd-n2 slurmd-n3 slurmd-n4 slurmd-n5 munged; do
    file="$dir/$name.pid"
    [ -s "$file" ] || continue
    pid=$(cat "$file")
    # a number that another program has meanwhile is left alone
    if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "${name%-n[0-9]}" ]; then
        kill "$pid"
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    fi
    rm -f "$file"
done
