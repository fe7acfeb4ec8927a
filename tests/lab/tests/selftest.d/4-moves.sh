# Moves: refused by the KDC itself before the directory is put right, carried out afterwards.

hosts_of() {
    local h
    for h in $LAB_HOSTS; do
        enumerate "$h.$LAB_DOMAIN" "$VIRT" Msvm_ComputerSystem | grep -q 'fairway-canary' && printf '%s ' "$h"
    done
}
canary=$(grep -o '"id": "[^"]*"' "$LAB_ESTATE" | head -n 1 | cut -d'"' -f4)
# try_move FROM TO [METHOD [TYPE]]: the ended job, or the reply without one.
try_move() {
    local reply id
    reply=$(call_service "$1.$LAB_DOMAIN" "${3:-MigrateVirtualSystemToHost}" \
        "<m:ComputerSystem><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>$WMI/$VIRT/Msvm_ComputerSystem</w:ResourceURI>$(selectors CreationClassName Msvm_ComputerSystem Name "$canary")</a:ReferenceParameters></m:ComputerSystem><m:DestinationHost>$2</m:DestinationHost><m:MigrationSettingData>$(embedded Msvm_VirtualSystemMigrationSettingData MigrationType uint16 "${4:-32768}")</m:MigrationSettingData>${RESOURCES-}")
    id=$(job_id <<<"$reply")
    if [[ -n $id ]]; then await_job "$1.$LAB_DOMAIN" Msvm_MigrationJob "$id"; else echo "$reply"; fi
}
# s4u HOST TARGET: asks the KDC for a ticket to TARGET in the operator's name, with the host's own key. What kvno
# prints ends in "kvno = 1" even when it was refused; its exit status tells.
s4u() {
    KRB5CCNAME=FILE:$mine/s4u kinit -k -t "$LAB_KEYS/$1.keytab" "${1^^}\$"
    KRB5CCNAME=FILE:$mine/s4u kvno -k "$LAB_KEYS/$1.keytab" -U operator -P "$2" 2>&1 && echo granted
}
modify() {
    ldapmodify -Q -N -Y GSSAPI -H "ldap://$LAB_DC" 2>&1
}
hv01_dn=CN=HV01,$LAB_OU

expect "the canary is on HV01" '^hv01 $' "$(hosts_of)"
expect "the KDC refuses HV01 a ticket for HV04" 'delegation failed' "$(s4u hv01 cifs/hv04.corp.example)"
reply=$(try_move hv01 hv04.$LAB_DOMAIN)
expect "so the move fails with 0x8009030E" 'JobState>10<.*ErrorDescription>[^<]*KDC says[^<]*0x8009030E' "$reply"
expect "a move from CredSSP fails" '0x8009030E' \
    "$(curl -s --max-time "$HANGS_S" -d '{"settings": {"AuthenticationType": 0}}' "http://hv01:$LAB_PORT/lab/third-hand" >/dev/null
       try_move hv01 hv04.$LAB_DOMAIN
       curl -s --max-time "$HANGS_S" -d '{"settings": {"AuthenticationType": 1}}' "http://hv01:$LAB_PORT/lab/third-hand" >/dev/null)"

modify >/dev/null <<LDIF
dn: $hv01_dn
changetype: modify
add: msDS-AllowedToDelegateTo
msDS-AllowedToDelegateTo: cifs/hv04.corp.example
LDIF
expect "the value without protocol transition is not enough" 'delegation failed' "$(s4u hv01 cifs/hv04.corp.example)"
modify >/dev/null <<LDIF
dn: $hv01_dn
changetype: modify
delete: userAccountControl
userAccountControl: 4096
-
add: userAccountControl
userAccountControl: $((0x1001000))
LDIF
expect "with both the KDC grants it" '^granted$' "$(s4u hv01 cifs/hv04.corp.example)"
expect "for HV04's short name it does not" 'delegation failed' "$(s4u hv01 cifs/HV04)"
expect "the reader could not have changed that" 'nsufficient access' "$(become reader; modify <<LDIF
dn: $hv01_dn
changetype: modify
add: msDS-AllowedToDelegateTo
msDS-AllowedToDelegateTo: cifs/hv99
LDIF
become operator)"
expect "the migration service's value is still missing: 0x8009030D" '0x8009030D' "$(try_move hv01 hv04.$LAB_DOMAIN)"
modify >/dev/null <<LDIF
dn: $hv01_dn
changetype: modify
add: msDS-AllowedToDelegateTo
msDS-AllowedToDelegateTo: Microsoft Virtual System Migration Service/hv04.corp.example
msDS-AllowedToDelegateTo: Microsoft Virtual System Migration Service/HV04
msDS-AllowedToDelegateTo: cifs/HV04
LDIF
expect "the short SPN is on no account: 0x80090303" '0x80090303' "$(try_move hv01 HV04)"
partition=tdb://$LAB_DIR/dc01/private/sam.ldb.d/${LAB_BASE_DN^^}.ldb
spn_of_hv03() { # spn_of_hv03 add|delete: a name of HV04 on HV03 too, written past Samba's LDAP, which refuses it.
    ldbmodify -H "$partition" >/dev/null <<LDIF
dn: CN=HV03,$LAB_OU
changetype: modify
$1: servicePrincipalName
servicePrincipalName: Microsoft Virtual System Migration Service/hv04.corp.example
LDIF
}
spn_of_hv03 add
expect "on two accounts: 0x80090322" '0x80090322.*|held by 2 accounts' "$(try_move hv01 hv04.$LAB_DOMAIN)"
spn_of_hv03 delete
expect "the check now succeeds" 'JobState>7<.*JobType>301<' "$(try_move hv01 hv04.$LAB_DOMAIN CheckVirtualSystemIsMigratable)"
expect "the boolean check too" 'IsMigratable>true<' "$(try_move hv01 hv04.$LAB_DOMAIN CheckVirtualSystemIsMigratableToHost)"
expect "a check moves nothing" '^hv01 $' "$(hosts_of)"

become reader
expect "the reader may not even ask" 'w:AccessDenied' "$(try_move hv01 hv04.$LAB_DOMAIN)"
become operator
third_hand() {
    curl -s --max-time "$HANGS_S" -d "$2" "http://$1:$LAB_PORT/lab/third-hand" >/dev/null
}
third_hand hv04 '{"settings": {"EnableVirtualSystemMigration": false}}'
expect "a destination that is off refuses the connection" '0x8007274D' "$(try_move hv01 hv04.$LAB_DOMAIN)"
third_hand hv04 '{"settings": {"EnableVirtualSystemMigration": true, "AuthenticationType": 0}}'
expect "authentication types must agree" 'types of source and destination differ' "$(try_move hv01 hv04.$LAB_DOMAIN)"
third_hand hv04 '{"settings": {"AuthenticationType": 1, "MaximumActiveVirtualSystemMigration": 0}}'
expect "no place at the destination" 'limit of simultaneous' "$(try_move hv01 hv04.$LAB_DOMAIN)"
third_hand hv04 '{"settings": {"MaximumActiveVirtualSystemMigration": 2}}'
third_hand hv01 '{"networks": [{"SubnetNumber": "10.9.0.0", "PrefixLength": 16, "Tags": ["Microsoft:UserManaged"]}]}'
expect "no common network: 0x8007274C" '0x8007274C' "$(try_move hv01 hv04.$LAB_DOMAIN)"
third_hand hv01 '{"networks": ["any"]}'

# with_disks DISK...: NewResourceSettingData for each, an InstanceID and a path; then a move with storage.
with_disks() {
    local resources=
    while (($# > 1)); do
        resources+="<m:NewResourceSettingData>$(embedded Msvm_StorageAllocationSettingData InstanceID string "$1" \
            ResourceType uint16 31 ResourceSubType string 'Microsoft:Hyper-V:Virtual Hard Disk' \
            | sed "s,&lt;/INSTANCE&gt;,\&lt;PROPERTY.ARRAY NAME=\"HostResource\" TYPE=\"string\"\&gt;\&lt;VALUE.ARRAY\&gt;\&lt;VALUE\&gt;$2\&lt;/VALUE\&gt;\&lt;/VALUE.ARRAY\&gt;\&lt;/PROPERTY.ARRAY\&gt;&,")</m:NewResourceSettingData>"
        shift 2
    done
    RESOURCES=$resources try_move hv01 hv04.$LAB_DOMAIN '' 32771
}
checkpoint=3F2504E0-4F89-41D3-9A0C-0305E82C3301
disk_of='\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\0\L'
h=hv01.$LAB_DOMAIN
expect "the checkpoint is a configuration of the VM" "<InstanceID>Microsoft:$checkpoint<.*<VirtualSystemType>Microsoft:Hyper-V:Snapshot:Realized<" \
    "$(wql "$VIRT" "select InstanceID, VirtualSystemType from Msvm_VirtualSystemSettingData where VirtualSystemIdentifier = '${canary,,}'")"
expect "the VM's disk, its CD and its checkpoint's disk" '^3 2$' \
    "$(wql "$VIRT" "select * from Msvm_StorageAllocationSettingData where InstanceID like 'Microsoft:$canary%' or InstanceID like 'Microsoft:$checkpoint%'" \
        | grep -o '<p:ResourceSubType>[^<]*' | awk '/Virtual Hard Disk/ {d++} END {print NR, d}')"
expect "with storage and no disk told, the move fails" 'JobState>10<.*is not among the resources to be moved' "$(with_disks)"
expect "with one of two as well" 'JobState>10<.*is not among the resources to be moved' "$(with_disks "Microsoft:$canary$disk_of" 'C:.a.vhdx')"
expect "a disk that it does not have" 'ReturnValue>32773<' "$(with_disks "Microsoft:$checkpoint$disk_of.D" 'C:.a.vhdx')"
expect "&amp; within a value" 'ReturnValue>32768<' "$(with_disks "Microsoft:$canary$disk_of" 'R\&amp;amp;D')"
expect "&lt; within a value" 'ReturnValue>32773<' "$(with_disks "Microsoft:$canary$disk_of" 'a\&amp;lt;b')"
curl -s --max-time 5 -d "{\"planned\": [{\"id\": \"$canary\", \"name\": \"x\"}]}" "http://hv04:$LAB_PORT/lab/machines" >/dev/null
expect "a planned VM of that id at the destination" 'planned machine of this identity' "$(try_move hv01 hv04.$LAB_DOMAIN)"
curl -s --max-time 5 -d '{"planned": []}' "http://hv04:$LAB_PORT/lab/machines" >/dev/null

expect "the move succeeds" '<p:JobState>7<.*<p:DestinationHost>hv04' "$(try_move hv01 hv04.$LAB_DOMAIN)"
expect "the canary is on HV04, and only there" '^hv04 $' "$(hosts_of)"
expect "HV04 saw the operator, by HV01's ticket" '"migrate operator@CORP.EXAMPLE"' "$(curl -s --max-time "$HANGS_S" "http://hv04:$LAB_PORT/lab/requests")"
expect "the way back is closed: HV04 has no protocol transition" '0x8009030E' "$(try_move hv04 hv01.$LAB_DOMAIN)"
