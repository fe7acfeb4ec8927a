# The domain controller: provision it, load the estate into it, start it, wait until it answers.
# Sourced by inside.sh; uses its $LAB_DIR, $LAB_HOME and fail. Knows nothing of the Hyper-V hosts.

# Everything that Debian would place under /run, /var/lib and /var/log is led into the lab's folder,
# so that labs run side by side and leave nothing behind.
lab_smb_conf() {
    local dc=$LAB_DIR/dc
    mkdir -p "$dc/run" "$dc/cache"
    cat >"$dc/etc/smb.conf" <<CONF
[global]
    netbios name = DC01
    realm = $LAB_REALM
    workgroup = $LAB_WORKGROUP
    server role = active directory domain controller
    server services = ldap cldap kdc rpc drepl
    interfaces = lo
    bind interfaces only = yes
    log file = $LAB_DIR/log/samba.log
    private dir = $dc/private
    lock directory = $dc/run
    state directory = $dc/state
    cache directory = $dc/cache
    pid directory = $dc/run
    ncalrpc dir = $dc/run/ncalrpc
    winbindd socket directory = $dc/run/winbindd
    ntp signd socket directory = $dc/run/ntp_signd
    binddns dir = $dc/run/bind-dns
    tls enabled = yes
    tls keyfile = $LAB_DIR/tls/dc.key
    tls certfile = $LAB_DIR/tls/dc.pem
    tls cafile = $LAB_DIR/tls/ca.pem
    ldap server require strong auth = allow_sasl_over_tls
CONF
}

# Without --adminpass Samba invents a password; the lab never needs it, so it is never on a command line.
lab_provision() {
    timeout 120 samba-tool domain provision --targetdir="$LAB_DIR/dc" --realm="$LAB_REALM" --domain="$LAB_WORKGROUP" \
        --server-role=dc --dns-backend=NONE --host-name=DC01 --host-ip=127.0.0.1 \
        >"$LAB_DIR/log/provision.log" 2>&1 || fail "samba-tool could not provision the domain" provision.log
    lab_smb_conf
    mkdir -p -m 700 "$LAB_DIR/keys"
    # Debian's own interpreter: another one on the PATH has no Samba bindings.
    timeout 120 /usr/bin/python3 "$LAB_HOME/directory.py" --estate "$LAB_ESTATE" --smb-conf "$LAB_DIR/dc/etc/smb.conf" \
        --keys "$LAB_DIR/keys" >"$LAB_DIR/log/directory.log" 2>&1 \
        || fail "the estate could not be loaded into the directory" directory.log
}

lab_start_dc() {
    samba -F -M single --no-process-group -s "$LAB_DIR/dc/etc/smb.conf" \
        </dev/null >"$LAB_DIR/log/samba.out" 2>&1 &
    lab_dc_process=$!
}

lab_dc_answers() {
    timeout 5 env LDAPTLS_CACERT="$LAB_CA" \
        ldapsearch -x -H "ldaps://$LAB_DC" -s base -b '' dnsHostName >/dev/null 2>&1 \
        && timeout 5 kinit -c "FILE:$LAB_DIR/probe.ccache" -k -t "$LAB_OPERATOR_KEYTAB" "$LAB_OPERATOR" >/dev/null 2>&1
}

lab_await_dc() {
    watched=$lab_dc_process
    wait_until "the domain controller" samba.out lab_dc_answers
    rm -f "$LAB_DIR/probe.ccache"
}
