# What a host says of itself for a diagnosis: its clock, its resolver, its ports; and what it remembers of the KDC.

h=hv02.$LAB_DOMAIN
cimv2=root/cimv2 standard=root/StandardCimv2
seconds_ahead() { # of HV02's clock, by the text of LocalDateTime and by the header Date
    local shown
    shown=$(wql $cimv2 'select LocalDateTime from Win32_OperatingSystem' | grep -o '<[a-z]*:Datetime>[^<]*' | cut -d'>' -f2)
    echo "$(($(date -d "$shown" +%s) - $(date +%s))) $(($(date -d "$(curl -s -o /dev/null -D - "http://$h:$LAB_PORT/wsman" | tr -d '\r' | sed -n 's/^Date: //p')" +%s) - $(date +%s)))"
}
pinged() { # pinged NAME [COLUMN]
    wql $cimv2 "select PrimaryAddressResolutionStatus, ProtocolAddress from Win32_PingStatus where Address = '$1'"
}
cached() { wql $standard "select Data, Type from MSFT_DNSClientCache where Entry = '$1'"; }
ports() { wql $standard 'select LocalPort from MSFT_NetTCPConnection where State = 2' | grep -o '<LocalPort>[0-9]*' | cut -d'>' -f2 | sort -n | paste -sd' '; }

expect "the host's clock is the machine's" '^-?[0-5] -?[0-5]$' "$(seconds_ahead)"
lab_says hv02 clock '{"ahead_ms": 600000}' >/dev/null
expect "ten minutes ahead" '^(59[5-9]|60[0-5]) (59[5-9]|60[0-5])$' "$(seconds_ahead)"
lab_says hv04 clock '{"ahead_ms": -600000}' >/dev/null
expect "a host whose clock is off moves nothing: 0x80090324" '0x80090324' "$(try_move hv04 hv01.$LAB_DOMAIN)"
lab_says hv04 clock '{"ahead_ms": 0}' >/dev/null
lab_says hv02 clock '{"ahead_ms": 600000, "refuses_tickets": true}' >/dev/null
expect "a host that refuses tickets for that" '^401$' "$(os_request | curl -s -o /dev/null -w '%{http_code}' --max-time "$HANGS_S" --cacert "$LAB_CA" --negotiate -u : -H "$type" --data-binary @- "https://$h:$LAB_TLS_PORT/wsman")"
lab_says hv02 clock '{"ahead_ms": 0}' >/dev/null

expect "a ping needs an address" 'wants an Address' "$(wql $cimv2 'select * from Win32_PingStatus')"
expect "a name of the lab resolves" 'Status>0<.*ProtocolAddress>127\.' "$(pinged hv01.$LAB_DOMAIN)"
expect "the resolver's cache has it" '<Data>127\.[0-9.]*</Data><Type>1<' "$(cached hv01.$LAB_DOMAIN)"
expect "a name that nobody has" 'PrimaryAddressResolutionStatus>11001<.*ProtocolAddress/?>' "$(pinged hv99.$LAB_DOMAIN)"
lab_says hv02 resolves "{\"hv01.$LAB_DOMAIN\": \"127.0.10.13\"}" >/dev/null
expect "a name that leads elsewhere at this host" 'ProtocolAddress>127\.0\.10\.13<' "$(pinged hv01.$LAB_DOMAIN)"
lab_says hv02 pings '{"answered": false}' >/dev/null
expect "nobody answers there" 'Status>0<.*ProtocolAddress(/>|></)' "$(pinged hv01.$LAB_DOMAIN)"
lab_says hv02 pings '{"answered": true}' >/dev/null
lab_says hv02 resolves '{}' >/dev/null
expect "the cache is empty then" 'EndOfSequence' "$(cached hv01.$LAB_DOMAIN)"

expect "it listens for WinRM and moves" "^$LAB_PORT $LAB_TLS_PORT 6600\$" "$(ports)"
lab_says hv02 listen '{"migration": false}' >/dev/null
expect "nobody listens for moves, whatever the settings say" "^$LAB_PORT $LAB_TLS_PORT\$" "$(until_it_says "^$LAB_PORT $LAB_TLS_PORT\$" ports)"
expect "it still names its addresses" 'MigrationServiceListenerIPAddressList>' "$(enumerate "$h" "$VIRT" Msvm_VirtualSystemMigrationService)"
lab_says hv02 listen '{"migration": true}' >/dev/null
expect "and again" ' 6600$' "$(until_it_says ' 6600$' ports)"

# HV04 may delegate to HV01 in the middle of this.
lab_says hv04 remember '{"refusals_s": 900}' >/dev/null
expect "the KDC refuses HV04 a ticket for HV01" 'KDC says.*0x8009030E' "$(try_move hv04 hv01.$LAB_DOMAIN)"
modify >/dev/null <<LDIF
dn: CN=HV04,$LAB_OU
changetype: modify
replace: userAccountControl
userAccountControl: $((0x1001000))
-
replace: msDS-AllowedToDelegateTo
msDS-AllowedToDelegateTo: cifs/hv01.$LAB_DOMAIN
msDS-AllowedToDelegateTo: Microsoft Virtual System Migration Service/hv01.$LAB_DOMAIN
LDIF
expect "now it would not" '^granted$' "$(s4u hv04 cifs/hv01.$LAB_DOMAIN)"
expect "and the host remembers" 'KDC says.*0x8009030E' "$(try_move hv04 hv01.$LAB_DOMAIN)"
lab_says hv04 remember '{"refusals_s": 0}' >/dev/null
expect "until it is purged" 'JobState>7<' "$(try_move hv04 hv01.$LAB_DOMAIN)"
expect "the canary is on HV01 again" '^hv01 $' "$(hosts_of)"
