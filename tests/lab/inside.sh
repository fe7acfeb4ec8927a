# The inside of the lab: runs as the first process of its namespaces, so that its end is everybody's end.
# Names the world (hosts file, Kerberos, environment), starts the domain controller and one hvhost per
# host, waits until all of them answer, and runs the command. Started by ./lab only.
set -u

# Long for a machine that is busy with other things; usually one or two seconds are enough.
readonly PATIENCE_S=60

# fail MESSAGE [LOG...]: what went wrong, and the last words of those who know why.
fail() {
    echo "lab: $1" >&2
    shift
    local log
    for log; do
        echo "--- end of $log" >&2
        tail -n 15 "$LAB_DIR/log/$log" >&2
    done
    exit 70
}

# wait_until MESSAGE LOG COMMAND...: bounded, and over early when the process $watched has died.
wait_until() {
    local message=$1 log=$2 deadline=$((SECONDS + PATIENCE_S))
    shift 2
    until "$@"; do
        kill -0 "$watched" 2>/dev/null || fail "$message: the process has ended" "$log"
        ((SECONDS < deadline)) || fail "$message: no answer within $PATIENCE_S s" "$log"
        sleep 0.1
    done
}

mkdir -p "$LAB_DIR/log"
eval "$(/usr/bin/python3 "$LAB_HOME/environment.py" "$LAB_ESTATE" "$LAB_DIR")"
[[ -n ${LAB_HOSTS-} ]] || fail "estate $LAB_ESTATE could not be read"

lab_network() {
    ip link set lo up && mount --bind "$LAB_DIR/hosts" /etc/hosts \
        || fail "no right to set up the network of a namespace"
    # libfaketime keeps its clocks there by process numbers, which labs side by side have in common, and leaves them.
    mount -t tmpfs -o size=16m tmpfs /dev/shm || fail "no right to mount memory in a namespace"
}

source "$LAB_HOME/certificates.sh"
source "$LAB_HOME/dc.sh"
source "$LAB_HOME/hosts.sh"

lab_network
lab_certificates
lab_provision
lab_start_dc
lab_start_hosts
lab_await_dc
lab_await_hosts

cd "$LAB_CALLER" || exit 70
if (($# == 0)); then
    echo "lab: $LAB_REALM is up, hosts: $LAB_HOSTS; leave the shell to take it down" >&2
    set -- /bin/bash --norc -i
fi
"$@"
