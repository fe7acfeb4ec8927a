#!/usr/bin/python3
"""What does each command cost a host, in requests? Counted by the hosts themselves:

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/counts_test.py

An audit asks a host of no cluster five questions, whatever it holds; one that uses CredSSP is asked a sixth, whether
Credential Guard runs. A change of one scalar costs three requests with
its read-back; the service's own settings that could disturb a migration, and networks, ask one more. Jobs are asked about as long as they take, so
they are counted apart. And a run that loses replies sends nothing twice that acts.
"""
import sys

import outside
import reading
from loop_tools import CHANGES, FINE, SERVER, run_parts
from wire_bench import SETTINGS, Bench, Wrong
from wire_host import Host

# Requests as words: what is asked for, or the method.
SETTING, NETWORKS, SERVICE = "setting", "networks", "service"
ADAPTERS, CLUSTER_SERVICE, COMPUTER, GUARD = "adapters in use", "cluster service", "computer", "Credential Guard"
MODIFY, ADD, REMOVE = "ModifyServiceSettings", "AddNetworkSettings", "RemoveNetworkSettings"
MACHINES, PLANNED, MIGRATE = "machines", "planned machines", "MigrateVirtualSystemToHost"
CHECK, MEMORY = "CheckVirtualSystemIsMigratable", "memory"
CONFIGURATIONS, DISKS = "configurations", "disks"
CLASSES = {
    "Msvm_VirtualSystemMigrationServiceSettingData": SETTING,
    "Msvm_VirtualSystemMigrationService": SERVICE,
    "Msvm_VirtualSystemMigrationNetworkSettingData": NETWORKS,
    "Win32_ComputerSystem": COMPUTER,
    "Msvm_ComputerSystem": MACHINES,
    "Win32_DeviceGuard": GUARD,
}
# What is asked by a query, by the class that it names.
QUERIES = {"Win32_NetworkAdapterConfiguration": ADAPTERS, "Win32_Service": CLUSTER_SERVICE,
           "Msvm_PlannedComputerSystem": PLANNED, "Msvm_VirtualSystemSettingData": CONFIGURATIONS,
           "Msvm_StorageAllocationSettingData": DISKS, "Msvm_MemorySettingData": MEMORY}
AUDIT = [SETTING, NETWORKS, SERVICE, ADAPTERS, CLUSTER_SERVICE]


def word_of(note):
    if note["method"]:
        return note["method"]
    for name, word in QUERIES.items():
        if name in note["filter"]:
            return word
    name = note["resource"].rpartition("/")[2]
    return f"{note['action']} {name}" if note["action"] != "Enumerate" else CLASSES.get(name, name)


def asked(host):
    """The host's requests since its log was reset, without the questions about jobs."""
    return words_of(outside.control(host, "log", None))


def words_of(notes):
    return [word_of(note) for note in notes if not (note["action"] == "Get" and note["resource"].endswith("Job"))]


def reset():
    for host in outside.HOSTS:
        outside.control(host, "reset", {})


def audit(check, program, status, when, more=None):
    reset()
    program.expect(status, "audit")
    check.same(f"an audit's questions, {when}", {host: asked(host) for host in outside.HOSTS},
               {host: AUDIT + (more or {}).get(host, []) for host in outside.HOSTS})


def other_sign_ons(check, program):
    """NTLM's CHALLENGE names the domain; a local account or a certificate tells nothing, so the host is asked."""
    check.part("audit by other sign-ons")
    reading.on_all_hosts("ntlm", {"allowed": True})
    tls = f"tls: {{ca: {outside.lab('CA')}}}"
    certificate = (f"reach: {{authentication: certificate, {tls}}}, credentials: {{certificate: "
                   f"{outside.lab('CERTS')}/operator.pem, key: {outside.lab('CERTS')}/operator.key}}")
    basic = (f"reach: {{authentication: basic, {tls}}}, "
             + reading.password(outside.lab("BASIC_USER"), outside.lab("BASIC_PASSWORD_FILE")))
    reading.inventory(program, {
        "HV01": f"reach: {{authentication: ntlm}}, {reading.ntlm_of('hv01')}",
        "HV02": f"reach: {{authentication: ntlm, {tls}}}, {reading.ntlm_of('hv02')}",
        "HV03": certificate, "HV04": basic})
    reset()
    said = program.run("audit", "--all", "--output", "json")
    for host, more in (("hv01", []), ("hv02", []), ("hv03", [COMPUTER]), ("hv04", [COMPUTER])):
        questions = asked(host)
        check.same(f"an audit's questions to {host}", (questions[:3], sorted(questions[3:])),
                   (AUDIT[:3], sorted(AUDIT[3:] + more)))
    found = {f["object"]: f for f in said.json()["findings"] if f["kind"] == "host"}
    check("all four are read", len(found) == 4 and all(f["verdict"] != "unreadable" for f in found.values()), str(said))
    reading.on_all_hosts("ntlm", {"allowed": False})


def third_hand(settings=None, networks=None):
    for host in outside.HOSTS:
        outside.control(host, "third-hand", {**({"settings": settings} if settings else {}),
                                             **({"networks": networks} if networks is not None else {})})


def audits(check, program):
    check.part("audit")
    program.inventory("inventory.yaml")
    audit(check, program, CHANGES, "with the planted faults, of which one is CredSSP", {"hv02": [GUARD]})
    program.expect(CHANGES, "plan", "--out", "plan.json")
    program.expect(FINE, "apply", "plan.json")
    audit(check, program, FINE, "when everything complies")
    third_hand({"EnableVirtualSystemMigration": False}, [])
    audit(check, program, CHANGES, "with migration off and no network at all")
    third_hand(None, [{"SubnetNumber": f"10.{n}.0.0", "PrefixLength": 16, "Metric": n,
                       "Tags": ["Microsoft:UserManaged"]} for n in range(40, 80)])
    audit(check, program, CHANGES, "with forty networks")
    for host in outside.HOSTS:
        outside.control(host, "busy", {"migrations": 2, "storage_migrations": 1})
    audit(check, program, CHANGES, "while migrations run")
    outside.control("hv01", "cluster", {"name": "CLU1", "maximum_parallel_migrations": 1})
    audit(check, program, CHANGES, "with one node of a cluster, whose name is asked for",
          {"hv01": ["MSCluster_Cluster"]})
    outside.control("hv01", "cluster", {"name": None})
    for host in outside.HOSTS:
        outside.control(host, "busy", {"migrations": 0, "storage_migrations": 0})


def moves(check, program):
    """A round through four hosts and back: each is source twice and destination twice, and asked nothing else meanwhile."""
    check.part("trial moves")
    third_hand({"EnableVirtualSystemMigration": True}, ["any"])
    program.run("plan", "--out", "plan.json")
    program.run("apply", "plan.json")
    run = program.runs()[-1]["run"]
    source = [MACHINES, SETTING, CONFIGURATIONS, DISKS, CHECK, MIGRATE, MACHINES]
    destination = [SETTING, SERVICE, PLANNED, PLANNED, MACHINES, CONFIGURATIONS, DISKS]
    room = [SETTING, SERVICE, CLUSTER_SERVICE]
    for storage in ("false", "true"):
        program.shipped("kerberos-live-migration",
                        f"\nverify: {{moves: {{vm: fairway-canary, pairs: ring, storage: {storage}}}}}\n")
        reset()
        program.expect(FINE, "verify", run)
        for host in outside.HOSTS:
            first = [MACHINES, MEMORY] if host == "hv01" else [MACHINES]
            wanted = first + room + (source + destination if host == "hv01" else destination + source) * 2
            check.same(f"storage {storage}: what {host} is asked, {len(source)} as source, {len(destination)} as destination",
                       asked(host)[-len(wanted):], wanted)


SUBNETS = [{"SubnetNumber": subnet, "PrefixLength": length, "Metric": 0, "Tags": ["Microsoft:UserManaged"]}
           for subnet, length in (("10.20.0.0", 16), ("fd20::", 64))]
# Before the first write, where a change could disturb migrations: do any run?
GATED_SETTING, GATED_NETWORKS = [SETTING, SERVICE], [NETWORKS, SERVICE]
SCALAR = [SETTING, MODIFY, SETTING]
# With the question whether migrations run.
DISTURBING = [SETTING, SERVICE, MODIFY, SETTING]
# What a cluster would set rests on there being none, and apply asks that again.
OF_CLUSTER = [SETTING, CLUSTER_SERVICE, MODIFY, SETTING]
# What is done, (settings, networks) at first, what is wanted, preflight, and what the change costs.
COSTS = [
    ("max_live", {}, ["any"], "{migration.max_live: 4}", [SETTING, CLUSTER_SERVICE], OF_CLUSTER),
    ("max_storage", {}, ["any"], "{migration.max_storage: 4}", [SETTING], SCALAR),
    ("performance", {}, ["any"], "{migration.performance: smb}", [SETTING], SCALAR),
    ("enabled, on", {"EnableVirtualSystemMigration": False}, ["any"], "{migration.enabled: true}", [SETTING], SCALAR),
    ("enabled, off", {}, ["any"], "{migration.enabled: false}", GATED_SETTING, DISTURBING),
    ("authentication", {"AuthenticationType": 0}, ["any"], "{migration.authentication: kerberos}", GATED_SETTING,
     DISTURBING),
    ("networks, two subnets to any", {}, SUBNETS, "{migration.networks: any}", GATED_NETWORKS,
     [NETWORKS, SERVICE, ADD, NETWORKS, REMOVE, NETWORKS]),
    ("networks, any to two subnets", {}, ["any"], "{migration.networks: [10.20.0.0/16, 'fd20::/64']}", GATED_NETWORKS,
     [NETWORKS, SERVICE, ADD, NETWORKS, REMOVE, NETWORKS]),
    ("networks, one subnet less", {}, SUBNETS, "{migration.networks: [10.20.0.0/16]}", GATED_NETWORKS,
     [NETWORKS, SERVICE, REMOVE, NETWORKS]),
    ("networks, one subnet more", {}, SUBNETS, "{migration.networks: [10.20.0.0/16, 'fd20::/64', 10.30.0.0/16]}",
     GATED_NETWORKS, [NETWORKS, SERVICE, ADD, NETWORKS]),
]


def costs(check, bench):
    check.part("one change")
    for jobs in ("never", "always"):
        for what, settings, networks, want, preflight, cost in COSTS:
            bench.declare({**SETTINGS, **settings}, networks, want)
            bench.begin(jobs)
            planned = bench.program.run("plan", "--out", "plan.json")
            bench.control("reset", {})
            said = bench.program.run("apply", "plan.json")
            check(f"{what}, jobs {jobs}: it is one change and made",
                  (planned.status, said.status) == (CHANGES, FINE) and "of 1\n" in said.out, f"{planned}\n{said}")
            check.same(f"{what}, jobs {jobs}: preflight {len(preflight)}, change {len(cost)}",
                       words_of(bench.control("log", None)), preflight + cost)


def nothing_twice(check, bench):
    """Every request of an apply loses its reply in turn, or is turned away; Bench.run counts what reached the host."""
    check.part("lost replies")
    bench.declare({**SETTINGS, "AuthenticationType": 0}, SUBNETS,
                  "{migration.max_live: 4, migration.authentication: kerberos, migration.networks: any}")
    bench.begin("never")
    bench.program.run("plan", "--out", "plan.json")
    bench.run("apply", "plan.json")
    requests = len(bench.control("log", None))
    for how in ("cut-before-reply", "cut-in-reply", "busy"):
        wrong = []
        for k in range(1, requests + 1):
            bench.begin("never")
            bench.control("misbehave", {"how": how, "next": k})
            try:
                bench.run("apply", "plan.json")
            except Wrong as sent:
                wrong.append(f"request {k}: {sent}")
        check(f"nothing that acts is sent twice when one of {requests} requests meets {how}", not wrong,
              "\n".join(wrong))


def changes(check, _):
    bench = Bench(check, Host("hv02", 1), "to any")
    costs(check, bench)
    nothing_twice(check, bench)


def prepare(program):
    program.shipped("kerberos-live-migration")
    outside.ldif(SERVER)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, audits, moves, other_sign_ons, changes))
