#!/usr/bin/python3
"""Does `fairway spn` see what is wrong with the names of a real forest, and everything that is?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/spn_test.py

What it says is held against a judgement of this file's own, made from an ldapsearch of the global catalogue.
"""
import base64
import os
import shutil
import sys
from contextlib import contextmanager

import outside
from directory_relay import Tap
from loop_tools import CHANGES, CHANGES_UNREAD, FINE, NAMES, STALE, UNREACHABLE, policy, run_parts

DOMAIN, BASE, DC = outside.lab("DOMAIN"), outside.lab("BASE_DN"), outside.lab("DC")
MIGRATION, REPLICA = "Microsoft Virtual System Migration Service", "Hyper-V Replica Service"
HYPERV = [MIGRATION.lower(), REPLICA.lower(), "microsoft virtual console service"]


def full(host):
    return f"{host.lower()}.{DOMAIN}"


# -- the judgement of this file's own --------------------------------------------------------------------------------

def forest():
    """Every account of the forest with service principal names: account, what it is called, its names."""
    said = outside.tool("ldapsearch", "-Q", "-N", "-Y", "GSSAPI", "-LLL", "-o", "ldif-wrap=no", "-E", "pr=500/noprompt",
                        "-H", f"ldap://{DC}:3268", "-b", "", "(servicePrincipalName=*)", "sAMAccountName", "dNSHostName",
                        "servicePrincipalName")
    out = []
    for entry in said.split("\n\n"):
        values = {}
        for line in entry.splitlines():
            name, _, value = line.partition(":")
            text = base64.b64decode(value[1:]).decode() if value.startswith(":") else value[1:]
            values.setdefault(name, []).append(text)
        if "sAMAccountName" in values:
            out.append((values["sAMAccountName"][0], values.get("dNSHostName", [""])[0], values["servicePrincipalName"]))
    return out


def holders(accounts):
    out = {}
    for account, _, names in accounts:
        for name in names:
            out.setdefault(name.lower(), set()).add(account)
    return out


def state(held, host, service, name):
    """How the host stands with service/name."""
    mine, itself = f"{host}$", held.get(f"{service}/{name}".lower(), set())
    through = set() if service in (MIGRATION, "HOST") else held.get(f"host/{name}".lower(), set())
    if len(itself) > 1 or (not itself and len(through) > 1 and mine in through):
        return "duplicate"
    if itself:
        return "registered" if itself == {mine} else "duplicate" if mine in through else "elsewhere"
    return "missing" if not through else "aliased" if through == {mine} else "elsewhere"


def states(held):
    out = {}
    for host in NAMES:
        for service in (MIGRATION, "HOST", "cifs", "HTTP"):
            for name in [full(host)] if service == "HTTP" else [host, full(host)]:
                out[f"{service}/{name}"] = state(held, host, service, name)
    return out


def ghosts(accounts):
    """Names of Hyper-V's services that speak of a computer that nobody is."""
    known = {account.rstrip("$").lower() for account, _, _ in accounts} | {dns.lower() for _, dns, _ in accounts}
    return {name for _, _, names in accounts for name in names
            if name.lower().partition("/")[0] in HYPERV and name.lower().partition("/")[2] not in known}


# -- what is planted -------------------------------------------------------------------------------------------------

def account(name, *names, kind="user", flags=0x220):
    """A new account without a password."""
    outside.ldif(f"dn: CN={name},CN=Users,{BASE}\nchangetype: add\nobjectClass: {kind}\nsAMAccountName: {name}\n"
                 f"userAccountControl: {flags}\n" + "".join(f"servicePrincipalName: {one}\n" for one in names))
    return f"CN={name},CN=Users,{BASE}"


def replicate(dn, name, verb="add"):
    outside.replicate(dn, "servicePrincipalName", name, verb=verb)


# -- the checks ------------------------------------------------------------------------------------------------------

def names(check, program, status, *arguments):
    said = program.expect(status, "spn", *arguments, "-i", "inventory.yaml", "--output", "json")
    return said.json()["service_names"]


def agrees(check, what, seen):
    accounts = forest()
    held = holders(accounts)
    check.same(f"{what}: every name of every host is as ldapsearch has it",
               {one["name"]: one["state"] for host in seen["hosts"] for one in host["names"]}, states(held))
    said = {}
    for one in seen["findings"]:
        if one["fault"] == "duplicate":
            for name in one["names"]:
                said[name.lower()] = {holder["account"] for holder in one["holders"]}
    check.same(f"{what}: every duplicate of the forest is told with all its owners", said,
               {name: owners for name, owners in held.items() if len(owners) > 1})
    check.same(f"{what}: every ghost is told",
               {name for one in seen["findings"] if one["fault"] == "ghost" for name in one["names"]}, ghosts(accounts))


def faults(seen):
    return sorted((one["fault"], one.get("host", ""), ",".join(one["names"]),
                   ",".join(holder["account"] for holder in one["holders"])) for one in seen["findings"]
                  if one["fault"] != "stale_delegation")


def stale(seen):
    return [(one["host"], sorted(one["names"])) for one in seen["findings"] if one["fault"] == "stale_delegation"]


def as_it_comes(check, program):
    check.part("as it comes")
    seen = names(check, program, CHANGES)
    check("the global catalogue was asked", seen["whole_forest"] and "global catalogue" in seen["source"], str(seen))
    check.same("one fault is planted", faults(seen), [("missing", "HV04", f"{MIGRATION}/HV04", "")])
    foreign = [one for one in outside.values("hv01", "msDS-AllowedToDelegateTo") if "sql01" in one]
    check.same("and a list that speaks of a computer that nobody is", stale(seen), [("HV01", sorted(foreign))])
    agrees(check, "as it comes", seen)
    check.same("a host in order has none", names(check, program, FINE, "hv02", "HV03")["findings"], [])
    said = program.expect(CHANGES, "spn", "HV04", "-i", "inventory.yaml")
    check.says("the text shows what serves cifs, and how to fix it", said.out, "served by HOST/HV04", "spn.migration",
               f'setspn -S "{MIGRATION}/HV04" HV04')
    outside.become("reader", os.path.join(program.path, "reader.ccache"))
    reader = program.run("spn", "-i", "inventory.yaml", "--output", "json", KRB5CCNAME=program.file("reader.ccache"))
    check("any account of the domain sees the same", reader.json()["service_names"] == seen, str(reader))


def over_tls(check, program):
    check.part("over tls")
    plain = names(check, program, CHANGES)
    with open(program.file("inventory.yaml"), encoding="utf-8") as file:
        text = file.read()
    for tls, port in (("ldaps", 636), ("starttls", 389)):
        program.write("tls.yaml", text.replace("bind: gssapi", f"bind: gssapi, tls: {tls}, port: {port}, ca: {outside.lab('CA')}"))
        said = program.expect(CHANGES, "spn", "-i", "tls.yaml", "--output", "json")
        check(f"the catalogue says the same by {tls}", said.json()["service_names"] == plain, str(said))


def planted(check, program):
    check.part("planted")
    svc = account("svc", f"{MIGRATION}/HV04", f"{REPLICA}/HV99", f"{REPLICA}/hv99.{DOMAIN}", "MSSQLSvc/sql01:1433",
                  f"{REPLICA}/DC01")
    account("files", f"cifs/{full('HV03')}")
    account("OLD$", f"{REPLICA}/OLD", kind="computer", flags=0x1022)
    replicate(outside.dn("hv02"), f"{MIGRATION}/HV01")
    replicate(svc, f"{MIGRATION}/HV01")
    replicate(outside.dn("hv01"), "mssqlsvc/SQL01:1433")
    seen = names(check, program, CHANGES)
    wanted = [
        ("alias_duplicate", "HV03", f"cifs/{full('HV03')}", "files"),
        ("disabled", "", f"{REPLICA}/OLD", "OLD$"),
        ("duplicate", "HV01", f"{MIGRATION}/HV01", "HV01$,HV02$,svc"),
        ("duplicate", "HV01", "mssqlsvc/SQL01:1433", "HV01$,svc"),
        ("elsewhere", "", f"{REPLICA}/DC01", "svc"),  # somebody, who has nothing to do with Hyper-V
        ("elsewhere", "HV04", f"{MIGRATION}/HV04", "svc"),
        ("ghost", "", f"{REPLICA}/HV99", "svc"),
        ("ghost", "", f"{REPLICA}/hv99.{DOMAIN}", "svc"),
    ]
    check.same("each planted fault is told, with every owner", faults(seen), wanted)
    agrees(check, "with faults", seen)
    check("no duplicate is repaired by guess",
          not [c for one in seen["findings"] if one["fault"] == "duplicate" for c in one["commands"] if "-D" in c], "")
    one = names(check, program, CHANGES, "HV04")
    check.same("one host is told of itself alone", faults(one), [("elsewhere", "HV04", f"{MIGRATION}/HV04", "svc")])
    # Held by a host of ours, a spelling that nobody asks for concerns that host.
    replicate(outside.dn("hv02"), "Microsoft%20Virtual%20System%20Migration%20Service/HV02")
    odd = [f for f in names(check, program, CHANGES, "HV02")["findings"] if f["fault"] == "malformed"]
    check("an escaped name is told", len(odd) == 1 and "the escape %20" in odd[0]["because"], str(odd))
    outside.modify("hv02", ("delete", "servicePrincipalName", "Microsoft%20Virtual%20System%20Migration%20Service/HV02"))


def refused(check, program):
    """A name that somebody else holds is not planned, and the plan says where to look."""
    check.part("refused")
    said = program.expect(CHANGES, "plan", "--out", "plan.json")
    check.says("and `fairway spn` is named", said.out, f"does not give {MIGRATION}/HV04 to HV04$ alone", "`fairway spn HV04`")
    program.expect(FINE, "apply", "plan.json")
    check("nothing was written", f"{MIGRATION}/HV04" not in outside.values("hv04", "servicePrincipalName"), str(said))


def nobody_knows(check, program):
    """Without a catalogue, what a policy would have gone may be somebody's in another domain."""
    program.write("vanished.yaml", policy("delegation.services: {without: vanished}"))
    found = program.expect(CHANGES_UNREAD, "audit", "--policy", "vanished.yaml", "--output", "json").json()["findings"]
    check.same("who is gone is unknown", [(one["object"], one["verdict"]) for one in found
               if one["verdict"] != "compliant"], [("HV01", "unknown")])
    plan = program.expect(UNREACHABLE, "plan", "--policy", "vanished.yaml", "--output", "json").json()["plan"]
    check("and nothing of it is planned, with the reason", plan["phases"] == [] and
          f"only the domain {DOMAIN} was searched" in plan["notes"][0]["because"], str(plan))


@contextmanager
def without_catalogue():
    """The controller's name leads to an address where only 389 is passed on."""
    hosts, address = f"{outside.lab('DIR')}/hosts", "127.0.0.99"
    shutil.copy(hosts, hosts + ".kept")
    with open(hosts, encoding="utf-8") as file:
        lines = file.read().splitlines()
    with open(hosts, "w", encoding="utf-8") as file:
        file.write("".join(f"{address + line[line.index(chr(9) if chr(9) in line else ' '):] if DC in line.split() else line}\n"
                           for line in lines))
    try:
        with Tap(place=(address, 389)):
            yield
    finally:
        with open(hosts + ".kept", encoding="utf-8") as kept, open(hosts, "w", encoding="utf-8") as file:
            file.write(kept.read())


def one_domain(check, program):
    check.part("one domain")
    before = names(check, program, CHANGES)
    with without_catalogue():
        seen = names(check, program, CHANGES)
        said = program.run("spn", "-i", "inventory.yaml")
        nobody_knows(check, program)
    check("without a catalogue it says that only the domain was searched",
          not seen["whole_forest"] and f"only the domain {DOMAIN} was searched" in seen["caveat"], str(seen))
    check.says("in the text too", said.out, f"! only the domain {DOMAIN} was searched", "no global catalogue answers")
    check.same("what can be seen from there is the same", faults(seen), faults(before))
    check.same("but a ghost is less sure", {f["severity"] for f in seen["findings"] if f["fault"] == "ghost"}, {"low"})


def lines():
    """What the directory holds; the order of values is the controller's own."""
    return {(name, line) for name, all_lines in outside.directory().items() for line in all_lines}


def gone_before_and_back(check, program):
    """A computer of that name is joined between the plan and its apply: the name may be its, so nothing is taken."""
    program.expect(CHANGES, "plan", "--policy", "vanished.yaml", "--out", "vanished.json")
    back = account("SQL01$", "HOST/sql01", f"HOST/{full('sql01')}", kind="computer", flags=0x1000)
    before = lines()
    said = program.expect(STALE, "apply", "vanished.json")
    check.says("what is somebody's again is not taken", said.err, "what is somebody's again: MSSQLSvc/sql01")
    check.same("nothing was written", lines() ^ before, set())
    found = program.expect(CHANGES, "audit", "--policy", "vanished.yaml", "--all", "--output", "json").json()["findings"]
    check.same("and nothing has vanished; only closed paths are told", {one["verdict"] for one in found}, {"compliant"})
    outside.remove(back)


def vanished(check, program):
    """What names a computer that nobody is goes by a policy, and nothing else; a rollback puts it back."""
    gone = [value for value in outside.values("hv01", "msDS-AllowedToDelegateTo") if "sql01" in value]
    check.same("two values speak of it", len(gone), 2)
    gone_before_and_back(check, program)
    program.expect(CHANGES, "plan", "--policy", "vanished.yaml", "--out", "vanished.json")
    before = lines()
    applied = program.expect(FINE, "apply", "vanished.json", "--output", "json").json()["applied"]
    check.same("ldapsearch sees just these values gone, in the whole domain", lines() ^ before,
               {(f"dn: {outside.dn('hv01')}", f"msDS-AllowedToDelegateTo: {value}") for value in gone})
    program.expect(FINE, "rollback", applied["run"])
    check.same("a rollback puts them back, and the directory is as it was", lines() ^ before, set())
    program.expect(CHANGES, "plan", "--policy", "vanished.yaml", "--out", "vanished.json")
    program.expect(FINE, "apply", "vanished.json")


def fixed(check, program):
    check.part("fixed")
    for name in ("svc", "files", "OLD$"):
        outside.remove(f"CN={name},CN=Users,{BASE}")
    replicate(outside.dn("hv02"), f"{MIGRATION}/HV01", "delete")
    replicate(outside.dn("hv01"), "mssqlsvc/SQL01:1433", "delete")
    check.same("the planted faults are gone", faults(names(check, program, CHANGES)),
               [("missing", "HV04", f"{MIGRATION}/HV04", "")])
    program.expect(CHANGES, "plan", "--out", "plan.json")
    program.expect(FINE, "apply", "plan.json")
    vanished(check, program)
    seen = names(check, program, FINE)
    check.same("what the policy fixes is in order afterwards", seen["findings"], [])
    agrees(check, "fixed", seen)


def prepare(program):
    program.write("policy.yaml", policy("spn.migration: present"))
    program.inventory("inventory.yaml")


if __name__ == "__main__":
    sys.exit(run_parts(prepare, as_it_comes, over_tls, planted, refused, one_domain, fixed))
