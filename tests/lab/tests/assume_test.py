#!/usr/bin/python3
"""Does `fairway probe --assume` see it when a host is not as it is assumed to be?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/assume_test.py

For each assumption a host is made otherwise, one at a time: exactly that one is refuted, and those that rest on it. An
assumption without a way to refute it is a defect, so they are counted.
"""
import json
import os
import sys

import outside
import reading
from loop_tools import FINE, run_parts
from record_test import can_be_published, without_bytes

NOT_VERIFIED = 9
HOST = "hv02"
MACHINE = {"id": "3F2504E0-4F89-41D3-9A0C-0305E82C3301", "name": "payroll"}
SETTING = "Msvm_VirtualSystemMigrationServiceSettingData"
NETWORK = "Msvm_VirtualSystemMigrationNetworkSettingData"
SERVICE = "Msvm_VirtualSystemMigrationService"


def word(name):
    return {"otherwise": {"words": [name]}}


def shown(name, **properties):
    return {"otherwise": {"shown": {name: properties}}}


NODE = {"cluster": {"name": "CLU1", "maximum_parallel_migrations": 2, "push_ms": 0}}
# What is assumed, how the host is made otherwise, and what rests on it and cannot hold either.
WAYS = [
    ("WMI-1", word("takes-locale"), []),
    ("WMI-4", word("one-namespace"), []),
    ("WMI-5", word("batches"), []),
    ("WMI-6", word("keeps-released"), []),
    ("WMI-7", word("bare-items"), ["WMI-10"]),
    ("WMI-8", shown(SERVICE, ActiveStorageMigrationCount=""), []),
    ("WMI-9", shown("Win32_OperatingSystem", LastBootUpTime="last Sunday"), []),
    ("WMI-10", word("old-references"), []),
    ("WMI-11", word("two-elements"), []),
    ("WMI-14", word("method-faults"), []),
    ("WMI-15", word("fault-200"), []),
    ("WMI-21", {"misbehave": {"how": "bare-kerberos", "next": 9}}, []),
    ("WMI-22", word("unrotated"), []),
    ("WMI-24", {"http-sys": {"header_bytes": 30000}}, []),
    ("WMI-27", word("needs-namespace"), []),
    ("WMI-28", word("asked-order"), []),
    ("WMI-29", word("other-codes"), []),
    ("WMI-30", shown(SERVICE, Name="vmmigration"), []),
    ("WMI-33", shown(SETTING, AuthenticationType=2), []),
    ("WMI-34", shown(SETTING, EnableSmbTransport=None), []),
    ("WMI-35", shown(NETWORK, Tags=["Contoso:Managed"]), []),
    ("WMI-36", shown(NETWORK, Metric=4294967296), []),
    ("WMI-39", shown(SERVICE, MigrationServiceListenerIPAddressList=["192.0.2.7"]), []),
    ("WMI-41", {**NODE, **shown(SETTING, MaximumActiveVirtualSystemMigration=7)}, []),
    ("WMI-42", {"cluster": {"name": None, "service": {"State": "Stopped", "StartMode": "Manual"}}}, []),
    ("WMI-43", shown("Win32_DeviceGuard", SecurityServicesRunning=["1"], SecurityServicesConfigured=["2"]), []),
    ("WMI-45", shown("Win32_ComputerSystem", Domain="other.example"), []),
    ("WMI-54", shown("Msvm_ComputerSystem", Name="VM17"), []),
    ("WMI-80", word("no-query-list"), []),
    ("WMI-81", word("no-bookmark"), []),
    ("WMI-82", word("one-select"), []),
    ("WMI-83", word("other-channel-code"), []),
    ("WMI-88", word("fresh-ids"), []),
    ("WMI-92", word("no-like"), ["WMI-112"]),
    ("WMI-93", shown("Win32_OperatingSystem", BuildNumber="vNext"), []),
    ("WMI-94", {"require-sealing": {"required": False}}, []),
    ("WMI-100", shown("Win32_OperatingSystem", LocalDateTime="2026-01-02T03:04:05.678901+01:00"), []),
    ("WMI-101", shown("Win32_PingStatus", PrimaryAddressResolutionStatus=11004), []),
    ("WMI-102", shown("MSFT_DNSClientCache", Data="its name"), []),
    ("WMI-103", shown("MSFT_NetTCPConnection", LocalPort=445), []),
    ("WMI-104", word("no-date"), []),
    ("WMI-112", shown("Msvm_MemorySettingData", AllocationUnits="byte * 2^30"), []),
    ("WMI-113", shown("Msvm_MigrationJob", VirtualSystemName="VM17"), []),
    ("WMI-114", {**NODE, **shown("MSCluster_Node", Name="node1")}, []),
    ("WMI-116", shown("Msvm_ComputerSystem", EnabledState=3), []),
]
# Of the directory; each of the others is refuted by tests/providers/ldap/contact.
NOT_SHOWN = {"LDAP-15": "the account has none",
             "LDAP-19": "the controller shows none: it is Samba, or hides them",
             "LDAP-24": "the host has no additional name",
             "LDAP-38": "the container is shown, and nothing is in it"}
WAYS_OF_ACCOUNT = [
    ("LDAP-24", "add", "msDS-AdditionalDnsHostName", "old02.corp.example"),
    ("LDAP-27", "delete", "servicePrincipalName", "HOST/HV02"),
    ("WMI-70", "delete", "servicePrincipalName", "Hyper-V Replica Service/hv02.corp.example"),
]
NAMES_SEEN = ["hv02", "payroll", "corp.example", "operator", "vmmigration", "contoso", "other.example", "vm17", "192.0.2.7"]
AS_ASSUMED = {"http-sys": {"header_bytes": 16384}, "otherwise": {}, "misbehave": {"how": None}, "require-sealing": {"required": True}, "cluster": {"name": None}}


def make(controls):
    for path, body in controls.items():
        outside.control(HOST, path, body)


def prepare(program):
    reading.inventory(program, {HOST.upper(): ""})
    make({"machines": {"machines": [MACHINE]},
          "resolves": {"corp.example": "127.0.0.1"},
          "jobs": {"moved": MACHINE["id"]},
          "event": {"channel": "System", "provider": "EventLog", "id": 6005}})


def probe(program, *arguments):
    return program.run("probe", HOST.upper(), "-i", "inventory.yaml", "--assume", "--output", "json", *arguments)


def states(said, of="probes"):
    return {row["fact"]: row for row in said.json()[of][0]["assumptions"]}


def refuted(rows):
    return {fact for fact, row in rows.items() if row["state"] == "refuted"}


def all_hold(check, program):
    check.part("all hold")
    make(NODE)
    said = probe(program, "--out", "sent.json")
    rows = states(said)
    check.same("exit status, and what does not hold",
               (said.status, {fact: row["saw"] for fact, row in rows.items() if row["state"] != "holds"}), (FINE, {}))
    check.same("the build is told", said.json()["probes"][0]["build"], 20348)
    make(AS_ASSUMED)
    said = program.run("probe", HOST.upper(), "-i", "inventory.yaml", "--assume")
    check.says("the text has the list, the counts and the file", said.out, f"{len(WAYS) - 2} hold, 0 refuted, 2 not tried",
               "WMI-41", "not tried: the host shows no cluster", "fairway-contact.json", "send it back")


def of_the_directory(check, program):
    check.part("the directory")
    said = probe(program)
    rows = states(said, "directories")
    check.same("what Samba cannot show is not tried, and the rest holds",
               {fact: row["saw"] for fact, row in rows.items() if row["state"] != "holds"}, NOT_SHOWN)
    check.same("which domain, at which controller",
               [said.json()["directories"][0][name] for name in ("domain", "controller", "stopped_at")],
               ["corp.example", "dc01.corp.example", None])
    for fact, verb, attribute, value in WAYS_OF_ACCOUNT:
        outside.modify(HOST, (verb, attribute, value))
        said = probe(program)
        check.same(f"{fact}: refuted is", (said.status, refuted(states(said, "directories"))), (NOT_VERIFIED, {fact}))
        outside.modify(HOST, ("add" if verb == "delete" else "delete", attribute, value))
    text = program.run("probe", HOST.upper(), "-i", "inventory.yaml", "--assume").out
    check.says("the text has the list", text,
               f"the directory of corp.example (dc01.corp.example): {len(rows) - len(NOT_SHOWN)} hold, 0 refuted, 4 not tried")


def each_is_refuted(check, program):
    check.part("each is refuted")
    rows = states(probe(program))
    check.same("every assumption has a way to refute it, and no other", sorted(fact for fact, _, _ in WAYS), sorted(rows))
    for fact, controls, resting in WAYS:
        make(controls)
        said = probe(program)
        rows = states(said)
        check.same(f"{fact}: refuted is", (said.status, refuted(rows)), (NOT_VERIFIED, {fact, *resting}))
        check(f"{fact}: with what was seen, and where", rows[fact]["saw"] and (rows[fact]["exchanges"] or fact == "WMI-21"),
              str(rows[fact]))
        with open(program.file("fairway-contact.json"), encoding="utf-8") as file:
            sent = file.read().lower()
        check(f"{fact}: the file names nobody", not [name for name in NAMES_SEEN if name in sent])
        make(AS_ASSUMED)
    check.same("and then all hold again", refuted(states(probe(program))), set())


def sent_back(check, program):
    check.part("the file that is sent back")
    path = program.file("sent.json")
    check.same("it is its owner's alone", oct(os.stat(path).st_mode & 0o777), "0o600")
    with open(path, encoding="utf-8") as file:
        sent = json.load(file)
    kept = {f"{one['number']:04}-{one['name']}": without_bytes(one["text"]) for one in sent["exchanges"]}
    can_be_published(check, "its exchanges", kept)
    can_be_published(check, "its list", {"list": json.dumps([sent["hosts"], sent["directories"]])})
    check.same("an exchange for each number that a row names",
               {n for of in ("hosts", "directories") for row in sent[of][0]["assumptions"] for n in row["exchanges"]} - {
                   one["number"] for one in sent["exchanges"]}, set())


if __name__ == "__main__":
    sys.exit(run_parts(prepare, all_hold, of_the_directory, each_is_refuted, sent_back))
