# Who vouches for whom: the lab's CA, what it has signed, and what clients must refuse. EC keys, as they cost nothing.
# Sourced by inside.sh; uses its $LAB_DIR, $LAB_HOSTS, $LAB_CERTS and fail. Knows nothing of who presents them.

# sign NAME CA SUBJECT ALTERNATIVE-NAMES PURPOSE [OPENSSL-X509-OPTION...]: NAME.key and NAME.pem.
sign() {
    local name=$1 ca=$2 subject=$3 names=$4 purpose=$5
    shift 5
    (($#)) || set -- -days 2
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$subject" -keyout "$name.key" -out "$name.csr"
    openssl x509 -req -sha256 -in "$name.csr" -CA "$ca.pem" -CAkey "$ca.key" -CAcreateserial -out "$name.pem" "$@" \
        -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$names" "$purpose")
    rm "$name.csr"
}

authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days 2 -subj "/CN=$2" \
        -addext "basicConstraints=critical,CA:TRUE" -keyout "$1.key" -out "$1.pem"
}

# For a name that no host has, and for all hosts at once: hosts share what clients must refuse for another reason.
host_names() {
    local host names=()
    for host in $LAB_HOSTS; do names+=("DNS:$host.$LAB_DOMAIN" "DNS:$host"); done
    (IFS=,; echo "${names[*]}")
}

controller_names() {
    local dc names=()
    for dc in $LAB_DCS; do names+=("DNS:$dc.$LAB_DOMAIN" "DNS:$dc"); done
    (IFS=,; echo "${names[*]}")
}

lab_sign_all() {
    local tls=$LAB_DIR/tls host dc all
    all=$(host_names)
    authority "$tls/ca" "Fairway lab CA"
    authority "$tls/other-ca" "A CA that nobody trusts"
    for dc in $LAB_DCS; do
        # Samba takes an RSA key only.
        openssl req -newkey rsa:2048 -nodes -subj "/CN=$dc.$LAB_DOMAIN" -keyout "$tls/$dc.key" -out "$tls/$dc.csr"
        openssl x509 -req -in "$tls/$dc.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial \
            -days 2 -out "$tls/$dc.pem" -extfile <(printf 'subjectAltName=DNS:%s,DNS:%s\n' "$dc.$LAB_DOMAIN" "$dc")
    done
    for host in $LAB_HOSTS; do
        sign "$LAB_CERTS/$host" "$tls/ca" "/CN=$host.$LAB_DOMAIN" "DNS:$host.$LAB_DOMAIN,DNS:$host" serverAuth
    done
    # Its time was over yesterday.
    sign "$LAB_CERTS/expired" "$tls/ca" "/CN=expired" "$all" serverAuth -days -1
    sign "$LAB_CERTS/wrong-name" "$tls/ca" "/CN=hv99.$LAB_DOMAIN" "DNS:hv99.$LAB_DOMAIN" serverAuth
    sign "$LAB_CERTS/stranger" "$tls/other-ca" "/CN=stranger" "$all" serverAuth
    all=$(controller_names)
    sign "$LAB_CERTS/dc-good" "$tls/ca" "/CN=$LAB_DC" "$all" serverAuth
    sign "$LAB_CERTS/dc-expired" "$tls/ca" "/CN=$LAB_DC" "$all" serverAuth -days -1
    sign "$LAB_CERTS/dc-wrong-name" "$tls/ca" "/CN=dc99.$LAB_DOMAIN" "DNS:dc99.$LAB_DOMAIN" serverAuth
    sign "$LAB_CERTS/dc-stranger" "$tls/other-ca" "/CN=$LAB_DC" "$all" serverAuth
    sign "$LAB_CERTS/operator" "$tls/ca" "/CN=$LAB_OPERATOR" "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:$LAB_OPERATOR@$LAB_DOMAIN" clientAuth
}

lab_certificates() {
    mkdir -p "$LAB_DIR/tls"
    mkdir -p -m 700 "$LAB_CERTS"
    # No `||` here: it would switch -e off inside.
    (set -e; lab_sign_all) >"$LAB_DIR/log/tls.log" 2>&1
    (($? == 0)) || fail "openssl could not make the lab's certificates" tls.log
    chmod 600 "$LAB_DIR"/tls/*.key "$LAB_CERTS"/*.key
}
