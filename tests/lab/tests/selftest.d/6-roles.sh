# What a host is beside a Hyper-V host: node of a cluster, with Credential Guard; and how little it takes to read all.

h=hv03.$LAB_DOMAIN
id=$(setting hv03 InstanceID | sed 's/\\/\\\\/g')
of_settings="associators of {Msvm_VirtualSystemMigrationServiceSettingData.InstanceID='$id'}"
lab_says hv03 third-hand '{"networks": ["any"]}' >/dev/null
expect "associators without WHERE take longer than the host allows" 'TimedOut.*Code="2150858793"' "$(wql "$VIRT" "$of_settings")"
expect "AssocClass finds the networks" '^0 2$' \
    "$(wql "$VIRT" "$of_settings where AssocClass = Msvm_VirtualSystemMigrationServiceSettingDataComponent" \
        | grep -o -e '<p:Msvm_VirtualSystemMigrationService ' -e '<p:SubnetNumber>' | sort | uniq -c | awk '/Subnet/ {n = $1} /Service/ {s = $1} END {print s + 0, n + 0}')"
expect "ResultClass to the service" '<p:Name>migrationwmi<' "$(wql "$VIRT" "$of_settings where ResultClass = Msvm_VirtualSystemMigrationService")"
expect "and then without networks" '^0$' "$(wql "$VIRT" "$of_settings where ResultClass = Msvm_VirtualSystemMigrationService" | grep -c SubnetNumber)"
expect "an object that is not there has no associators" 'Code="2147749890"' \
    "$(wql "$VIRT" "associators of {Msvm_VirtualSystemMigrationServiceSettingData.InstanceID='no'}")"
adapters='Win32_NetworkAdapterConfiguration where IPEnabled=TRUE'
expect "enabled adapters only" '^1 0$' "$(wql root/cimv2 "select * from $adapters" | grep -o -e '<p:Index>' -e WAN | sort | uniq -c | awk '/Index/ {i = $1} /WAN/ {w = $1} END {print i + 0, w + 0}')"
expect "with chosen columns" '<w:XmlFragment[^>]*><IPAddress>10.20.0.13</IPAddress><IPAddress>fd20::13</IPAddress><ServiceName>VMSNPXYMP<' \
    "$(wql root/cimv2 "select ServiceName, IPAddress from $adapters")"
expect "a column that the class lacks" 'CannotProcessFilter' "$(wql root/cimv2 "select Nonsense from $adapters")"

cluster_of() {
    wql root/mscluster 'select Name, Fqdn, MaximumParallelMigrations from MSCluster_Cluster'
}
expect "without a cluster there is no such namespace" 'DestinationUnreachable.*Code="2147749902"' "$(cluster_of)"
cluster_service() {
    wql root/cimv2 "select State, StartMode from Win32_Service where Name='ClusSvc'"
}
expect "and no cluster service" '^0$' "$(cluster_service | grep -c StartMode)"
lab_says hv03 cluster '{"name": null, "service": {"State": "Stopped", "StartMode": "Disabled"}}' >/dev/null
expect "with the feature alone it is disabled" '<StartMode>Disabled</StartMode><State>Stopped<' "$(cluster_service)"
lab_says hv03 cluster '{"name": "CLU1", "push_ms": 600000}' >/dev/null
expect "it runs on a node" '<StartMode>Auto</StartMode><State>Running<' "$(cluster_service)"
expect "a node knows its cluster" '<Fqdn>CLU1.corp.example</Fqdn><MaximumParallelMigrations>1</MaximumParallelMigrations><Name>CLU1<' "$(cluster_of)"
expect "and its nodes" '<p:Name>HV03<' "$(enumerate "$h" root/mscluster MSCluster_Node)"
expect "the cluster has its own network entry" '<p:Tags>Microsoft:ClusterManaged<' "$(networks hv03)"
expect "and a virtual adapter" '<p:Description>Microsoft Failover Cluster Virtual Adapter<.*<p:IPAddress>169\.254\.1\.3<.*<p:IPEnabled>true<.*<p:ServiceName>NETFT<' \
    "$(wql root/cimv2 "select * from $adapters and ServiceName='NETFT'")"
limit_of() { setting hv03 MaximumActiveVirtualSystemMigration; }
change hv03 MaximumActiveVirtualSystemMigration uint32 4 >/dev/null
expect "a change is taken" '^4$' "$(limit_of)"
lab_says hv03 cluster '{"name": "CLU1", "push_ms": 100}' >/dev/null
expect "the cluster's limit comes over the host's" '^1$' "$(until_it_says '^1$' limit_of)"
expect "another change is taken" 'ReturnValue>0<' "$(change hv03 MaximumActiveVirtualSystemMigration uint32 4)"
expect "and pushed back" '^1$' "$(until_it_says '^1$' limit_of)"
lab_says hv03 cluster '{"name": null}' >/dev/null
lab_says hv03 third-hand '{"settings": {"MaximumActiveVirtualSystemMigration": 2}}' >/dev/null
expect "a host that left keeps nothing of it" '^0 no-namespace$' \
    "$(networks hv03 | grep -c ClusterManaged) $(cluster_of | grep -q 2147749902 && echo no-namespace)"

guard() {
    get "$h" root/Microsoft/Windows/DeviceGuard Win32_DeviceGuard
}
expect "Credential Guard does not run" '<p:SecurityServicesRunning>0<' "$(guard)"
lab_says hv03 credential-guard '{"running": true}' >/dev/null
expect "until it does" '<p:SecurityServicesRunning>1<' "$(guard)"
lab_says hv03 credential-guard '{"running": false}' >/dev/null

lab_says hv03 twice '{"on": true}' >/dev/null
expect "an object may come twice" '^2$' "$(enumerate "$h" "$VIRT" Msvm_VirtualSystemMigrationService | grep -o '<p:Name>migrationwmi<' | wc -l)"
lab_says hv03 twice '{"on": false}' >/dev/null
