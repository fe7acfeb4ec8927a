#!/usr/bin/python3
"""Do the hosts come out of the directory, by OU, by filter and by group, and is a plan bound to those that came?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/found_test.py
"""
import sys

import outside
from loop_tools import CHANGES, FINE, NAMES, TRANSPORTS, run_parts, transport

BAD_DOCUMENT, DOMAIN, BASE, DC, OU = 3, outside.lab("DOMAIN"), outside.lab("BASE_DN"), outside.lab("DC"), outside.lab("OU")
GROUP, INNER = f"CN=Hyper-V (all)\\, lab,CN=Users,{BASE}", f"CN=rack-b,CN=Users,{BASE}"
DISABLED, ENABLED = 0x1002, 0x1000


def group(name, cn, *members):
    outside.ldif(f"dn: {name}\nchangetype: add\nobjectClass: group\nsAMAccountName: {cn}\n"
         + "".join(f"member: {member}\n" for member in members))


def computer(name, flags=DISABLED):
    outside.ldif(f"dn: CN={name},{OU}\nchangetype: add\nobjectClass: computer\nsAMAccountName: {name}$\n"
         f"userAccountControl: {flags}\n")


def inventory(program, found, more=""):
    reach = TRANSPORTS[transport()].format(**{key: outside.lab(key) for key in ("PORT", "TLS_PORT", "CA")})
    program.write("inventory.yaml", f"estate: lab\ndirectory: {{domain: {DOMAIN}, servers: [{DC}], bind: gssapi}}\n"
                                    f"hosts:\n  reach: {reach}\n  found: {found}\n{more}")


def audited(program):
    said = program.run("audit", "--output", "json")
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


def bound_to_them(check, program):
    check.part("a plan of what was found")
    program.expect(CHANGES, "plan", "--out", "plan.json")
    outside.ldif(f"dn: CN=HV98,{OU}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: {ENABLED}\n")
    said = program.run("apply", "plan.json")
    check("a plan of four is refused when five are found", said.status not in (FINE, CHANGES), str(said))
    check.says("with the host that came", said.err, "finds other hosts than when the plan was made: HV98 came")
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
    computer("HV-WITH-A-NAME-TOO-LONG", ENABLED)
    inventory(program, f"{{base: '{OU}'}}")
    said = program.run("audit")
    check.same("a name that no inventory holds is a bad document", said.status, BAD_DOCUMENT)
    check.says("and told", said.err, "HV-WITH-A-NAME-TOO-LONG$", "leave it out by a filter")
    outside.remove(f"CN=HV-WITH-A-NAME-TOO-LONG,{OU}")


def prepare(program):
    program.shipped("kerberos-live-migration")


if __name__ == "__main__":
    sys.exit(run_parts(prepare, searches, disabled, bound_to_them, refused))
