#!/usr/bin/python3
"""Does `fairway diagnose` name the fault that was planted, and does its fix open the path?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/diagnose_test.py [FAULT…]

The estate is brought to the standard; then one fault at a time stands between HV01 and HV02. curl starts a move, which fails;
`diagnose` names the fault first; its plan is applied, or its advice followed by hand; and curl's move works.
"""
import sys

import outside
from loop_caller import NOT_DELEGATED, OPERATOR, flags, set_flags
from loop_tools import CHANGES, FINE, SERVER, run_parts

SERVICE = "Microsoft Virtual System Migration Service/"
DELEGATES, NAMES, CONTROL = "msDS-AllowedToDelegateTo", "servicePrincipalName", "userAccountControl"
TRUSTED_FOR_PROTOCOL_TRANSITION, DISABLED = 0x1000000, 0x2
STRAY = {"SubnetNumber": "192.0.2.0", "PrefixLength": 24, "Tags": ["Microsoft:UserManaged"]}
FILES = ["--policy", "policy.yaml", "--inventory", "inventory.yaml"]


def held(host, attribute, beginning):
    """Its values that begin so, as they are spelt."""
    return [value for value in outside.values(host, attribute) if value.lower().startswith(beginning.lower())]


def without(host, attribute, beginning):
    """A plan puts them back."""
    outside.modify(host, *[("delete", attribute, value) for value in held(host, attribute, beginning)])


def bits(host, more=0, fewer=0):
    value = int(outside.values(host, CONTROL)[0]) & ~fewer | more
    outside.ldif(f"dn: {outside.dn(host)}\nchangetype: modify\nreplace: {CONTROL}\n{CONTROL}: {value}\n")


def settings(host, **values):
    outside.control(host, "third-hand", {"settings": values})


def operator(value):
    set_flags(value)
    outside.become("operator", outside.os.environ["KRB5CCNAME"])


def duplicate(verb):
    outside.replicate(f"CN=SQL01,CN=Computers,{outside.lab('BASE_DN')}", NAMES, f"{SERVICE}hv02.corp.example", verb=verb)


def remembered():
    """Refused before, and given since: HV01 still remembers."""
    value, = held("hv01", DELEGATES, "cifs/hv02.")
    outside.modify("hv01", ("delete", DELEGATES, value))
    outside.control("hv01", "remember", {"refusals_s": 900})
    outside.move("hv01", "hv02")
    outside.modify("hv01", ("add", DELEGATES, value))


def control(host, path, **message):
    return lambda: outside.control(host, path, message)


# The fault, how it is planted, the first cause, and who fixes it: None is the plan, else it is done by hand.
FAULTS = [
    ("authentication differs", lambda: settings("hv02", AuthenticationType=0), "authentication", None),
    ("a delegation value is gone", lambda: without("hv01", DELEGATES, "cifs/hv02."), "delegation-missing", None),
    ("protocol transition is off", lambda: bits("hv01", fewer=TRUSTED_FOR_PROTOCOL_TRANSITION), "protocol-transition-off", None),
    ("the migration SPN is gone", lambda: without("hv02", NAMES, SERVICE), "spn-missing", None),
    ("the SPN stands twice", lambda: duplicate("add"), "spn-duplicate", lambda: duplicate("delete")),
    ("networks have nothing in common", control("hv02", "third-hand", networks=[STRAY]), "network-mismatch", None),
    ("migration is off", lambda: settings("hv02", EnableVirtualSystemMigration=False), "migration-off", None),
    ("the limit is reached", control("hv02", "busy", migrations=2), "limit-reached", control("hv02", "busy", migrations=0)),
    ("the operator is sensitive", lambda: operator(flags() | NOT_DELEGATED), "caller-not-delegable",
     lambda: operator(flags() & ~NOT_DELEGATED)),
    ("the listener's port is closed", control("hv02", "listen", migration=False), "listener-refused",
     control("hv02", "listen", migration=True)),
    ("a clock is 10 minutes off", control("hv02", "clock", ahead_ms=600000), "clock-skew", control("hv02", "clock", ahead_ms=0)),
    ("the name leads to another host", control("hv01", "resolves", **{"hv02.corp.example": "127.0.10.3"}), "name-elsewhere",
     control("hv01", "resolves")),
    ("an account is disabled", lambda: bits("hv01", more=DISABLED), "account-disabled", lambda: bits("hv01", fewer=DISABLED)),
    ("a refusal is remembered", remembered, "fresh-change", control("hv01", "remember", refusals_s=0)),
]


def moved(job):
    return outside.element(job, "JobState") == "7"


def diagnosed(program, *more):
    return program.expect(CHANGES, "diagnose", "HV01", "HV02", *FILES, "--output", "json", *more).json()


def home():
    """The VM is on HV01 again."""
    vms = outside.control("hv02", "machines", None)
    if vms:
        outside.control("hv02", "machines", {"machines": []})
        outside.control("hv01", "machines", {"machines": vms})


def to_and_fro(check, what):
    home()
    there = outside.move("hv01", "hv02")
    check(f"{what}: the VM moves", moved(there), there)
    home()


def prepare(program):
    program.shipped("kerberos-live-migration")
    program.inventory("inventory.yaml")
    outside.ldif(SERVER)
    outside.control("hv02", "credential-guard", {"running": False})


def standard(check, program):
    check.part("the estate is brought to the standard")
    program.run("plan", *FILES, "--out", "plan.json")
    program.expect(FINE, "apply", "plan.json", "--inventory", "inventory.yaml")
    to_and_fro(check, "at first")
    said = program.run("diagnose", "HV01", "HV02", *FILES, "--output", "json").json()
    wrong = [one for one in said["checks"] if one["state"] in ("bad", "unknown")]
    check.same("all that is looked at is as it should be", wrong, [])
    check.same("and no cause is named but that delegation is new", {one["id"] for one in said["causes"]}, {"fresh-change"})


def fault(check, program, row):
    what, plant, cause, by_hand = row
    check.part(what)
    plant()
    job = outside.move("hv01", "hv02")
    check(f"{what}: a move fails", not moved(job), job)
    more = ["--as", outside.lab("OPERATOR")] if cause == "caller-not-delegable" else []
    said = diagnosed(program, *more, *([] if by_hand else ["--plan", "fix.json"]))
    first = said["causes"][0]
    check.same(f"{what}: it is the first cause", (first["id"], first["pair"]), (cause, "HV01 HV02"))
    check(f"{what}: with evidence and a fix", first["evidence"] and first["fix"], str(said["causes"]))
    if by_hand:
        by_hand()
    else:
        program.expect(FINE, "apply", "fix.json", "--inventory", "inventory.yaml")
    to_and_fro(check, what)


def both(check, program):
    check.part("two faults at once")
    without("hv01", DELEGATES, "cifs/hv02.")
    settings("hv02", EnableVirtualSystemMigration=False)
    outside.move("hv01", "hv02")
    said = diagnosed(program, "--plan", "both.json")
    check.same("both are named first", {one["id"] for one in said["causes"][:2]}, {"delegation-missing", "migration-off"})
    program.expect(FINE, "apply", "both.json", "--inventory", "inventory.yaml")
    to_and_fro(check, "two faults at once")


def start_points(check, program):
    check.part("where the move is started")
    bits("hv01", fewer=TRUSTED_FOR_PROTOCOL_TRANSITION)
    path = program.expect(CHANGES, "explain", "HV01", "HV02", "--inventory", "inventory.yaml", "--output", "json").json()["path"]
    check.same("from here it does not work, signed on at the source it does",
               [(one["start"], one["state"]) for one in path["starts"]], [("here", "closed"), ("source", "open")])
    granted, words = outside.s4u("hv01", "cifs/hv02.corp.example")
    check("as the KDC says, who gives HV01 no such ticket", not granted, words)
    bits("hv01", more=TRUSTED_FOR_PROTOCOL_TRANSITION)


def of_one_host(check, program):
    check.part("one host")
    settings("hv03", AuthenticationType=0)
    said = program.expect(CHANGES, "diagnose", "HV03", "--inventory", "inventory.yaml", "--output", "json").json()
    check.same("its cause is named, and it is the odd one out",
               (said["causes"][0]["id"], [one["values"][1] for one in said["differences"] if one["setting"] == "migration.authentication"]),
               ("authentication", [{"value": "credssp", "hosts": ["HV03"], "odd": True}]))
    settings("hv03", AuthenticationType=1)
    outside.control("hv01", "resolves", {"hv03.corp.example": "127.0.10.13"})
    said = program.run("diagnose", "HV03", "--inventory", "inventory.yaml", "--output", "json").json()
    names = {one["about"]: one["state"] for one in said["checks"] if one["about"].startswith("name of HV03 at ")}
    check.same("its peers are asked how they resolve it", names,
               {"name of HV03 at HV01": "bad", "name of HV03 at HV02": "fine", "name of HV03 at HV04": "fine"})
    outside.control("hv01", "resolves", {})


def faults(check, program):
    wanted = sys.argv[1:]
    for row in FAULTS:
        if not wanted or any(word in row[0] for word in wanted):
            fault(check, program, row)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, standard, faults, both, start_points, of_one_host))
