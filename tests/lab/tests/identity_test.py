#!/usr/bin/python3
"""Is a name granted only where the directory says whose it is? A host under another full name, accounts that claim the
names of others, accounts that are no hosts, and accounts that are others by the time of the apply.

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/identity_test.py

Witnesses: the delegation lists and the owners of names by ldapsearch, and the tickets that the KDC grants for every service
name that anybody holds. Conflicts that the controller refuses over LDAP are written below its checks, as replication does.
"""
import base64
import itertools
import os
import re
import secrets
import subprocess
import sys
import tempfile

from samba.dcerpc import security
from samba.ndr import ndr_unpack

import found_test
import outside
from loop_tools import (CHANGES, CHANGES_UNREAD, FINE, NAMES, PARTLY_APPLIED, STALE, TRANSPORTS,
                        UNREACHABLE, policy, run_parts)
from spn_test import forest, full, holders, lines

DOMAIN, REALM, BASE, DC, OU = (outside.lab(name) for name in ("DOMAIN", "REALM", "BASE_DN", "DC", "OU"))
LIST, MIGRATION = "msDS-AllowedToDelegateTo", "Microsoft Virtual System Migration Service"
WANT = ("delegation.services: {includes: {services: [cifs, migration], of: peers}}, delegation.protocol_transition: true, "
        "spn.migration: present")
OTHER, LONG = "hv02.servers.example", f"hv02-in-the-second-row.{DOMAIN}"
CLAIMS = {"a controller's name": DC, "a peer's name": full("HV03"), "the domain's name": DOMAIN}


# -- the directory, by other hands -----------------------------------------------------------------------------------

def replace(dn, attribute, *values):
    outside.ldif(f"dn: {dn}\nchangetype: modify\nreplace: {attribute}\n" + "".join(f"{attribute}: {v}\n" for v in values))

def join(name, account=None, dns=None, spns=()):
    """A computer's account as a join leaves it, with a key that is in its keytab; its distinguished name."""
    password = base64.b64encode(f'"Aa1-{secrets.token_urlsafe(24)}"'.encode("utf-16-le")).decode()
    outside.ldif(f"dn: CN={name},{OU}\nchangetype: add\nobjectClass: computer\nsAMAccountName: {account or name + '$'}\n"
                 f"userAccountControl: 4096\ndNSHostName: {dns or full(name)}\nunicodePwd:: {password}\n"
                 + "".join(f"servicePrincipalName: {spn}\n" for spn in spns))
    if account:
        return f"CN={name},{OU}"
    keytab = keytab_of(name)
    if os.path.exists(keytab):
        os.remove(keytab)
    outside.tool("samba-tool", "domain", "exportkeytab", keytab, f"--principal={name}$@{REALM}", "-s",
                 f"{outside.lab('DIR')}/{outside.lab('DCS').split()[0]}/etc/smb.conf")
    return f"CN={name},{OU}"


def keytab_of(name):
    return f"{outside.lab('KEYS')}/{name.lower()}.keytab"


def delegations():
    """{(account, value without case)} of the whole domain."""
    out, account = set(), ""
    for line in outside.search(BASE, f"({LIST}=*)", "sAMAccountName", LIST).splitlines():
        name, _, value = line.partition(": ")
        account = value if name == "dn" else account
        if name == LIST:
            out.add((account, value.lower()))
    return out


# -- the KDC ---------------------------------------------------------------------------------------------------------

def askable(accounts):
    """Every service name that anybody holds, and those that are served through HOST (sPNMappings); none with a blank."""
    names = {name for _, _, held in accounts for name in held}
    names |= {f"{service}/{name.partition('/')[2]}" for name in names if name.lower().startswith("host/")
              for service in ("cifs", "HTTP")}
    names |= {f"{service}/{name}" for name in (DC, DOMAIN, OTHER, LONG, full("HV02")) for service in ("cifs", "ldap")}
    return sorted({name.lower(): name for name in names if " " not in name}.values())


def tickets():
    """{(source, service name without case)} for which the KDC gives a ticket in the operator's name."""
    accounts = forest()
    sources = [a.rstrip("$") for a, _, _ in accounts if os.path.exists(keytab_of(a.rstrip("$")))]
    names, out = askable(accounts), set()
    for source in sources:
        with tempfile.TemporaryDirectory() as folder:
            mine = {**os.environ, "KRB5CCNAME": f"FILE:{folder}/cache"}
            outside.tool("kinit", "-k", "-t", keytab_of(source), f"{source}$", env=mine)
            subprocess.run(["kvno", "-k", keytab_of(source), "-U", outside.lab("OPERATOR"), "-P",
                            *(f"{name}@{REALM}" for name in names)], env=mine, capture_output=True,
                           timeout=outside.PATIENCE, check=False)
            listed = outside.tool("klist", env=mine)
        for service in re.findall(rf"(\S+)@{REALM}\n\tfor client {outside.lab('OPERATOR')}@", listed):
            if service.lower() != f"{source.lower()}$":
                out.add((source, service.lower()))
    return out


# -- there and back --------------------------------------------------------------------------------------------------

def intended(full_names=None, without=(), apart=()):
    """{(source, service, name without case)} of the four hosts' pairs; nobody gets a name of `without` (hosts, or names),
    and hosts that are `apart` get nothing besides."""
    names = {host: (full_names or {}).get(host, full(host)) for host in NAMES}
    return {(source, service, name.lower()) for source, target in itertools.permutations(NAMES, 2)
            for service in ("cifs", MIGRATION) for name in (target, names[target])
            if not {source, target} & set(apart) and not {target, name} & set(without)}


def says(check, what, said, *words):
    """In the text, however its lines are broken."""
    check.says(what, " ".join((said.out + said.err).split()), *words)


def exactly(check, what, got, wanted):
    check(what, got == wanted, f"too many: {sorted(got - wanted)}\n        missing:  {sorted(wanted - got)}")


def there_and_back(check, program, what, wanted, *words, audit=CHANGES, after=FINE):
    """Audit, plan, apply, rollback: exactly the wanted values and tickets come, and go."""
    before, lists, granted = lines(), delegations(), tickets()
    says(check, f"{what}: the audit says why", program.expect(audit, "audit"), *words)
    says(check, f"{what}: the plan too", program.expect(CHANGES, "plan", "--out", "plan.json"), *words)
    run = program.expect(FINE, "apply", "plan.json", "--output", "json").json()["applied"]["run"]
    fresh = delegations() - lists
    exactly(check, f"{what}: exactly these values are new", fresh,
            {(outside.dn(source), f"{service}/{name}".lower()) for source, service, name in wanted})
    held = holders(forest())
    check.same(f"{what}: the directory gives each of them to one peer alone",
               sorted(value for _, value in fresh if owner_of(held, value) not in {f"{name}$" for name in NAMES}), [])
    check.same(f"{what}: nobody lost one", lists - delegations(), set())
    exactly(check, f"{what}: exactly these tickets are new", tickets() ^ granted,
            {(source, f"cifs/{name}") for source, service, name in wanted if service == "cifs"})
    program.expect(after, "audit")
    program.expect(FINE, "rollback", run)
    check.same(f"{what}: after the rollback the directory is as it was", lines() ^ before, set())
    check.same(f"{what}: and the KDC grants what it granted", tickets(), granted)


def owner_of(held, value):
    """The one account that holds the name, or is served it through HOST; None: nobody, or several."""
    service, _, host = value.partition("/")
    owners = held.get(value) or (held.get(f"host/{host}", set()) if service == "cifs" else set())
    return next(iter(owners)) if len(owners) == 1 else None


def listed(program, **more):
    """An inventory that lists the hosts; more: what is said of one besides, like hv02="dns: …"."""
    reach = TRANSPORTS["sealed"].format(PORT=outside.lab("PORT"))
    hosts = ", ".join(f"{{name: {name}{', ' + more[name.lower()] if name.lower() in more else ''}}}" for name in NAMES)
    program.write("inventory.yaml", f"estate: lab\ndirectory: {{domain: {DOMAIN}, servers: [{DC}], bind: gssapi}}\nhosts:\n"
                                    f"  reach: {reach}\n  list: [{hosts}]\nmigration_domains:\n"
                                    f"  - {{name: lab, hosts: [{', '.join(NAMES)}]}}\n")


def found(program):
    found_test.inventory(program, f"{{base: '{OU}', migration_domain: lab}}")


# -- the parts -------------------------------------------------------------------------------------------------------

def in_order(check, program):
    check.part("in order")
    listed(program)
    there_and_back(check, program, "in order", intended())


def other_name(check, program, name, suffix, helps):
    """Samba renames the service names with dNSHostName, so that the new name is the host's, and the old one nobody's.
    helps: allowing the suffix confirms the name, because what stands before it is the account's own name."""
    check.part(f"the directory knows HV02 as {name}")
    replace(outside.dn("hv02"), "dNSHostName", name)
    refusal = [f"the directory knows HV02$ as {name}, the inventory as {full('HV02')}", f"write `dns: {name}` for HV02",
               *(["or allow its suffix by msDS-AllowedDNSSuffixes of the domain"] if helps else [])]
    right, doubtful = intended({"HV02": name}), intended(without=["HV02"])
    outside.become("operator", os.environ["KRB5CCNAME"])  # no ticket for the old name
    listed(program)
    there_and_back(check, program, f"{name}, confirmed by nobody", doubtful, *refusal, after=CHANGES)
    replace(BASE, "msDS-AllowedDNSSuffixes", suffix)
    there_and_back(check, program, f"{name}, with the suffix allowed", *([right] if helps else [doubtful, *refusal]),
                   after=FINE if helps else CHANGES)
    replace(BASE, "msDS-AllowedDNSSuffixes", "elsewhere.example")
    there_and_back(check, program, f"{name}, with another suffix allowed", doubtful, *refusal, after=CHANGES)
    replace(BASE, "msDS-AllowedDNSSuffixes")
    listed(program, hv02=f"dns: {name}")
    there_and_back(check, program, f"{name}, as the inventory says", right)
    replace(outside.dn("hv02"), "dNSHostName", full("HV02"))


def other_names(check, program):
    with open(f"{outside.lab('DIR')}/hosts", "a", encoding="utf-8") as file:
        file.write(f"127.0.10.2 {OTHER} {LONG}\n")
    other_name(check, program, OTHER, "servers.example", helps=True)
    other_name(check, program, LONG, DOMAIN, helps=False)

def claims(check, program):
    """Whoever may write dNSHostName of an account writes somebody else's name there. A claim to a host's name puts a claimant
    that was found out of the estate."""
    for what, claim in CLAIMS.items():
        check.part(f"a computer claims {what}")
        outside.replicate(outside.dn("hv04"), "dNSHostName", claim)
        refusal = [f"the directory knows HV04$ as {claim}, the inventory as {full('HV04')}"]
        left_out = ["claims the full name of host HV03"] if claim == full("HV03") else None
        listed(program)
        there_and_back(check, program, f"{what}, by a listed host", intended(without=["HV04"]), *refusal, after=CHANGES)
        found(program)
        there_and_back(check, program, f"{what}, by a found host", intended(**{"apart" if left_out else "without": ["HV04"]}),
                       *(left_out or refusal), after=CHANGES)
        outside.replicate(outside.dn("hv04"), "dNSHostName", full("HV04"))
        evil = join("EVIL", spns=["HOST/EVIL", f"HOST/{full('EVIL')}"])
        outside.replicate(evil, "dNSHostName", claim)
        unseen = {} if left_out else {"audit": CHANGES_UNREAD, "after": CHANGES_UNREAD}
        there_and_back(check, program, f"{what}, by a computer in the OU", intended(),
                       *(left_out or ["EVIL was found by a search and was not seen to be a Hyper-V host"]),
                       **{"after": CHANGES, **unseen})
        outside.remove(evil)


def believed(check, program):
    """Even where the inventory says what the claim says, the name stays its holder's."""
    check.part("the inventory repeats the claim")
    outside.replicate(outside.dn("hv04"), "dNSHostName", DC)
    listed(program, hv04=f"dns: {DC}")
    there_and_back(check, program, "a controller's name in the inventory", intended(without=[DC, full("HV04")]),
                   f"the directory does not give cifs/{DC}", f"{MIGRATION}/{DC} to HV04$ alone, so it is written nowhere",
                   "`fairway spn HV04`", after=CHANGES)
    outside.replicate(outside.dn("hv04"), "dNSHostName", full("HV04"))


def no_hosts(check, program):
    """What is in the OU and is no Hyper-V host: a file server, and what replication leaves of two accounts of one name."""
    check.part("a file server in the OU")
    found(program)
    server = join("FILES", spns=["HOST/FILES", f"HOST/{full('FILES')}", "cifs/FILES"])
    there_and_back(check, program, "a file server", intended(), "FILES was found by a search and was not seen to be a "
                   "Hyper-V host, so it gets and gives nothing", "list it by name", audit=CHANGES_UNREAD, after=UNREACHABLE)
    outside.remove(server)
    check.part("a conflict object")
    conflict = join("HV02\\0ACNF:11111111-2222-3333-4444-555555555555", account="$DUPLICATE-451", dns=full("HV02"))
    there_and_back(check, program, "a conflict object", intended(), conflict, "another account has its name", after=CHANGES)
    outside.replicate(conflict, "servicePrincipalName", "HOST/HV02", f"{MIGRATION}/{full('HV02')}")
    there_and_back(check, program, "a conflict object that holds names of the host",
                   {(source, service, name) for source, service, name in intended()
                    if (service, name) not in (("cifs", "hv02"), (MIGRATION, full("HV02")))},
                   conflict, "the directory does not give cifs/HV02", "to HV02$ alone", "`fairway spn HV02`", after=CHANGES)
    outside.remove(conflict)


def taken_meanwhile(check, program):
    """Somebody takes a name that the plan was to grant: apply asks again, and writes nothing."""
    check.part("a name that is taken between plan and apply")
    listed(program)
    program.expect(CHANGES, "plan", "--out", "plan.json")
    evil = join("EVIL")
    outside.replicate(evil, "servicePrincipalName", f"cifs/{full('HV03')}")
    before = lines()
    says(check, "whose name, and what shows the holder", program.expect(STALE, "apply", "plan.json"),
         f"the directory no longer gives cifs/{full('HV03')} to HV03$ alone", "`fairway spn HV03` shows who holds it")
    check.same("nothing was written", lines() ^ before, set())
    outside.remove(evil)


def sid(host):
    said = outside.search(outside.dn(host), "-s", "base", "(objectClass=*)", "objectSid")
    return str(ndr_unpack(security.dom_sid, base64.b64decode(said.partition("objectSid:: ")[2].split()[0])))


def renamed():
    """HV02's computer gets another name, as Windows does it: the service names follow."""
    dn = outside.dn("hv02")
    outside.ldif(f"dn: {dn}\nchangetype: modrdn\nnewrdn: CN=HV02-OLD\ndeleteoldrdn: 1\n")
    replace(f"CN=HV02-OLD,{OU}", "dNSHostName", full("HV02-OLD"))
    replace(f"CN=HV02-OLD,{OU}", "sAMAccountName", "HV02-OLD$")


def another_account(check, program):
    """By the time of an apply, or of a rollback, another account has HV02's name."""
    check.part("another account under the name")
    names, old = outside.values("hv02", "servicePrincipalName"), sid("hv02")
    listed(program)
    program.expect(CHANGES, "plan", "--out", "plan.json")
    renamed()
    join("HV02", spns=names)
    before, new = lines(), sid("hv02")
    says(check, "apply names both accounts", program.expect(STALE, "apply", "plan.json"),
         f"computer HV02: the name belongs to another account now ({new}; the plan was made for {old}): it was renamed, or "
         "deleted and joined again; make a fresh plan")
    check.same("nothing was written", lines() ^ before, set())
    program.expect(CHANGES, "plan", "--out", "plan.json")
    run = program.expect(FINE, "apply", "plan.json", "--output", "json").json()["applied"]["run"]
    outside.remove(outside.dn("hv02"))
    join("HV02", spns=names)
    outside.modify("hv02", ("add", LIST, "cifs/HV01"))  # a value that the run gave to the account before
    said = program.expect(PARTLY_APPLIED, "rollback", run)
    says(check, "the rollback names both too", said,
         f"computer HV02: the name belongs to another account now ({sid('hv02')}; the plan was made for {new})")
    check.same("it leaves the new account as it is, and takes back the rest", delegations(),
               {(outside.dn("hv02"), "cifs/hv01")})


def prepare(program):
    program.write("policy.yaml", policy(WANT))
    for host in outside.HOSTS:
        replace(outside.dn(host), LIST)  # what the estate has planted there would hide what is new
        outside.control(host, "third-hand", {"settings": {"EnableVirtualSystemMigration": True, "AuthenticationType": 1},
                                             "networks": ["any"]})


if __name__ == "__main__":
    sys.exit(run_parts(prepare, in_order, other_names, claims, believed, no_hosts, taken_meanwhile,
                       another_account))
