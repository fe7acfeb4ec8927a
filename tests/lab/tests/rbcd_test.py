#!/usr/bin/python3
"""Is resource-based delegation written as Samba's tools read it, taken back byte for byte, and as the KDC sees it?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/rbcd_test.py

Descriptors are read with Samba's own parser and samba-tool; tickets are asked for with MIT's tools.
"""
import itertools
import os
import sys

import outside
from descriptors import ATTRIBUTE, FOREIGN, FULL, entries, made, put, raw, sids
from loop_tools import CHANGES, FINE, NAMES, RECREATED, policy, run_parts

DOMAIN = outside.lab("DOMAIN")
PAIRS = list(itertools.permutations(NAMES, 2))
# Samba 4.17 was built with Heimdal, which refuses. Where this turns out otherwise, set it to True: then the KDC must agree
# with the program on every pair.
KDC_HONOURS = False


def samba_tool(*arguments):
    dc = outside.lab("DCS").split()[0]
    return outside.tool("samba-tool", "delegation", *arguments, "-s", f"{outside.lab('DIR')}/{dc}/etc/smb.conf",
                        "-H", f"ldap://{outside.lab('DC')}", "--use-kerberos=required",
                        f"--use-krb5-ccache={os.environ['KRB5CCNAME']}")


def foreign_descriptor(known):
    """As others may have left it: a group, somebody who is gone, and HV01 with the one right that counts."""
    return made(("0xf01ff", known["Domain Users"]), ("CR", FOREIGN), ("CR", known["HV01$"]))


def shown(said, host):
    return next(f for f in said["findings"]
                if f["object"] == host and f["setting"] == "delegation.allowed_principals")["held"]


def judged(program, source, target):
    """What the program says of the pair's delegation: list, resource, closed, or nothing that a KDC could confirm."""
    said = program.run("explain", source, target, "--output", "json").json()["path"]
    conditions = {c["name"]: c for c in said["conditions"]}
    both = [conditions[name] for name in ("delegation", "protocol transition")]
    if any("CredSSP" in c["evidence"] for c in both):
        return None
    states = {c["state"] for c in both}
    if states == {"open"}:
        return "resource" if "resource-based" in both[0]["evidence"] else "list"
    return "closed" if "closed" in states else None


def granted(source, target):
    """Whether the KDC grants both names of cifs, and its words otherwise."""
    words = ""
    for name in (target, f"{target.lower()}.{DOMAIN}"):
        yes, words = outside.s4u(source.lower(), "cifs/" + name)
        if not yes:
            return False, words.strip()
    return True, words


def as_the_kdc(check, program, when, wanted):
    """Pairs that the program judges, and by which form; whether the KDC agrees, as far as it knows that form."""
    forms, differ = [], []
    for source, target in PAIRS:
        form = judged(program, source, target)
        if form is None:
            continue
        forms.append(form)
        yes, words = granted(source, target)
        if yes != (form == "list" or (form == "resource" and KDC_HONOURS)):
            differ.append((source, target, form, words))
    check.same(f"{when}: so many pairs are judged in each way", {form: forms.count(form) for form in set(forms)}, wanted)
    check(f"{when}: the KDC agrees", not differ, "\n        ".join(map(str, differ)))


def the_kdcs_word(check):
    """With a descriptor that Samba itself wrote: what does the KDC make of it?"""
    samba_tool("add-principal", "HV04$", "HV01$")
    yes, words = outside.s4u("hv01", "cifs/HV04")
    check.same("the KDC takes samba-tool's own descriptor as this test expects", yes, KDC_HONOURS)
    if not KDC_HONOURS:
        check.says("and says that it knows no such option", words, "KDC can't fulfill requested option")


def plans_and_applies(check, program, known):
    told = program.expect(CHANGES, "audit", "--all", "--output", "json")
    check.says("the level of the domain controller is warned of", told.err, "functional level 4", "before Windows Server 2012")
    audit = told.json()
    check.same("names are shown, and a SID only of whom nobody knows", shown(audit, "HV03"), sorted(["Domain Users", "HV01$", FOREIGN]))
    check.same("nothing where there is none", shown(audit, "HV01"), [])
    said = program.expect(CHANGES, "plan", "--out", "plan.json", "--output", "json").json()["plan"]
    changes = [(c["object"], tuple(c["add"]), tuple(c["remove"])) for phase in said["phases"] for c in phase["changes"]
               if c["setting"] == "delegation.allowed_principals"]
    check.same("each host shall admit its peers, and others stay", changes,
               [(h, tuple(f"{p}$" for p in NAMES if p != h and (h, p) != ("HV03", "HV01")), ()) for h in NAMES])
    text = program.expect(FINE, "show", "plan.json").out
    check.says("the command that is shown names all that shall stand", text,
               f"-PrincipalsAllowedToDelegateToAccount 'Domain Users','HV01$','HV02$','HV04$','{FOREIGN}'")
    return program.expect(FINE, "apply", "plan.json", "--output", "json").json()["applied"]


def written(check, known, before):
    for host in NAMES:
        peers = [f"{p}$" for p in NAMES if p != host]
        listed = [f"{ATTRIBUTE}: {outside.dn(p)}" for p in NAMES if p != host]
        if host == "HV03":
            wanted = entries(before["HV03"]) + [(0, FULL, known[p]) for p in peers if p != "HV01$"]
        else:
            wanted = [(0, FULL, known[p]) for p in peers]
        check.same(f"{host}: Samba's parser reads what was planned, the others' entries first and untouched",
                   entries(raw(outside.dn(host))), wanted)
        said = samba_tool("show", host + "$")
        check(f"{host}: samba-tool names the peers", all(line in said.splitlines() for line in listed), said)


def prepare(program):
    program.inventory("inventory.yaml")
    program.shipped("resource-based-live-migration")


def there_and_back(check, program):
    check.part("before anything")
    known = sids()
    put(outside.dn("HV03"), foreign_descriptor(known))
    as_the_kdc(check, program, "before", {"list": 3, "closed": 6})
    before, bytes_before = outside.world(), {host: raw(outside.dn(host)) for host in NAMES}

    check.part("plan and apply")
    applied = plans_and_applies(check, program, known)
    check.same("all was written", (applied["ending"], applied["left"]), ("complete", 0))
    written(check, known, bytes_before)
    audit = program.expect(FINE, "audit", "--all", "--output", "json").json()
    check.same("every path is open", audit["paths"], {"open": 12, "closed": 0, "unknown": 0})
    said = program.expect(FINE, "explain", "HV01", "HV02").out
    check.says("and it is said what that rests on", said, "resource-based", "nobody has shown")
    as_the_kdc(check, program, "after", {"resource": 12})

    check.part("the mixture that breaks both")
    outside.modify("HV01", ("add", "msDS-AllowedToDelegateTo", "MSSQLSvc/sql01:1433"))
    said = program.expect(CHANGES, "explain", "HV01", "HV02").out
    check.says("a foreign list without protocol transition closes the host's paths", said, "not forwardable")
    as_the_kdc(check, program, "with the mixture", {"closed": 3, "resource": 9})
    outside.modify("HV01", ("delete", "msDS-AllowedToDelegateTo", "MSSQLSvc/sql01:1433"))

    check.part("somebody else")
    program.write("less.yaml", policy("delegation.allowed_principals: ['HV01$']", on="{name: HV02}"))
    program.expect(CHANGES, "plan", "--policy", "less.yaml", "--out", "less.json")
    kept = raw(outside.dn("HV02"))
    samba_tool("add-principal", "HV02$", "reader")
    said = program.expect(FINE, "apply", "less.json")
    check.says("what others changed is told", said.out, "others changed other values since the plan was made", "came reader")
    check("what somebody else admitted stays", known["reader"] in [sid for _, _, sid in entries(raw(outside.dn("HV02")))])
    program.expect(FINE, "rollback", program.last_run())
    samba_tool("del-principal", "HV02$", "reader")
    put(outside.dn("HV02"), kept)

    check.part("rollback")
    program.expect(FINE, "rollback", applied["run"])
    check.same("the descriptors are byte for byte as before", {host: raw(outside.dn(host)) for host in NAMES}, bytes_before)
    # The delegation lists went and came back; which value comes first is the server's affair.
    check.same("and so are directory and hosts, but for the order of values",
               [line for line in outside.differences(before, outside.world(), RECREATED)
                if not line.endswith("the same values in another order")], [])
    check.part("the KDC's word")
    the_kdcs_word(check)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, there_and_back))
