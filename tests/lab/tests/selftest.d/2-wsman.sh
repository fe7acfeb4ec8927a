# The protocol: logins, Get, Enumerate, Pull, faults.

status() {
    curl --silent --max-time "$HANGS_S" --cacert "$LAB_CA" -o /dev/null -w '%{http_code}' "$@"
}
plain=http://hv01.$LAB_DOMAIN:$LAB_PORT/wsman
url=https://hv01.$LAB_DOMAIN:$LAB_TLS_PORT/wsman
type='Content-Type: application/soap+xml;charset=UTF-8'
basic=$LAB_BASIC_USER:$(<"$LAB_BASIC_PASSWORD_FILE")
identify=$LAB_HOME/world/identify.xml
h=hv01.$LAB_DOMAIN

expect "Identify without a login" IdentifyResponse \
    "$(curl -s --max-time "$HANGS_S" -H 'WSMANIDENTIFY: unauthenticated' -H "$type" --data-binary @"$identify" "$plain")"
expect "Identify without a login and without the header" 401 "$(status -H "$type" --data-binary @"$identify" "$url")"
expect "three schemes are offered" 'Negotiate.*Kerberos.*Basic realm="WSMAN"' \
    "$(curl -s --max-time "$HANGS_S" -i -H "$type" -d x "$plain" | grep -i '^www-auth' | tr '\r\n' '  ')"
expect "Negotiate with the first request" 200 "$(status --negotiate -u : -H "$type" --data-binary @"$identify" "$url")"
expect "an empty handshake, then a request on the same connection" '^200 200$' \
    "$(status --negotiate -u : -X POST -d '' "$url" --next -s --cacert "$LAB_CA" -o /dev/null -w ' %{http_code}' -H "$type" \
        --data-binary @"$identify" "$url")"
expect "Basic" 200 "$(status -u "$basic" -H "$type" --data-binary @"$identify" "$url")"
expect "Basic with a wrong password" 401 "$(status -u "$basic.." -H "$type" --data-binary @"$identify" "$url")"
expect "a body above 500 KiB" 413 "$(head -c 600000 /dev/zero | status --negotiate -u : -H "$type" --data-binary @- "$url")"
expect "another content type" 415 "$(status --negotiate -u : -H 'Content-Type: text/plain' -d x "$url")"

reply=$(get "$h" root/cimv2 Win32_OperatingSystem)
expect "Get of the operating system" '<p:BuildNumber>20348<.*' "$reply"
expect "the reply relates to the request" '<a:RelatesTo>uuid:[0-9a-f-]{36}</a:RelatesTo>' "$reply"
expect "the reply's action" '<a:Action>http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse<' "$reply"
expect "the instance's type" 'xsi:type="p:Win32_OperatingSystem_Type"' "$reply"
expect "NULL is nil" '<p:CSDVersion xsi:nil="true"/>' "$reply"

reply=$(enumerate "$h" root/cimv2 Win32_NetworkAdapterConfiguration)
expect "an array is repeated elements" '<p:IPAddress>10.20.0.11</p:IPAddress><p:IPAddress>fd20::11</p:IPAddress>' "$reply"
reply=$(enumerate "$h" root/cimv2 Win32_NetworkAdapterConfiguration '')
context=$(element EnumerationContext <<<"$reply")
expect "a plain Enumerate gives a context and no items" '<n:EnumerationContext>uuid:' "$reply"
pull() {
    envelope "$ENUM/Pull" "$WMI/root/cimv2/Win32_NetworkAdapterConfiguration" '' \
        "<n:Pull><n:EnumerationContext>$1</n:EnumerationContext></n:Pull>" | post "$h"
}
reply=$(pull "$context")
expect "Pull gives one item when nothing is said" 'WAN Miniport' "$reply"
next=$(element EnumerationContext <<<"$reply")
expect "the context changes" 'differs' "$([[ $next != "$context" ]] && echo differs)"
expect "the old context is stale" 'InvalidEnumerationContext' "$(pull "$context")"
expect "the last Pull ends the sequence" 'EndOfSequence' "$(pull "$next")"
expect "references on request" '<a:EndpointReference>.*Name="Index">0<' \
    "$(enumerate "$h" root/cimv2 Win32_NetworkAdapterConfiguration \
        '<w:OptimizeEnumeration/><w:MaxElements>9</w:MaxElements><w:EnumerationMode>EnumerateEPR</w:EnumerationMode>')"
wql() {
    enumerate "$h" "$1" '*' "<w:OptimizeEnumeration/><w:MaxElements>9</w:MaxElements><w:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">$2</w:Filter>"
}
expect "WQL with a condition" '<p:ElementName>fairway-canary<' \
    "$(wql "$VIRT" "select * from Msvm_ComputerSystem where ElementName = 'fairway-canary'")"
expect "WQL with columns" '<w:XmlFragment[^>]*><BuildNumber>20348</BuildNumber><CSName>HV01<' \
    "$(wql root/cimv2 'select CSName, BuildNumber from Win32_OperatingSystem')"
expect "WQL with associators" '<p:Msvm_VirtualSystemMigrationServiceSettingData ' \
    "$(wql "$VIRT" "associators of {Msvm_VirtualSystemMigrationService.Name='migrationwmi'} where AssocClass = Msvm_ElementSettingData")"

many=$(seq 1 60 | sed 's/.*/{"SubnetNumber": "10.&.0.0", "PrefixLength": 16, "Tags": ["t"]}/' | paste -sd,)
curl -s --max-time "$HANGS_S" -d "{\"networks\": [$many]}" "http://hv01:$LAB_PORT/lab/third-hand" >/dev/null
reply=$(MAX_ENVELOPE=8192 enumerate "$h" "$VIRT" Msvm_VirtualSystemMigrationNetworkSettingData)
expect "the envelope's limit cuts a batch" '^fits, goes on$' \
    "$( ((${#reply} <= 8192)) && printf 'fits, '; grep -q EndOfSequence <<<"$reply" || echo 'goes on')"
curl -s --max-time "$HANGS_S" -d '{"networks": ["any"]}' "http://hv01:$LAB_PORT/lab/third-hand" >/dev/null
expect "an Enumerate without a body" 'SchemaValidationError' \
    "$(envelope "$ENUM/Enumerate" "$WMI/root/cimv2/Win32_OperatingSystem" '' '' | post "$h")"
expect "an unknown class" 'DestinationUnreachable.*Code="2147749904"' "$(enumerate "$h" root/cimv2 Win32_Nonsense)"
expect "an unknown namespace" 'DestinationUnreachable.*Code="2147749902"' "$(enumerate "$h" root/nonsense X)"
expect "wrong selectors" 'w:InvalidSelectors' "$(get "$h" root/cimv2 Win32_ComputerSystem Nonsense 1)"
expect "a header that nobody understands" '<s:Value>s:MustUnderstand<' \
    "$(envelope "$XFER/Get" "$WMI/root/cimv2/Win32_OperatingSystem" '' '' '<p:Odd s:mustUnderstand="true"/>' | post "$h")"
expect "a request without ReplyTo" 'a:ReplyTo' \
    "$(envelope "$XFER/Get" "$WMI/root/cimv2/Win32_OperatingSystem" '' '' | sed 's,<a:ReplyTo>.*</a:ReplyTo>,,' | post "$h")"
expect "a DOCTYPE" 'SchemaValidationError' "$( (echo '<!DOCTYPE x>'; envelope "$XFER/Get" x '' '') | post "$h")"
expect "Put is refused" '2147749924' \
    "$(envelope "$XFER/Put" "$WMI/root/cimv2/Win32_OperatingSystem" '' '<x/>' | post "$h")"
expect "an envelope below the least" 'EncodingLimit' "$(MAX_ENVELOPE=100 enumerate "$h" root/cimv2 Win32_OperatingSystem)"

get_sealed() {
    envelope "$XFER/Get" "$WMI/root/cimv2/Win32_OperatingSystem" '' '' | "$(dirname "$HVHOST")/sealed-wsman" "$h" 2>&1
}
expect "a sealed request gets a sealed reply" '<p:BuildNumber>20348<' "$(get_sealed)"
expect "what cannot be unsealed gets a bare 400" 400 "$(status --negotiate -u : -d x "$url" \
    -H 'Content-Type: multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"')"

become reader
expect "the reader is known, and denied" 'w:AccessDenied.*Code="5"' "$(get "$h" root/cimv2 Win32_OperatingSystem)"
become operator
