# The second domain controller: a network of its own, the join, the first replication. Sourced by inside.sh; uses its
# fail and wait_until, and dc.sh.

# Another network; files and processes are seen from there as from here.
lab_second_network() {
    local first=${LAB_DCS%% *} second=${LAB_DCS##* } there
    mkdir -p "$LAB_DIR/$second"
    unshare --net sleep infinity &
    there=$!
    watched=$there
    echo "$there" >"$LAB_DIR/$second/network"
    wait_until "a network for $second" none lab_is_elsewhere "$there"
    ip link add wire1 type veth peer name wire2 netns "$there" \
        && ip address add "$(dc_address "$first")/24" dev wire1 && ip link set wire1 up \
        && beside "$second" ip link set lo up \
        && beside "$second" ip address add "$(dc_address "$second")/24" dev wire2 \
        && beside "$second" ip link set wire2 up \
        || fail "no right to set up a network for $second"
}

lab_is_elsewhere() {
    [[ $(readlink "/proc/$1/ns/net") != "$(readlink /proc/self/ns/net)" ]]
}

# The names under which each looks for the other when it replicates (MS-DRSR 2.2.3.2); in DNS they would be aliases.
lab_name_replicas() {
    local first=${LAB_DCS%% *} sites=($LAB_SITES) name settings guid
    for name in $LAB_DCS; do
        settings="CN=NTDS Settings,CN=${name^^},CN=Servers,CN=${sites[0]},CN=Sites,CN=Configuration,$LAB_BASE_DN"
        guid=$(ldbsearch -H "$LAB_DIR/$first/private/sam.ldb" -s base -b "$settings" objectGUID \
            2>>"$LAB_DIR/log/join.log" | sed -n 's/^objectGUID: //p')
        [[ -n $guid ]] || fail "$name is no domain controller after the join" join.log
        echo "$(dc_address "$name") $guid._msdcs.$LAB_DOMAIN" >>"$LAB_DIR/hosts"
        sites=("${sites[@]:1}")
    done
}

# Samba's own task for that wants to change DNS.
lab_give_second_names() {
    local second=${LAB_DCS##* }
    ldapmodify -Q -N -Y GSSAPI -H "ldap://$LAB_DC" >>"$LAB_DIR/log/join.log" 2>&1 <<LDIF
dn: CN=${second^^},OU=Domain Controllers,$LAB_BASE_DN
changetype: modify
add: servicePrincipalName
servicePrincipalName: ldap/${second^^}
servicePrincipalName: ldap/$second.$LAB_DOMAIN
servicePrincipalName: ldap/$second.$LAB_DOMAIN/$LAB_DOMAIN
LDIF
}

# lab_pull TO FROM: all that the domain and its configuration have at FROM.
lab_pull() {
    local context
    for context in "$LAB_BASE_DN" "CN=Configuration,$LAB_BASE_DN"; do
        beside "$1" timeout "$PATIENCE_S" samba-tool drs replicate "$1.$LAB_DOMAIN" "$2.$LAB_DOMAIN" "$context" --sync-forced --add-ref \
            -s "$LAB_DIR/$1/etc/smb.conf" --use-kerberos=required --use-krb5-ccache="$KRB5CCNAME" \
            >>"$LAB_DIR/log/join.log" 2>&1 || return
    done
}

lab_join_second() {
    local first=${LAB_DCS%% *} second=${LAB_DCS##* } log=$LAB_DIR/log/join.log
    local -x KRB5CCNAME=FILE:$LAB_DIR/join.ccache
    kinit -k -t "$LAB_OPERATOR_KEYTAB" "$LAB_OPERATOR" || fail "no ticket for the join"
    lab_smb_conf "$second"
    # The join writes a configuration of its own, so it reads ours elsewhere and it is put back.
    mv "$LAB_DIR/$second/etc/smb.conf" "$LAB_DIR/join.conf"
    beside "$second" timeout "$PATIENCE_S" samba-tool domain join "$LAB_DOMAIN" DC --targetdir="$LAB_DIR/$second" --server="$LAB_DC" \
        --site="${LAB_SITES##* }" --dns-backend=NONE \
        -s "$LAB_DIR/join.conf" --use-kerberos=required --use-krb5-ccache="$KRB5CCNAME" >"$log" 2>&1 \
        && lab_give_second_names || fail "$second could not join" join.log
    mv "$LAB_DIR/join.conf" "$LAB_DIR/$second/etc/smb.conf"
    lab_name_replicas
    lab_start_dc "$second"
    lab_await_dc "$second"
    # Until their topology is made, which is within moments, they do not know one another.
    wait_until "what $second has of $first" join.log lab_pull "$second" "$first"
    wait_until "what $first has of $second" join.log lab_pull "$first" "$second"
    rm "$LAB_DIR/join.ccache"
    # SRV records are for those who look for a controller; the two themselves use the hosts file, whatever DNS does.
    printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n' >"$LAB_DIR/resolv.conf"
    mount --bind "$LAB_DIR/resolv.conf" /etc/resolv.conf || fail "no right to name the DNS server"
    /usr/bin/python3 "$LAB_HOME/world/srv.py" usual >"$LAB_DIR/log/dns.log" 2>&1 || fail "dnsmasq could not start" dns.log
}
