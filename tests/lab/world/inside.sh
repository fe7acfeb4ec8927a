# The inside of the lab: runs as the first process of its namespaces, so that its end is everybody's end.
# Names the world (hosts file, Kerberos, environment), starts the domain controller and one hvhost per
# host, waits until all of them answer, and runs the command. Started by ./lab only.
set -u

source "$LAB_HOME/world/waiting.sh"

mkdir -p "$LAB_DIR/log"
eval "$(/usr/bin/python3 "$LAB_HOME/world/environment.py" "$LAB_ESTATE" "$LAB_DIR")"
[[ -n ${LAB_HOSTS-} ]] || fail "estate $LAB_ESTATE could not be read"

lab_network() {
    ip link set lo up && mount --bind "$LAB_DIR/hosts" /etc/hosts \
        || fail "no right to set up the network of a namespace"
    # libfaketime keeps its clocks there by process numbers, which labs side by side have in common, and leaves them.
    mount -t tmpfs -o size=16m tmpfs /dev/shm || fail "no right to mount memory in a namespace"
}

source "$LAB_HOME/world/certificates.sh"
source "$LAB_HOME/world/dc.sh"
source "$LAB_HOME/world/hosts.sh"
source "$LAB_HOME/world/second_dc.sh"

lab_network
if [[ ${1-} == --new-domain ]]; then
    lab_new_domain "${2?lab: --new-domain needs a folder}"
    exit
fi
if lab_has_two; then lab_second_network; fi
lab_certificates
lab_provision
lab_start_dc "${LAB_DCS%% *}"
lab_start_hosts
lab_await_dc "${LAB_DCS%% *}"
if lab_has_two; then lab_join_second; fi
lab_await_hosts

cd "$LAB_CALLER" || exit 70
if (($# == 0)); then
    echo "lab: $LAB_REALM is up, hosts: $LAB_HOSTS; leave the shell to take it down" >&2
    set -- /bin/bash --norc -i
fi
"$@"
