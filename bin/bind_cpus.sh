#!/usr/bin/env bash
# Start a program bound to whole cores, inside an allocation of SLURM: bind_cpus.sh CPUS MEGABYTES PROGRAM [ARGUMENT …]
#
# MEGABYTES is the memory of the step, so that several steps fit into one allocation; 0 stands for all of it. Outside an
# allocation, or where there is no srun, the program starts as it is. srun passes on input, output, signals and exit code.
set -euo pipefail

cpus=$1 megabytes=$2
shift 2
if [ -n "${SLURM_JOB_ID:-}" ] && command -v srun > /dev/null; then
    # the allocation's own limits a CPU, a task or a node do not go with --mem
    unset SLURM_MEM_PER_CPU SLURM_MEM_PER_GPU SLURM_MEM_PER_NODE
    exec srun --ntasks=1 --nodes=1 "--cpus-per-task=$cpus" "--mem=$megabytes" --exact --cpu-bind=cores --export=ALL "$@"
fi
if [ -n "${SLURM_JOB_ID:-}" ]; then
    echo "Warning: there is no srun where the task runs, so its CPUs are not bound (--cpu_bind cores)" >&2
fi
exec "$@"
