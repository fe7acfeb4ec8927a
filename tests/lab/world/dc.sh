# Domain controllers: provision the first, load the estate into it, start and kill any of them, wait for answers.
# Sourced by inside.sh and controller; uses $LAB_DIR, $LAB_HOME and fail. Knows nothing of the Hyper-V hosts, and of a
# second controller only where it stands: how that one comes to be is second_dc.sh.

lab_has_two() {
    [[ $LAB_DCS == *' '* ]]
}

# way_to NAME: sets `way`, what a command begins with that is to run where that controller is, here or in a network of
# its own.
way_to() {
    local network=$LAB_DIR/$1/network
    way=()
    if [[ -f $network ]]; then way=(nsenter --target "$(<"$network")" --net); fi
}

beside() {
    local way
    way_to "$1"
    "${way[@]}" "${@:2}"
}

dc_address() {
    local name addresses=($LAB_DC_ADDRESSES)
    for name in $LAB_DCS; do
        [[ $name != "$1" ]] || { echo "${addresses[0]}"; return; }
        addresses=("${addresses[@]:1}")
    done
    return 1
}

# lab_smb_conf NAME [STRONG-AUTH]: everything that Debian would place under /run, /var/lib and /var/log is led into the lab's
# folder, so that labs run side by side and leave nothing behind.
lab_smb_conf() {
    local dc=$LAB_DIR/$1 services='ldap cldap kdc rpc drepl' interfaces=lo
    # A topology is needed as soon as there are two.
    if lab_has_two; then
        services+=' kcc'
        interfaces+=" $(dc_address "$1")/24"
    fi
    mkdir -p "$dc/etc" "$dc/run" "$dc/cache"
    cat >"$dc/etc/smb.conf" <<CONF
[global]
    netbios name = ${1^^}
    realm = $LAB_REALM
    workgroup = $LAB_WORKGROUP
    server role = active directory domain controller
    server services = $services
    interfaces = $interfaces
    bind interfaces only = yes
    log file = $LAB_DIR/log/$1.log
    private dir = $dc/private
    lock directory = $dc/run
    state directory = $dc/state
    cache directory = $dc/cache
    pid directory = $dc/run
    ncalrpc dir = $dc/run/ncalrpc
    winbindd socket directory = $dc/run/winbindd
    ntp signd socket directory = $dc/run/ntp_signd
    binddns dir = $dc/run/bind-dns
    # Nobody cuts the power of the machine itself: a modify is 1 ms, not 70.
    ldb:nosync = true
    tls enabled = yes
    tls keyfile = $LAB_DIR/tls/$1.key
    tls certfile = $LAB_DIR/tls/$1.pem
    tls cafile = $LAB_DIR/tls/ca.pem
    ldap server require strong auth = ${2-allow_sasl_over_tls}
    # Changes come over in a second or two, not minutes; a notice that is lost is not repeated, so they also pull.
    dreplsrv:notify_interval = 1
    dreplsrv:periodic_interval = 2
    dreplsrv:periodic_startup_interval = 1
    kccsrv:periodic_startup_interval = 1
CONF
}

# lab_new_domain FOLDER: the first controller's files, with nothing of the estate. Without --adminpass Samba invents a password;
# the lab never needs it, so it is never on a command line.
lab_new_domain() {
    local name=${LAB_DCS%% *}
    timeout "$PATIENCE_S" samba-tool domain provision --targetdir="$1" --realm="$LAB_REALM" \
        --domain="$LAB_WORKGROUP" --server-role=dc --dns-backend=NONE --host-name="${name^^}" \
        --host-ip="$(dc_address "$name")" --site="${LAB_SITES%% *}" \
        >"$LAB_DIR/log/provision.log" 2>&1 || fail "samba-tool could not provision the domain" provision.log
}

# Labs that run together copy one new domain, which is made in 4 s and copied at once. One of two controllers has another address.
lab_provision() {
    local name=${LAB_DCS%% *} two=()
    if lab_has_two; then two=(--two); fi
    if [[ -n ${LAB_NEW_DOMAIN-} ]] && ! lab_has_two; then
        cp -a "$LAB_NEW_DOMAIN" "$LAB_DIR/$name" || fail "the new domain $LAB_NEW_DOMAIN could not be copied"
    else
        lab_new_domain "$LAB_DIR/$name"
    fi
    lab_smb_conf "$name"
    mkdir -p -m 700 "$LAB_DIR/keys"
    # Debian's own interpreter: another one on the PATH has no Samba bindings.
    timeout "$PATIENCE_S" /usr/bin/python3 "$LAB_HOME/world/directory.py" --estate "$LAB_ESTATE" \
        --smb-conf "$LAB_DIR/$name/etc/smb.conf" --keys "$LAB_DIR/keys" "${two[@]}" >"$LAB_DIR/log/directory.log" 2>&1 \
        || fail "the estate could not be loaded into the directory" directory.log
}

# lab_start_dc NAME: as the leader of a process group, whose number is left in a file. One process is enough for one
# controller; of two, each asks the other while it is asked itself.
lab_start_dc() {
    local way model=single
    if lab_has_two; then model=prefork; fi
    way_to "$1"
    "${way[@]}" setsid samba -F -M "$model" --no-process-group -s "$LAB_DIR/$1/etc/smb.conf" \
        </dev/null >>"$LAB_DIR/log/$1.out" 2>&1 &
    echo $! >"$LAB_DIR/$1/process"
    disown  # a kill is no news
}

# lab_signal_dc NAME SIGNAL: to the controller and all that it has started. KILL is as if its power were cut, STOP as
# if it hung: connections are taken and nobody answers.
lab_signal_dc() {
    kill "-$2" -- "-$(<"$LAB_DIR/$1/process")"
}

# Returns when the last of it has gone: before that it cannot be started again.
lab_kill_dc() {
    lab_signal_dc "$1" KILL || return
    watched=$$
    wait_until "the end of $1" "$1.out" lab_dc_is_gone "$1"
}

lab_dc_is_gone() {
    ! lab_signal_dc "$1" 0 2>/dev/null
}

lab_dc_answers() {
    timeout 60 env LDAPTLS_CACERT="$LAB_CA" \
        ldapsearch -x -H "ldaps://$1.$LAB_DOMAIN" -s base -b '' dnsHostName >/dev/null 2>&1 \
        && timeout 60 kinit -c "FILE:$LAB_DIR/probe.ccache" -k -t "$LAB_OPERATOR_KEYTAB" "$LAB_OPERATOR" >/dev/null 2>&1
}

lab_await_dc() {
    watched=$(<"$LAB_DIR/$1/process")
    wait_until "the domain controller $1" "$1.out" lab_dc_answers "$1"
    rm -f "$LAB_DIR/probe.ccache"
}
