#!/usr/bin/python3
"""Do the hosts come out of the directory, by OU, by filter and by group, is a plan bound to those that came, and does an
odd account or a host that left end nothing?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/found_test.py
"""
import json
import sys

import outside
from loop_tools import CHANGES, FINE, NAMES, SERVER, TRANSPORTS, run_parts, transport

DOMAIN, BASE, DC, OU = outside.lab("DOMAIN"), outside.lab("BASE_DN"), outside.lab("DC"), outside.lab("OU")
GROUP, INNER = f"CN=Hyper-V (all)\\, lab,CN=Users,{BASE}", f"CN=rack-b,CN=Users,{BASE}"
DISABLED, ENABLED = 0x1002, 0x1000


def group(name, cn, *members):
    outside.ldif(f"dn: {name}\nchangetype: add\nobjectClass: group\nsAMAccountName: {cn}\n"
         + "".join(f"member: {member}\n" for member in members))


def computer(name, flags=DISABLED, account=None, dns="", ou=OU):
    """Its distinguished name. dns: what it says of itself, its name in the domain if nothing else is given; None: nothing."""
    outside.ldif(f"dn: CN={name},{ou}\nchangetype: add\nobjectClass: computer\n"
                 f"sAMAccountName: {account or name + '$'}\nuserAccountControl: {flags}\n"
                 + ("" if dns is None else f"dNSHostName: {dns or f'{name.lower()}.{DOMAIN}'}\n"))
    return f"CN={name},{ou}"


def inventory(program, found, more=""):
    reach = TRANSPORTS[transport()].format(**{key: outside.lab(key) for key in ("PORT", "TLS_PORT", "CA")})
    program.write("inventory.yaml", f"estate: lab\ndirectory: {{domain: {DOMAIN}, servers: [{DC}], bind: gssapi}}\n"
                                    f"hosts:\n  reach: {reach}\n  found: {found}\n{more}")


def audited(program):
    said = program.run("audit", "--all", "--output", "json")
    seen = said.json()
    return {f["object"] for f in seen.get("findings", [])}, {m["migration_domain"]: m["hosts"]
                                                           for m in seen.get("matrices", [])}, said


def finds(check, program, what, found, hosts, more=""):
    inventory(program, found, more)
    objects, domains, said = audited(program)
    check.same(what, objects, set(hosts))
    check.same(f"{what}: the migration domain", {name: sorted(of) for name, of in domains.items()}, {"lab": sorted(hosts)})
    check(f"{what}: all are read", '"unreadable"' not in said.out, str(said))


def searches(check, program):
    check.part("searches")
    finds(check, program, "by OU", f"{{base: '{OU}', migration_domain: lab}}", NAMES)
    finds(check, program, "by filter", "{filter: '(&(operatingSystem=Windows Server*)(name=HV*))', migration_domain: lab}",
          NAMES)
    group(INNER, "rack-b", *(outside.dn(host) for host in outside.HOSTS[2:]))
    group(GROUP, "hyperv-all", outside.dn(outside.HOSTS[0]), INNER)
    finds(check, program, "by group, through the group in it", f"{{group: '{GROUP}', migration_domain: lab}}",
          [NAMES[0], *NAMES[2:]])
    finds(check, program, "by two searches, each once",
          f"[{{group: '{INNER}', migration_domain: lab}}, {{base: '{OU}', migration_domain: lab}}]", NAMES)
    finds(check, program, "with one host in the list as well", f"{{base: '{OU}', migration_domain: lab}}", NAMES,
          f"  list: [{{name: {NAMES[0]}, tags: [first]}}]\n")
    outside.remove(GROUP)
    outside.remove(INNER)


def disabled(check, program):
    check.part("disabled accounts")
    computer("HV98")
    inventory(program, f"{{base: '{OU}', migration_domain: lab}}")
    objects, _, said = audited(program)
    check.same("a disabled account is left out", objects, set(NAMES))
    check.says("and told", said.err, "1 disabled account left out: HV98$")


def first_inventory(check, program):
    """HV98 is there, and disabled."""
    check.part("a first inventory of the directory")
    computer("HV97", ENABLED, dns=f"hv01.{DOMAIN}")
    stale = computer("HV96", ENABLED)
    outside.ldif(f"dn: {stale}\nchangetype: modify\nreplace: lastLogonTimestamp\nlastLogonTimestamp: 131000000000000000\n")
    for what, arguments, others in (("of the whole domain", [], []), ("of an OU", ["--base", OU], ["HV96", "HV97", "HV98"])):
        said = program.expect(FINE, "init", DOMAIN, "--controller", DC, *arguments, "--output", "json")
        proposed = said.json()["proposed"]
        listed = [one["name"] for one in proposed["computers"] if one["listed"]]
        check.same(f"{what}: the hosts", listed, sorted(NAMES))
        check.same(f"{what}: who is left out", [one["name"] for one in proposed["computers"] if not one["listed"]], others)
        check.same(f"{what}: one migration domain", [one["hosts"] for one in proposed["migration_domains"]], [sorted(NAMES)])
        check.same(f"{what}: by SID", [one["sid"][:9] for one in proposed["computers"] if one["listed"]], ["S-1-5-21-"] * len(NAMES))
    reasons = {one["name"]: " ".join(one["because"]) for one in proposed["computers"]}
    check.says("a disabled account", reasons["HV98"], "is disabled")
    check.says("an account that nobody uses", reasons["HV96"], "signed on ", " days ago for the last time")
    check.says("an account with a host's name", reasons["HV97"], f"claims the name hv01.{DOMAIN}")
    program.expect(FINE, "init", DOMAIN, "--controller", DC, "--base", OU, "--out", "first.yaml")
    check.says("the text is an inventory", program.expect(FINE, "check", "first.yaml").out, "first.yaml: inventory ok")
    said = program.run("init", DOMAIN, "--controller", DC, "--base", f"OU=Nowhere,{BASE}")
    check.says("an OU that is not there", said.err, "OU=Nowhere", "there is no such container")
    outside.remove(f"CN=HV97,{OU}")
    outside.remove(stale)


def bound_to_them(check, program):
    check.part("a plan of what was found")
    program.expect(CHANGES, "plan", "--out", "plan.json")
    outside.ldif(f"dn: CN=HV98,{OU}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: {ENABLED}\n")
    said = program.run("apply", "plan.json")
    check("a plan of four is refused when five are found", said.status not in (FINE, CHANGES), str(said))
    check.says("with the host that came", said.err, "finds other hosts than when the plan was made: HV98 came")
    said = program.run("plan", "--again", "plan.json", "--without-unreadable")
    check("and it can be made again", said.status == CHANGES, str(said))
    check.says("compared with what was reviewed", said.out, "Compared with the reviewed plan")
    outside.remove(f"CN=HV98,{OU}")
    program.expect(FINE, "apply", "plan.json")
    program.expect(FINE, "audit")


def refused(check, program):
    check.part("what is refused")
    for what, found, words in (
            ("an OU that is not there", f"{{base: 'OU=Nowhere,{BASE}'}}", ["OU=Nowhere"]),
            ("a search that finds nobody", "{filter: '(name=nobody)'}", ["this search finds no host"]),
            ("an attribute's name as an attack", "{filter: '(name=*))(|(cn=*'}", ["is no search filter"])):
        inventory(program, found)
        said = program.run("audit")
        check(f"{what} ends it", said.status not in (FINE, CHANGES), str(said))
        check.says(f"{what} is told", said.err, *words)


# An account that an administrator, a replication conflict or somebody who may join computers left in the OU: how it is
# called, what it says of itself, and the words about it. `None`: it takes part, and nothing is said of it.
ODD = {
    "a conflict object": (("HV02\\0ACNF:11111111-2222-3333-4444-555555555555", ENABLED, "$DUPLICATE-451", "hv02.{domain}"),
                          "left_out", "another account has its name"),
    "no dollar at its end": (("HV97", ENABLED, "HV97"), "left_out", "ends in `$`"),
    "a long name": (("FILESRVCLUSTERNODE1", ENABLED), "left_out", "is not a host name"),
    "an underscore": (("HV_95", ENABLED), "left_out", "is not a host name"),
    "an umlaut": (("HV\u00c41", ENABLED), "left_out", "is not a host name"),
    "a prestaged account": (("HV96", ENABLED, None, None), "left_out", "no computer has joined"),
    "the name of a host": (("HV93", ENABLED, None, "hv02.{domain}"), "name_claimed", "claims the full name of host HV02"),
    "that name with a dot": (("HV92", ENABLED, None, "hv02.{domain}."), "name_claimed", "claims the full name of host HV02"),
}


def odd_accounts(check, program):
    """The estate is in order, so that what is found is the oddity alone."""
    check.part("odd accounts in a searched OU")
    inventory(program, f"{{base: '{OU}', migration_domain: lab}}")
    said = program.expect(FINE, "audit", "--all", "--output", "json")
    check.same("an estate in order has no findings about itself", said.json()["estate_findings"], [])
    left = []
    for what, ((name, flags, *more), fault, words) in ODD.items():
        more = [one and one.format(domain=DOMAIN) for one in more]
        left.append(computer(name, flags, *more))
        said = program.expect(CHANGES, "audit", "--all", "--output", "json")
        seen = said.json()
        check.same(f"{what}: one finding", [one["fault"] for one in seen["estate_findings"]], [fault])
        one = (seen["estate_findings"] or [{"because": "", "dn": ""}])[0]
        check.says(f"{what}: the reason", one["because"], words)
        check.same(f"{what}: its distinguished name", one["dn"], left[-1])
        check.same(f"{what}: the hosts are audited", {f["object"] for f in seen["findings"]}, set(NAMES))
        outside.remove(left.pop())
    for (name, flags, *more), _, _ in ODD.values():
        left.append(computer(name, flags, *[one and one.format(domain=DOMAIN) for one in more]))
    said = program.expect(CHANGES, "audit")
    check.says("all of them: each is named", said.out, *left, f"{len(ODD)} findings: 2 high, {len(ODD) - 2} medium")
    check.says("and every command says that they are left out", program.run("spn").err, f"{len(ODD)} found accounts left out")
    said = program.expect(FINE, "plan", "--out", "same.json")
    check.says("a plan says it", said.out, "About the estate", *left)
    check.says("and so does `show`", program.expect(FINE, "show", "same.json").out, "About the estate", *left)
    program.expect(FINE, "plan", "--output", "json")
    program.expect(FINE, "apply", "same.json")
    for name in left:
        outside.remove(name)
    program.expect(FINE, "audit")


def contradiction(check, program):
    check.part("a host whose account says another name takes part, and its paths say why they are closed")
    for what, dns in ("with a dot at its end", f"hv02.{DOMAIN}."), ("of another suffix", "hv02.servers.example"):
        held = outside.values("hv02", "dNSHostName")[0]
        outside.ldif(f"dn: {outside.dn('hv02')}\nchangetype: modify\nreplace: dNSHostName\ndNSHostName: {dns}\n")
        seen = program.expect(CHANGES, "audit", "--all", "--output", "json").json()
        check.same(f"a name {what}: one finding",
                   [(one["fault"], one["object"], one["condition"], one["paths"]) for one in seen["estate_findings"]],
                   [("paths_closed", "HV02", "directory name", 3)])
        check.same(f"a name {what}: the host takes part", sorted(seen["matrices"][0]["hosts"]), sorted(NAMES))
        outside.ldif(f"dn: {outside.dn('hv02')}\nchangetype: modify\nreplace: dNSHostName\ndNSHostName: {held}\n")
    program.expect(FINE, "audit")


def who_is_new(check, program):
    check.part("which hosts are new since the last run")
    run = program.last_run()
    said = program.expect(FINE, "plan", "--out", "new.json")
    check.says("none", said.out, f"Searches found {len(NAMES)} hosts", f"None is new since run {run}.")
    said = program.expect(FINE, "plan", "--store", "none.db")
    check.says("without a store nothing is compared", said.out, "The store has no run of this estate")
    inventory(program, f"{{filter: '(|{''.join(f'(name={name})' for name in NAMES[:3])})', base: '{OU}', migration_domain: lab}}")
    drift = {"settings": {"AuthenticationType": 0}}  # an empty plan would make no run
    outside.control("hv01", "third-hand", drift)
    program.run("plan", "--out", "three.json")
    program.run("apply", "three.json")
    run_of_three = program.last_run()
    inventory(program, f"{{base: '{OU}', migration_domain: lab}}")
    outside.control("hv01", "third-hand", drift)
    said = program.run("plan", "--out", "new.json")
    new = f"! 1 host new since run {run_of_three}: {NAMES[3]}\n"
    check.says("a plan names the one that is", said.out, new)
    check.says("`show` names it", program.run("show", "new.json").out, new)
    check.says("apply names it", program.run("apply", "new.json").out, new)


def gone(check, program):
    check.part("a host that left ends no audit")
    with open(program.file("policy.yaml"), encoding="utf-8") as text:
        policy = text.read()
    exception = (f"\nexceptions:\n  - {{host: {NAMES[3]}, setting: migration.enabled, owner: me, reason: r, "
                 "until: 2099-01-01T00:00:00Z}\n")
    program.write("policy.yaml", policy + exception)
    program.expect(FINE, "audit")
    inventory(program, f"{{filter: '(!(name={NAMES[3]}))', base: '{OU}', migration_domain: lab}}")
    seen = program.run("audit", "--all", "--output", "json")
    check("the audit goes on", seen.status == CHANGES, str(seen))
    check.same("its exception is a finding", [(one["fault"], one["object"]) for one in seen.json()["estate_findings"]],
               [("exception_unused", NAMES[3])])
    inventory(program, f"{{filter: '(name={NAMES[0]})', base: '{OU}', migration_domain: lab}}")
    seen = program.run("audit", "--all", "--output", "json")
    check.same("one host alone is a finding", [(one["fault"], one["object"]) for one in seen.json()["estate_findings"]],
               [("lone_host", NAMES[0]), ("exception_unused", NAMES[3]), ("no_peers", NAMES[0])])
    program.write("policy.yaml", policy)


# As a person writes them, with the escapes of RFC 4514; the server may write them otherwise.
ODD_OUS = ["OU=Halle 3/4 \\+ S\\C3\\BCd\\, #1", "OU=\\#west", "OU=Trail\\ ", 'OU=a\\=b\\;c \\"d\\" \\\\e', "OU=q?mark"]


def odd_units(check, program):
    check.part("odd names of OUs")
    for unit in ODD_OUS:
        ou = f"{unit},{BASE}"
        outside.ldif(f"dn: {ou}\nchangetype: add\nobjectClass: organizationalUnit\n")
        account = computer("HV77", ENABLED, ou=ou)
        inventory(program, "{base: " + json.dumps(ou) + "}")
        said = program.run("spn", "--output", "json")
        hosts = [one["host"] for one in said.json().get("service_names", {}).get("hosts", [])]
        check(f"{unit}: the host in it is found", hosts == ["HV77"], str(said))
        outside.remove(account)
        outside.remove(ou)


def prepare(program):
    program.shipped("kerberos-live-migration")
    outside.ldif(SERVER)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, searches, disabled, first_inventory, bound_to_them, refused, odd_accounts, contradiction,
                       who_is_new, gone, odd_units))
