# The settings: planted faults as WMI shows them, and the four methods with and without jobs.

settings_class=Msvm_VirtualSystemMigrationServiceSettingData
network_class=Msvm_VirtualSystemMigrationNetworkSettingData
setting() {
    enumerate "$1.$LAB_DOMAIN" "$VIRT" $settings_class | element "$2"
}
networks() {
    enumerate "$1.$LAB_DOMAIN" "$VIRT" $network_class
}
# change HOST NAME TYPE VALUE: one property by ModifyServiceSettings; the reply.
change() {
    local id
    id=$(setting "$1" InstanceID)
    call_service "$1.$LAB_DOMAIN" ModifyServiceSettings \
        "<m:ServiceSettingData>$(embedded $settings_class InstanceID string "$id" "$2" "$3" "$4")</m:ServiceSettingData>"
}
# settle HOST REPLY: waits for the job that the reply may name.
settle() {
    local id
    id=$(job_id <<<"$2")
    [[ -z $id ]] || await_job "$1.$LAB_DOMAIN" Msvm_ConcreteJob "$id"
}

expect "HV01 is enabled with Kerberos" '^true 1$' "$(setting hv01 EnableVirtualSystemMigration) $(setting hv01 AuthenticationType)"
expect "HV02 uses CredSSP" '^0$' "$(setting hv02 AuthenticationType)"
expect "HV03 is off" '^false$' "$(setting hv03 EnableVirtualSystemMigration)"
expect "HV03 has the stray subnet" '<p:Metric>5<.*<p:SubnetNumber>10.9.0.0<' "$(networks hv03)"
expect "HV03 listens nowhere" 'MigrationServiceListenerIPAddressList xsi:nil' \
    "$(enumerate hv03.$LAB_DOMAIN "$VIRT" Msvm_VirtualSystemMigrationService)"
expect "HV01 listens on its addresses" 'AddressList>10.20.0.11<' \
    "$(enumerate hv01.$LAB_DOMAIN "$VIRT" Msvm_VirtualSystemMigrationService)"
expect "HV03's migration port is closed" 'open 1 closed' \
    "$( (: <>/dev/tcp/hv01/6600) 2>/dev/null && printf 'open '; (: <>/dev/tcp/hv03/6600) 2>/dev/null; echo "$? closed")"

jobs() {
    curl -s --max-time "$HANGS_S" -d "$2" "http://$1:$LAB_PORT/lab/jobs" >/dev/null
}
jobs hv03 '{"held": true}'
reply=$(change hv03 MaximumActiveVirtualSystemMigration uint32 4)
jobs hv03 '{"held": false}'
expect "the first change answers with a job" 'ReturnValue>4096<' "$reply"
expect "before its end the old value stands" '^2$' "$(setting hv03 MaximumActiveVirtualSystemMigration)"
expect "the job runs" '<p:JobState>4<' "$(get hv03.$LAB_DOMAIN "$VIRT" Msvm_ConcreteJob InstanceID "$(job_id <<<"$reply")")"
expect "until it is released" '"running":1' "$(curl -s --max-time "$HANGS_S" -d '{"release": true}' "http://hv03:$LAB_PORT/lab/jobs")"
expect "the job completes" '<p:JobState>7<' "$(settle hv03 "$reply")"
expect "then the new value" '^4$' "$(setting hv03 MaximumActiveVirtualSystemMigration)"
expect "the second change is done at once" 'ReturnValue>0<' "$(change hv03 MaximumActiveVirtualSystemMigration uint32 2)"
expect "and seen at once" '^2$' "$(setting hv03 MaximumActiveVirtualSystemMigration)"
expect "an unknown property" 'ReturnValue>32773<' "$(change hv03 Nonsense uint32 2)"
expect "a wrong type" 'ReturnValue>32773<' "$(change hv03 AuthenticationType string 1)"
expect "a wrong InstanceID" 'ReturnValue>32773<' \
    "$(call_service hv03.$LAB_DOMAIN ModifyServiceSettings \
        "<m:ServiceSettingData>$(embedded $settings_class InstanceID string no)</m:ServiceSettingData>")"
expect "a tree in place of text" 'SchemaValidationError' \
    "$(call_service hv03.$LAB_DOMAIN ModifyServiceSettings "<m:ServiceSettingData><x/></m:ServiceSettingData>")"

network() {
    printf '<m:NetworkSettings>%s</m:NetworkSettings>' \
        "$(embedded $network_class SubnetNumber string "$1" PrefixLength uint8 "$2")"
}
expect "host bits beyond the prefix" 'ReturnValue>32773<' "$(call_service hv03.$LAB_DOMAIN AddNetworkSettings "$(network 10.20.0.1 24)")"
reply=$(call_service hv03.$LAB_DOMAIN AddNetworkSettings "$(network 10.20.0.0 24)$(network fd20:: 64)")
settle hv03 "$reply" >/dev/null
expect "two networks are added" '^3$' "$(networks hv03 | grep -o '<p:SubnetNumber>' | wc -l)"
id=$(networks hv03 | sed -n 's/.*<p:InstanceID>\([^<]*\)<[^_]*<p:SubnetNumber>10\.20\.0\.0<.*/\1/p')
reply=$(call_service hv03.$LAB_DOMAIN RemoveNetworkSettings \
    "<m:NetworkSettings><a:EndpointReference>$(reference "$VIRT" $network_class InstanceID "$id")</a:EndpointReference></m:NetworkSettings>")
expect "a wrapped reference is refused" 'SchemaValidationError' "$reply"
reply=$(call_service hv03.$LAB_DOMAIN RemoveNetworkSettings \
    "<m:NetworkSettings>$(reference "$VIRT" $network_class InstanceID "$id")</m:NetworkSettings>")
settle hv03 "$reply" >/dev/null
expect "a bare reference removes that network" '^2 0$' \
    "$(networks hv03 | grep -o '<p:SubnetNumber>' | wc -l) $(networks hv03 | grep -c '10\.20\.0\.0')"

curl -s --max-time "$HANGS_S" -d '{"code": 2147942405, "text": "General access denied error"}' \
    "http://hv03:$LAB_PORT/lab/fail-next" >/dev/null
reply=$(change hv03 MaximumActiveVirtualSystemMigration uint32 9)
[[ -n $(job_id <<<"$reply") ]] || reply=$(change hv03 MaximumActiveVirtualSystemMigration uint32 9)
id=$(job_id <<<"$reply")
expect "a job can fail" '<p:ErrorDescription>General access denied error \(0x80070005\)' "$(settle hv03 "$reply")"
expect "GetErrorEx tells why" '&lt;INSTANCE CLASSNAME=&quot;Msvm_Error&quot;.*0x80070005' \
    "$(invoke hv03.$LAB_DOMAIN Msvm_ConcreteJob GetErrorEx "$(selectors InstanceID "$id")" '')"

jobs hv03 '{"keep_ms": 0}'
expect "an ended job vanishes" 'Code="2147749890"' \
    "$(sleep 0.1; get hv03.$LAB_DOMAIN "$VIRT" Msvm_ConcreteJob InstanceID "$id")"
jobs hv03 '{"answer": "never"}'
expect "a host may answer without jobs" '^00$' \
    "$(for n in 3 2; do change hv03 MaximumActiveStorageMigration uint32 $n | element ReturnValue; done)"

curl -s --max-time "$HANGS_S" -d '{"settings": {"AuthenticationType": 0}}' "http://hv03:$LAB_PORT/lab/third-hand" >/dev/null
expect "somebody else changes a setting" '^0$' "$(setting hv03 AuthenticationType)"
curl -s --max-time "$HANGS_S" -d '{"settings": {"AuthenticationType": 1}}' "http://hv03:$LAB_PORT/lab/third-hand" >/dev/null
expect "requests are counted" '"ModifyServiceSettings":[0-9]+' "$(curl -s --max-time "$HANGS_S" "http://hv03:$LAB_PORT/lab/requests")"
