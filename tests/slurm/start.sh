#!/usr/bin/env bash
# Start a small SLURM on this machine for tests: tests/slurm/start.sh DIR. As root, on Debian.
#
# DIR gets all files: configuration, keys, logs, pid files. Programs find this SLURM by SLURM_CONF=DIR/slurm.conf.
# Doing it twice changes nothing; tests/slurm/stop.sh DIR ends it.
#
# Five nodes, each with this machine's CPUs, so that independent faults run side by side:
#   work    n1, n2  ordinary jobs
#   low     n3      jobs that a job of `high` puts back in the queue, or cancels if they may not be put back
#   lowest  n5      jobs that a job of `high` cancels
#   high    n3, n5  jobs that take a node from the others
#   edge    n4, n1  n4 is taken first; it is the node that a test may set down
set -euo pipefail

say() { echo "tests/slurm/start.sh: $*" >&2; exit 1; }
[ $# = 1 ] || say "name the folder for SLURM's files: tests/slurm/start.sh DIR."
[ "$(id -u)" = 0 ] || say "only root can start SLURM's daemons."
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mkdir -p "$1" && cd "$1" && pwd)
export SLURM_CONF="$dir/slurm.conf"
export PATH="$PATH:/usr/sbin:/sbin"

ready() { [ "$(sinfo -h -N -o %t 2>/dev/null | grep -cE '^(idle|mix|alloc)$')" -ge 5 ]; }
if [ -s "$dir/slurmctld.pid" ] && kill -0 "$(cat "$dir/slurmctld.pid")" 2>/dev/null && ready; then exit 0; fi
"$here/stop.sh" "$dir"

if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null || ! command -v munged >/dev/null; then
    command -v apt-get >/dev/null || say "SLURM and munge are missing, and only Debian's apt-get can install them here."
    export DEBIAN_FRONTEND=noninteractive
    install=(apt-get install -y -qq --no-install-recommends slurm-wlm munge)
    "${install[@]}" >"$dir/install.log" 2>&1 || { apt-get update -qq && "${install[@]}"; } >"$dir/install.log" 2>&1 ||
        say "SLURM could not be installed; $dir/install.log says why."
fi

# memory limits need the memory controller; with version 1 of cgroups it is a folder of its own
cgroups=/sys/fs/cgroup
tasks=task/affinity limits=no
if [ -d "$cgroups/memory" ] && [ -w "$cgroups/memory" ]; then
    tasks=task/affinity,task/cgroup limits=yes
fi
cat >"$dir/cgroup.conf" <<CONF
CgroupPlugin=cgroup/v1
CgroupMountpoint=$cgroups
CgroupAutomount=no
ConstrainRAMSpace=$limits
ConstrainSwapSpace=no
CONF

host=$(hostname -s)
cpus=$(nproc)
# cred_expire: a job that is put back in the queue waits as long as a credential lives, two minutes by default
memory=$(awk '/^MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
{
    cat <<CONF
ClusterName=domainflow
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17817
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket,cred_expire=5
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=$tasks
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=500
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
SchedulerParameters=sched_interval=5,bf_interval=5,batch_sched_delay=1
KillWait=5
MinJobAge=30
SlurmctldTimeout=60
SlurmdTimeout=60
MaxArraySize=1001
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd-%n.log
CONF
    for node in 1 2 3 4 5; do
        echo "NodeName=n$node NodeHostname=$host NodeAddr=127.0.0.1 Port=1700$node CPUs=$cpus RealMemory=$memory" \
            "Weight=$([ "$node" = 4 ] && echo 1 || echo 10)"
    done
    cat <<CONF
PartitionName=work Nodes=n1,n2 Default=YES PriorityTier=10 PreemptMode=OFF MaxTime=UNLIMITED
PartitionName=low Nodes=n3 PriorityTier=1 PreemptMode=REQUEUE MaxTime=UNLIMITED
PartitionName=lowest Nodes=n5 PriorityTier=1 PreemptMode=CANCEL MaxTime=UNLIMITED
PartitionName=high Nodes=n3,n5 PriorityTier=20 PreemptMode=OFF MaxTime=UNLIMITED
PartitionName=edge Nodes=n4,n1 PriorityTier=10 PreemptMode=OFF MaxTime=UNLIMITED
CONF
} >"$dir/slurm.conf"

mkdir -p "$dir/state" "$dir"/spool-n{1,2,3,4,5}
chmod 700 "$dir"
[ -s "$dir/munge.key" ] || (umask 077 && head -c 1024 /dev/urandom >"$dir/munge.key")
# --force: munged as root, with its files in a folder of ours, is good enough for a test
munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
    --log-file="$dir/munged.log" --seed-file="$dir/munge.seed" >>"$dir/start.log" 2>&1 ||
    say "munged does not start; $dir/munged.log says why."
slurmctld -c -f "$SLURM_CONF" >>"$dir/start.log" 2>&1 || say "slurmctld does not start; $dir/slurmctld.log says why."
for node in 1 2 3 4 5; do
    slurmd -f "$SLURM_CONF" -N "n$node" >>"$dir/start.log" 2>&1 ||
        say "slurmd does not start; $dir/slurmd-n$node.log says why."
done
for _ in $(seq 150); do
    ready && exit 0
    sleep 0.2
done
say "the nodes are not ready after 30 seconds; $dir/slurmctld.log says why."
