# The Hyper-V hosts: one hvhost process each, and the wait until each of them answers.
# Sourced by inside.sh; uses its fail and wait_until. Knows nothing of the directory but the keytabs.

lab_start_hosts() {
    local host
    openssl rand -hex 16 | tr -d '\n' >"$LAB_BASIC_PASSWORD_FILE"
    chmod 600 "$LAB_BASIC_PASSWORD_FILE"
    printf '%s:%s\n' "$LAB_BASIC_USER" "$(<"$LAB_BASIC_PASSWORD_FILE")" >"$LAB_KEYS/basic.users"
    openssl rand -hex 16 | tr -d '\n' >"$LAB_NTLM_PASSWORD_FILE"
    for host in $LAB_HOSTS; do
        printf '%s:%s:%s\n' "${host^^}" "$LAB_NTLM_USER" "$(<"$LAB_NTLM_PASSWORD_FILE")"
    done >"$LAB_KEYS/ntlm.users"
    chmod 600 "$LAB_NTLM_PASSWORD_FILE" "$LAB_KEYS/ntlm.users"
    declare -gA lab_host_process=()
    for host in $LAB_HOSTS; do
        "$HVHOST" --estate "$LAB_ESTATE" --host "$host" --keytab "$LAB_KEYS/$host.keytab" \
            --users "$LAB_KEYS/basic.users" --ntlm-users "$LAB_KEYS/ntlm.users" --ldap "ldap://$LAB_DC" \
            --certs "$LAB_CERTS" --ca "$LAB_CA" \
            </dev/null >"$LAB_DIR/log/$host.log" 2>&1 &
        lab_host_process[$host]=$!
    done
}

lab_host_answers() {
    curl --silent --fail --max-time 60 --output /dev/null -H 'WSMANIDENTIFY: unauthenticated' \
        -H 'Content-Type: application/soap+xml;charset=UTF-8' \
        --data-binary "@$LAB_HOME/world/identify.xml" "http://$1.$LAB_DOMAIN:$LAB_PORT/wsman"
}

lab_await_hosts() {
    local host
    for host in $LAB_HOSTS; do
        watched=${lab_host_process[$host]}
        wait_until "host $host" "$host.log" lab_host_answers "$host"
        # Our own knocking is not to be in the counts.
        curl --silent --max-time 60 --output /dev/null -d '' "http://$host:$LAB_PORT/lab/reset"
    done
}
