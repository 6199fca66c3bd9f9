#!/usr/bin/env bash
# Run a whole batch as one SLURM job on one node:
#
#   tools/slurm_node.sh [--dry-run] [OPTIONS OF SBATCH] -- [OPTIONS OF nextflow run main.nf]
#   tools/slurm_node.sh --partition long --cpus-per-task 32 --mem 120G --time 2-0 -- --input samples.csv --outdir results
#
# --dry-run prints the job's script and submits nothing. The job runs in the folder that the command is called from, and
# writes what Nextflow says to slurm-JOB.out there. The same command again goes on where the last job ended.
set -euo pipefail

complain() { echo "tools/slurm_node.sh: $*" >&2; exit 2; }

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dry_run=no
options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    if [ "$1" = --dry-run ]; then dry_run=yes; else options+=("$1"); fi
    shift
done
[ "${1:-}" = -- ] || complain "write -- before the options of the run: tools/slurm_node.sh --mem 120G -- --input samples.csv."
shift
# an option without its value would become a line of the script that sbatch reads as a command
for option in "${options[@]}"; do
    [[ "$option" != *$'\n'* ]] || complain "an option of sbatch has a line end."
done

# the profile slurm_node comes last, so that it wins
profile=slurm_node
run=()
while [ $# -gt 0 ]; do
    case "$1" in
        -profile) [ $# -gt 1 ] || complain "-profile needs the name of a profile."; profile="$2,slurm_node"; shift 2 ;;
        -resume) shift ;;  # the job decides
        *) run+=("$1"); shift ;;
    esac
done

script() {
    cat <<JOB
#!/usr/bin/env bash
#SBATCH --job-name=domainflow
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --output=slurm-%j.out
# A job that is preempted, or loses its node, starts again by itself and goes on with -resume.
#SBATCH --requeue
#SBATCH --open-mode=append
# Two minutes before its time is over, Nextflow ends its tasks and keeps what is done.
#SBATCH --signal=B:TERM@120
set -euo pipefail

# CPUs and memory of the allocation; Nextflow itself gets 1 GB of the memory, at most half of it
export DOMAINFLOW_CPUS="\${SLURM_CPUS_PER_TASK:-\${SLURM_CPUS_ON_NODE:-1}}"
megabytes="\${SLURM_MEM_PER_NODE:-\$(( \${SLURM_MEM_PER_CPU:-0} * DOMAINFLOW_CPUS ))}"
if [ "\$megabytes" -gt 0 ]; then
    own=\$(( megabytes > 2048 ? 1024 : megabytes / 2 ))
    export DOMAINFLOW_MEMORY_MB=\$(( megabytes - own )) NXF_OPTS="\${NXF_OPTS:-} -Xmx\${own}m"
fi

resume=()
if [ -s .nextflow/history ]; then resume=(-resume); fi
exec $(printf '%q ' "$root/tools/nextflow" run "$root/main.nf" -profile "$profile" -ansi-log false "${run[@]}")"\${resume[@]}"
JOB
}

if [ "$dry_run" = yes ]; then
    # sbatch gets its options on the command line, because there they win over the script's
    echo "# sbatch$([ ${#options[@]} = 0 ] || printf ' %q' "${options[@]}")"
    script
    exit 0
fi
command -v sbatch >/dev/null || complain "there is no sbatch here; SLURM's programs must be on the PATH."
script | sbatch "${options[@]}"
