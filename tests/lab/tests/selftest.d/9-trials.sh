# What hosts do for tests of first contact and of trial moves: otherwise than assumed, long headers, rights, machines that are
# made and taken away, moves that die, and hosts that are gone.

h=hv03.$LAB_DOMAIN
status_of() { # status_of BYTES-OF-A-HEADER
    curl -s -o /dev/null -w '%{http_code}' --max-time "$HANGS_S" -H "X-Long: $(head -c "$1" /dev/zero | tr '\0' a)" -d '' "http://$h:$LAB_PORT/wsman"
}
expect "17 KB of headers are too many" '^400$' "$(status_of 17000)"
lab_says hv03 http-sys '{"header_bytes": 30000}' >/dev/null
expect "unless the host takes more" '^401$' "$(status_of 17000)"
lab_says hv03 http-sys '{"header_bytes": 16384}' >/dev/null

build_of() { get "$h" root/cimv2 Win32_OperatingSystem; }
expect "a host is otherwise by words that it knows" '^400$' "$(lab_says hv03 otherwise '{"words": ["nonsense"]}')"
lab_says hv03 otherwise '{"words": ["other-codes"], "shown": {"Win32_OperatingSystem": {"BuildNumber": "vNext", "CSName": null}}}' >/dev/null
expect "by a word: another code" 'Code="2147749890"' "$(enumerate "$h" root/cimv2 Win32_Nonsense)"
expect "what it shows: another value, and a property less" '^vNext 0$' "$(build_of | element BuildNumber) $(build_of | grep -c CSName)"
lab_says hv03 otherwise '{}' >/dev/null
expect "and no more" '<p:BuildNumber>20348<' "$(build_of)"

registry=$WMI/root/cimv2/StdRegProv
keys_below() {
    envelope "$registry/EnumKey" "$registry" '' \
        "<m:EnumKey_INPUT xmlns:m=\"$registry\"><m:hDefKey>2147483650</m:hDefKey><m:sSubKeyName>$1</m:sSubKeyName></m:EnumKey_INPUT>" | post "$h"
}
expect "a method that only reads" '<p:sNames>CurrentVersion</p:sNames><p:ReturnValue>0<' "$(keys_below 'SOFTWARE\Microsoft\Windows NT')"
expect "and finds nothing" 'EnumKey_OUTPUT[^>]*><p:ReturnValue>2<' "$(keys_below 'SOFTWARE\Nobody')"

lab_says hv03 rights '{"account": "reader@CORP.EXAMPLE", "groups": ["Remote Management Users"], "remote_enable": ["root/cimv2"]}' >/dev/null
become reader
expect "with rights to one namespace an account reads there" '<p:BuildNumber>20348<' "$(build_of)"
expect "and not elsewhere" 'w:AccessDenied' "$(enumerate "$h" "$VIRT" Msvm_ComputerSystem)"
become operator
lab_says hv03 rights '{"account": "reader@CORP.EXAMPLE", "groups": [], "remote_enable": []}' >/dev/null

lab_says hv03 jobs '{"keep_ms": 300000, "moved": "3F2504E0-4F89-41D3-9A0C-0305E82C33AA"}' >/dev/null
expect "a migration that has just ended" '<p:JobState>7<.*<p:VirtualSystemName>3F2504E0-4F89-41D3-9A0C-0305E82C33AA<' \
    "$(enumerate "$h" "$VIRT" Msvm_MigrationJob)"

lab_says hv03 jobs '{"answer": "never"}' >/dev/null
manage() { # manage METHOD PARAMETERS
    invoke "$h" Msvm_VirtualSystemManagementService "$1" "$(selectors SystemCreationClassName Msvm_ComputerSystem \
        SystemName HV03 CreationClassName Msvm_VirtualSystemManagementService Name vmms)" "$2"
}
expect "a machine is made" 'ReturnValue>0<' "$(manage DefineSystem "<m:SystemSettings>$(embedded Msvm_VirtualSystemSettingData \
    ElementName string made-here VirtualSystemSubType string Microsoft:Hyper-V:SubType:2)</m:SystemSettings>")"
made=$(wql "$VIRT" "select Name from Msvm_ComputerSystem where ElementName = 'made-here'" | element Name)
turn() {
    invoke "$h" Msvm_ComputerSystem RequestStateChange "$(selectors CreationClassName Msvm_ComputerSystem Name "$made")" \
        "<m:RequestedState>$1</m:RequestedState>"
}
destroy() { manage DestroySystem "<m:AffectedSystem>$(reference "$VIRT" Msvm_ComputerSystem Name "$made")</m:AffectedSystem>"; }
expect "it is off, and can be started" 'ReturnValue>0<' "$(turn 2)"
expect "not twice" 'ReturnValue>32775<' "$(turn 2)"
expect "one that runs is not taken away" 'ReturnValue>32775<' "$(destroy)"
expect "one that is off is" 'ReturnValue>0<.*ReturnValue>0<' "$(turn 3 | tail -c 400)$(destroy)"
expect "and is gone" '^0$' "$(wql "$VIRT" "select Name from Msvm_ComputerSystem where ElementName = 'made-here'" | grep -c made-here)"
lab_says hv03 jobs '{"answer": "alternate"}' >/dev/null

lab_says hv01 moves '{"next_dies": {"code": 2147942464, "text": "The network name is gone."}}' >/dev/null
expect "a move dies once the destination has agreed" 'JobState>10<.*0x80070040' "$(try_move hv01 hv04.$LAB_DOMAIN)"
expect "the machine is where it was" '^hv01 $' "$(hosts_of)"
lab_says hv04 moves '{"move_leaves_planned": true}' >/dev/null
lab_says hv01 moves '{"next_dies": {"code": 2147942464, "text": "The network name is gone."}}' >/dev/null
expect "one that died may leave a planned machine" 'JobState>10<' "$(try_move hv01 hv04.$LAB_DOMAIN)"
expect "at the destination" "<p:Name>$canary<" "$(enumerate hv04.$LAB_DOMAIN "$VIRT" Msvm_PlannedComputerSystem)"
lab_says hv04 moves '{"move_leaves_planned": false}' >/dev/null
lab_says hv04 machines '{"planned": []}' >/dev/null

lab_says hv03 gone '{"when": "now"}' >/dev/null
expect "who is gone answers nobody" '^(52|56)$' "$(curl -s -o /dev/null --max-time "$HANGS_S" -d '' "http://$h:$LAB_PORT/wsman"; echo $?)"
lab_says hv03 gone '{"when": "back"}' >/dev/null
expect "until it is back" '<p:BuildNumber>20348<' "$(build_of)"
