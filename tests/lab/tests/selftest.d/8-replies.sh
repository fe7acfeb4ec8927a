# Replies out of the standard: each comes once, where it was asked for, and the operation had its effect or had not.

h=hv04.$LAB_DOMAIN
url4=https://$h:$LAB_TLS_PORT/wsman
misbehave() { # misbehave HOW [MORE-JSON]
    lab_says hv04 misbehave "{\"how\": \"$1\"${2-}}" >/dev/null
}
raw_get() { # raw_get [CURL-OPTION...]: head and body of a Get of the operating system, and curl's error.
    os_request | curl -s -i --max-time "$HANGS_S" --cacert "$LAB_CA" --negotiate -u : -H "$type" --data-binary @- "$@" "$url4" | tr -d '\r'
    echo "error ${PIPESTATUS[1]}"
}
calm='<p:BuildNumber>20348<'

expect "misbehaviour that is none is refused" '^400$' "$(lab_says hv04 misbehave '{"how": "nonsense"}')"
misbehave html
expect "a page in place of a reply" 'text/html.*<html>' "$(raw_get | tr '\n' ' ')"
expect "once" "$calm" "$(raw_get)"
misbehave empty-400 ', "next": 2'
expect "the one before is not touched" "$calm" "$(raw_get)"
expect "a bare 400" 'HTTP/1.1 400 Bad Request.*Content-Length: 0 .*error 0' "$(raw_get | tr '\n' ' ')"
misbehave nested-fault
expect "a fault in a fault in a fault" 'provider="Outer".*provider="Middle".*provider="WMI Provider".*Code="2147749924"' "$(raw_get)"
misbehave two-lengths
expect "two lengths" '^2$' "$(raw_get --http0.9 --ignore-content-length -H 'Connection: close' | grep -ci '^content-length')"
misbehave chunked
expect "chunks, which are allowed" "Transfer-Encoding: chunked.*$calm" "$(raw_get | tr '\n' ' ')"
misbehave wrong-relates-to
request=$(os_request)
own=$(grep -o 'uuid:[0-9a-f-]*' <<<"$request")
expect "a reply to another request" '^other$' "$(os() { post "$h" <<<"$request"; }; r=$(os); grep -q "$calm" <<<"$r" && { grep -q "RelatesTo>$own" <<<"$r" && echo own || echo other; })"
expect "and then to ours" "RelatesTo>$own" "$(post "$h" <<<"$request")"
misbehave slow ', "delay_ms": 1200'
expect "a slow reply" '^slow$' "$(s=$(date +%s%3N); raw_get >/dev/null; (($(date +%s%3N) - s >= 1200)) && echo slow)"
misbehave cut-before-reply
expect "no reply, and the connection closed" '^error (52|56)$' "$(raw_get | tail -n 1)"
misbehave cut-in-reply
expect "half a reply" 'HTTP/1.1 200 OK.*error (18|56)' "$(raw_get | tr '\n' ' ')"

limit() { setting hv04 MaximumActiveStorageMigration; }
limit_id=$(setting hv04 InstanceID)
change_limit() { # with one request, so that the next request is the change
    call_service "$h" ModifyServiceSettings \
        "<m:ServiceSettingData>$(embedded $settings_class InstanceID string "$limit_id" MaximumActiveStorageMigration uint32 "$1")</m:ServiceSettingData>" 2>/dev/null
}
lab_says hv04 jobs '{"answer": "never"}' >/dev/null
misbehave busy
expect "a quota" 'w:InternalError.*Code="2150859174"' "$(change_limit 7)"
expect "and nothing was changed" '^2$' "$(limit)"
misbehave 503
expect "no service" '<h2>Service Unavailable</h2>' "$(change_limit 7)"
expect "and nothing was changed by that" '^2$' "$(limit)"
misbehave cut-before-reply
expect "a change whose reply is lost" '^$' "$(change_limit 7)"
expect "was made" '^7$' "$(limit)"
change_limit 2 >/dev/null
lab_says hv04 jobs '{"answer": "alternate"}' >/dev/null

sealed4() {
    os_request | "$sealed_wsman" "$h" "$@" 2>&1
}
misbehave flipped-bit
expect "one bit is noticed" 'cannot be unsealed' "$(sealed4)"
misbehave truncated-seal
expect "so is a cut" 'cannot be unsealed' "$(sealed4)"
misbehave replayed-seal ', "next": 2'
expect "and a reply sent twice" "$calm.*cannot be unsealed" "$(sealed4 --times 2 | tr '\n' ' ')"
misbehave busy
expect "a sealed fault" 'Code="2150859174"' "$(sealed4)"
misbehave cut-before-reply ', "next": 5'
lab_says hv04 misbehave '{"how": null}' >/dev/null
expect "misbehaviour can be taken back" '^6$' "$(sealed4 --times 6 | grep -c BuildNumber)"
