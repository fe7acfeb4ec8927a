#!/usr/bin/python3
"""Does the KDC see delegation as Fairway does? S4U2Self and S4U2Proxy for all 30 ordered pairs of six hosts in two migration
domains, by MIT's tools: before a plan, after its apply, after the rollback.

    LAB_ESTATE=tests/lab/world/estate_of_six.json FAIRWAY=… tests/lab/lab tests/lab/tests/delegation_test.py

Three witnesses: the KDC's tickets for cifs by short and by full name, the lists and flags by ldapsearch, and what the
program says of the path. The migration service's half of the list cannot be asked for (see LEARNT.md: its class has blanks).
"""
import collections
import itertools
import sys
from concurrent.futures import ThreadPoolExecutor

import outside
from loop_tools import CHANGES, FINE, NAMES, TRANSPORTS, policy, run_parts

LIST, FLAGS, TRANSITION = "msDS-AllowedToDelegateTo", "userAccountControl", 0x1000000
SERVICES = ("cifs", "Microsoft Virtual System Migration Service")
DOMAINS = {"east": NAMES[:3], "west": NAMES[3:]}
PAIRS = list(itertools.permutations(NAMES, 2))
WITHIN = [pair for domain in DOMAINS.values() for pair in itertools.permutations(domain, 2)]
WANT = "delegation.services: {includes: {services: [cifs, migration], of: peers}}, delegation.protocol_transition: true"
# estate_of_six.json: HV04 may delegate to HV05 by the short name alone, HV05 to HV06 by the full one; HV02 and HV06 have
# lists and no protocol transition, HV03 has that and no host in its list.
PLANTED = {("HV01", "HV02"), ("HV04", "HV06")}


def full(host):
    return f"{host.lower()}.{outside.lab('DOMAIN')}"


def inventory():
    reach = TRANSPORTS["sealed"].format(PORT=outside.lab("PORT"))
    hosts = ", ".join(f"{{name: {name}}}" for name in NAMES)
    domains = "".join(f"  - {{name: {name}, hosts: [{', '.join(hosts)}]}}\n" for name, hosts in DOMAINS.items())
    return (f"estate: lab\ndirectory: {{domain: {outside.lab('DOMAIN')}, servers: [{outside.lab('DC')}], bind: gssapi}}\n"
            f"hosts:\n  reach: {reach}\n  list: [{hosts}]\nmigration_domains:\n{domains}")


def granted_by_kdc():
    """{(from, to): {name: was a ticket for cifs/name granted}}. Two at a time: the machine may be small."""
    asked = [(source, target, name) for source, target in PAIRS for name in (target, full(target))]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: outside.s4u(one[0].lower(), f"cifs/{one[2]}"), asked))
    out, odd = collections.defaultdict(dict), []
    for (source, target, name), (granted, words) in zip(asked, answers):
        out[source, target][name] = granted
        if not granted and "KDC can't fulfill requested option" not in words and "delegation failed" not in words:
            odd.append((source, name, words))
    return out, odd


def held():
    """By ldapsearch: {host: (its list without case, protocol transition)}."""
    return {host: ({value.lower() for value in outside.values(host.lower(), LIST)},
                   bool(int(outside.values(host.lower(), FLAGS)[0]) & TRANSITION)) for host in NAMES}


def told_by_the_program(program):
    """The pairs of which it says that delegation and protocol transition are in order; those it says nothing of."""
    able, unknown = set(), set()
    for source, target in PAIRS:
        said = program.run("explain", source, target, "--output", "json")
        if said.status not in (FINE, CHANGES):
            unknown.add((source, target))
            continue
        states = {c["name"]: c["state"] for c in said.json()["path"]["conditions"]}
        if states["delegation"] == "open" and states["protocol transition"] == "open":
            able.add((source, target))
    return able, unknown


def three_witnesses(check, program, when, wanted):
    """`wanted`: the pairs that must be open; every other one must be shut."""
    tickets, odd = granted_by_kdc()
    lists = held()
    check.same(f"{when}: the KDC grants both names of cifs for exactly these of 30 pairs",
               sorted(pair for pair, names in tickets.items() if all(names.values())), sorted(wanted))
    check.same(f"{when}: name by name it grants what the list holds, where there is protocol transition",
               sorted((s, n) for (s, _), names in tickets.items() for n, yes in names.items() if yes),
               sorted((s, n) for s, t in PAIRS for n in (t, full(t)) if lists[s][1] and f"cifs/{n}".lower() in lists[s][0]))
    check.same(f"{when}: every refusal is about delegation", odd, [])
    check.same(f"{when}: ldapsearch sees both services by both names for the same pairs",
               sorted((s, t) for s, t in PAIRS if lists[s][1] and {f"{service}/{name}".lower() for service in SERVICES
                                                                   for name in (t, full(t))} <= lists[s][0]), sorted(wanted))
    able, unknown = told_by_the_program(program)
    check.same(f"{when}: the program says so of the same pairs", sorted(able), sorted(wanted))
    check.same(f"{when}: and of every pair it says something", sorted(unknown - (set(PAIRS) - set(WITHIN))), [])
    return tickets


def planned_pairs(plan, lists):
    """Who may delegate to whom when the plan is done, by its own words and what it leaves alone."""
    after = {host: values for host, (values, _) in lists.items()}
    flags = {host for host, (_, transition) in lists.items() if transition}
    for phase in plan["phases"]:
        for change in phase["changes"]:
            if change["setting"] == "delegation.services":
                after[change["object"]] = {value.lower() for value in change["before"] + change["add"]} \
                    - {value.lower() for value in change["remove"]}
            elif change["after"]:
                flags.add(change["object"])
    return {(source, target) for source, target in PAIRS if source in flags and {
        f"{service}/{name}".lower() for service in SERVICES for name in (target, full(target))} <= after[source]}


def prepare(program):
    program.write("policy.yaml", policy(WANT))
    program.write("inventory.yaml", inventory())


def there_and_back(check, program):
    check.part("before")
    world = outside.directory()
    before = three_witnesses(check, program, "before", PLANTED)
    check.same("half a list gives half the tickets: HV04 to HV05 by the short name", before["HV04", "HV05"],
               {"HV05": True, full("HV05"): False})
    check.same("and HV05 to HV06 by the full one", before["HV05", "HV06"], {"HV06": False, full("HV06"): True})
    check.part("after the apply")
    plan = program.expect(CHANGES, "plan", "--out", "plan.json", "--output", "json").json()["plan"]
    check.same("the plan says: every pair within a domain, none across", planned_pairs(plan, held()), set(WITHIN))
    run = program.expect(FINE, "apply", "plan.json", "--output", "json").json()["applied"]["run"]
    three_witnesses(check, program, "after the apply", set(WITHIN))
    check.part("after the rollback")
    program.expect(FINE, "rollback", run)
    after = three_witnesses(check, program, "after the rollback", PLANTED)
    check.same("the KDC says of all 60 names what it said at first", after, before)
    check.same("the directory is as it was", outside.directory(), world)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, there_and_back))
