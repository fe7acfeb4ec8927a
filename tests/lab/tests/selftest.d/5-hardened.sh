# A hardened host: no plain text, certificates of every kind, channel binding, client certificates, NTLM, the log.

lab_says() { # lab_says HOST PATH JSON: turns one of the host's own switches; the status.
    curl -s --max-time "$HANGS_S" -o /dev/null -w '%{http_code}' -d "$3" "http://$1:$LAB_PORT/lab/$2"
}
log_of() {
    curl -s --max-time "$HANGS_S" "http://$1:$LAB_PORT/lab/log"
}
sealed_wsman=$(dirname "$HVHOST")/sealed-wsman
os_request() {
    envelope "$XFER/Get" "$WMI/root/cimv2/Win32_OperatingSystem" '' ''
}
sealed() { # sealed [OPTION...]: the operating system of HV01, as this client gets it.
    os_request | "$sealed_wsman" "$h" "$@" 2>&1
}
tls_error() { # tls_error [CURL-OPTION...]: the number of curl's error.
    curl -s --max-time "$HANGS_S" --cacert "$LAB_CA" -o /dev/null "$@" "https://$h:$LAB_TLS_PORT/wsman"
    echo "error $?"
}

expect "plain text after a good ticket is refused with a bare 500" '^500 0$' \
    "$(curl -s --max-time "$HANGS_S" --negotiate -u : -H "$type" --data-binary @"$identify" -o /dev/null -w '%{http_code} %{size_download}' "$plain")"
expect "plain text with Basic is refused with 401" '^401$' "$(status -u "$basic" -H "$type" --data-binary @"$identify" "$plain")"
expect "sealed text is taken" '<p:BuildNumber>20348<' "$(sealed)"
expect "several sealed requests on one connection" '^3$' "$(sealed --times 3 | grep -c BuildNumber)"
lab_says hv01 require-sealing '{"required": false}' >/dev/null
expect "a host may allow plain text" '^200$' "$(status --negotiate -u : -H "$type" --data-binary @"$identify" "$plain")"
lab_says hv01 require-sealing '{"required": true}' >/dev/null

expect "HTTPS with the lab's CA, by FQDN and by short name" '^error 0 error 0$' \
    "$(tls_error) $(curl -s --max-time "$HANGS_S" --cacert "$LAB_CA" -o /dev/null "https://hv01:$LAB_TLS_PORT/wsman"; echo "error $?")"
expect "without the CA it is refused (60)" '^error 60$' "$(tls_error --cacert "$LAB_CERTS/stranger.pem")"
# No fact about TLS 1.1: Debian's OpenSSL refuses it on both sides before hvhost is asked.
expect "TLS 1.2 is spoken as well as 1.3" '^error 0 error 0$' "$(tls_error --tls-max 1.2) $(tls_error --tlsv1.3)"
for use in expired wrong-name stranger; do
    lab_says hv01 certificate "{\"use\": \"$use\"}" >/dev/null
    expect "the certificate '$use' is refused (60)" '^error 60$' "$(tls_error)"
    expect "for that reason" "$(declare -A why=([expired]='certificate has expired' [wrong-name]='no alternative certificate subject name' [stranger]='unable to get local issuer'); echo "${why[$use]}")" \
        "$(curl -sS --max-time "$HANGS_S" --cacert "$LAB_CA" "https://$h:$LAB_TLS_PORT/wsman" 2>&1)"
done
expect "a certificate that the lab does not have is no switch" '^400$' "$(lab_says hv01 certificate '{"use": "nonsense"}')"
lab_says hv01 certificate '{"use": "own"}' >/dev/null
expect "back to its own" '^error 0$' "$(tls_error)"

expect "a ticket bound to the channel" '<p:BuildNumber>20348<' "$(sealed --tls own)"
expect "a ticket bound to another channel is refused" 'handshake was refused' "$(sealed --tls wrong)"
expect "relaxed: no binding is taken" '<p:BuildNumber>20348<' "$(sealed --tls none)"
lab_says hv01 channel-binding '{"level": "strict"}' >/dev/null
expect "strict: no binding is refused" 'handshake was refused' "$(sealed --tls none)"
expect "strict: curl, which binds nothing, gets 401" '^401$' "$(status --negotiate -u : -H "$type" --data-binary @"$identify" "$url")"
expect "strict: the right binding is taken" '<p:BuildNumber>20348<' "$(sealed --tls own)"
expect "strict says nothing about plain HTTP" '<p:BuildNumber>20348<' "$(sealed)"
lab_says hv01 channel-binding '{"level": "relaxed"}' >/dev/null

mutual='Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual'
certificate() { # certificate NAME [CURL-OPTION...]
    status --cert "$LAB_CERTS/$1.pem" --key "$LAB_CERTS/$1.key" -H "$mutual" -H "$type" --data-binary @"$identify" "${@:2}" "$url"
}
expect "a client certificate of the CA signs on" '^200$' "$(certificate operator)"
expect "one of another CA does not" '^000$' "$(certificate stranger)"
expect "the header without a certificate is 401" '^401$' "$(status -H "$mutual" -H "$type" --data-binary @"$identify" "$url")"
expect "the certificate without the header is 401" '^401$' "$(status --cert "$LAB_CERTS/operator.pem" --key "$LAB_CERTS/operator.key" -H "$type" --data-binary @"$identify" "$url")"
cert_move() {
    CURL_AUTH="--cert $LAB_CERTS/operator.pem --key $LAB_CERTS/operator.key -H Authorization:$(printf '%s' "${mutual#*: }")" \
        try_move hv01 hv04.$LAB_DOMAIN CheckVirtualSystemIsMigratableToHost
}
lab_says hv01 reset '' >/dev/null
os_request | CURL_AUTH="--cert $LAB_CERTS/operator.pem --key $LAB_CERTS/operator.key -H Authorization:${mutual#*: }" post "$h" >/dev/null
expect "it counts as a local account" '"mechanism":"certificate"' "$(log_of hv01)"

ntlm_user=HV01\\$LAB_NTLM_USER
ntlm() {
    NTLM_USER_FILE=$LAB_KEYS/ntlm.users sealed --ntlm "$ntlm_user" "$@"
}
expect "NTLM is off" 'handshake was refused' "$(ntlm)"
lab_says hv01 ntlm '{"allowed": true}' >/dev/null
expect "allowed, a local account signs on and seals" '<p:BuildNumber>20348<' "$(ntlm)"
expect "its signatures count from nought in each direction" '^3$' "$(ntlm --times 3 | grep -c BuildNumber)"
expect "NTLM under TLS" '<p:BuildNumber>20348<' "$(ntlm --tls none)"
expect "bound to another channel it is refused" 'handshake was refused' "$(ntlm --tls wrong)"
lab_says hv01 channel-binding '{"level": "strict"}' >/dev/null
expect "strict: NTLM must be bound as well" '^refused taken$' \
    "$(ntlm --tls none | grep -q 'handshake was refused' && printf 'refused '; ntlm --tls own | grep -q BuildNumber && echo taken)"
lab_says hv01 channel-binding '{"level": "relaxed"}' >/dev/null
expect "another host's account is no administrator here" 'w:AccessDenied' "$(ntlm_user=HV02\\$LAB_NTLM_USER ntlm)"
printf 'HV01:%s:wrong\n' "$LAB_NTLM_USER" >"$mine/wrong.users"
expect "a wrong password is refused" 'handshake was refused' \
    "$(NTLM_USER_FILE=$mine/wrong.users sealed --ntlm "$ntlm_user")"
expect "Kerberos still works beside it" '<p:BuildNumber>20348<' "$(sealed)"
lab_says hv01 ntlm '{"allowed": false}' >/dev/null

lab_says hv02 reset '' >/dev/null
expect "the log begins empty after a reset" '^\[\]$' "$(log_of hv02)"
enumerate "hv02.$LAB_DOMAIN" root/cimv2 '*' '<w:OptimizeEnumeration/><w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">select Name from Win32_ComputerSystem</w:Filter>' >/dev/null
change hv02 MaximumActiveStorageMigration uint32 2 >/dev/null
expect "it tells resource, filter, bytes and mechanism" \
    '"action":"Enumerate","bytes":[0-9]{3,},"content":"[0-9a-f]{16}","filter":"select Name from Win32_ComputerSystem","mechanism":"kerberos","method":"","resource":"[^"]*/root/cimv2/\*","sealed":false,"tls":true' "$(log_of hv02)"
expect "and methods by name" '"action":"Invoke"[^}]*"method":"ModifyServiceSettings"' "$(log_of hv02)"
os_request | "$sealed_wsman" "hv02.$LAB_DOMAIN" >/dev/null
expect "and what was sealed" '"action":"Get"[^}]*"sealed":true,"tls":false' "$(log_of hv02)"
expect "counts by action add up" '"Enumerate":2,.*"Get":1,"Invoke":1,' "$(curl -s --max-time "$HANGS_S" "http://hv02:$LAB_PORT/lab/requests")"
lab_says hv02 reset '' >/dev/null
for n in {1..3}; do os_request | "$sealed_wsman" "hv02.$LAB_DOMAIN" --times 70 >/dev/null; done
expect "it keeps the last 200" '^200$' "$(log_of hv02 | grep -o '"action"' | wc -l)"
