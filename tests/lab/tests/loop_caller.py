"""A caller whose tickets go no further, in a living domain where every path is open otherwise: what the KDC says of it, what
the program says, and what becomes of a trial move. Part of loop_test.py.

The operator is marked and unmarked by ldapmodify; each time it signs on again, because groups stand in tickets.
"""
import contextlib
import os

import outside
from loop_tools import CHANGES, FINE

NOT_VERIFIED, NOT_DELEGATED = 9, 0x100000
# Samba 4.17's KDC gives tickets in the name of Protected Users, which Windows' do not. Where this turns out otherwise, set it
# to True: then the KDC and the moves must say what the program says.
KDC_GUARDS_PROTECTED_USERS = False
OPERATOR, GROUP = (f"CN={name},CN=Users,{outside.lab('BASE_DN')}" for name in (outside.lab("OPERATOR"), "Protected Users"))


def flags():
    line, = (line for line in outside.search(OPERATOR, "-s", "base", "(objectClass=*)", "userAccountControl").splitlines()
             if line.startswith("userAccountControl: "))
    return int(line.partition(" ")[2])


def set_flags(value):
    outside.ldif(f"dn: {OPERATOR}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: {value}\n")


def membership(verb):
    outside.ldif(f"dn: {GROUP}\nchangetype: modify\n{verb}: member\nmember: {OPERATOR}\n")


@contextlib.contextmanager
def marked(mark, unmark):
    mark()
    try:
        outside.become("operator", os.environ["KRB5CCNAME"])
        yield
    finally:
        unmark()
        outside.become("operator", os.environ["KRB5CCNAME"])


def caller(program, status):
    """Of the condition: its state and evidence; and which conditions are not open."""
    path = program.expect(status, "explain", "HV01", "HV04", "--output", "json").json()["path"]
    one, = (c for c in path["conditions"] if c["name"] == "caller")
    return one["state"], one["evidence"], [c["name"] for c in path["conditions"] if c["state"] != "open"]


def is_told(check, program, run, what, words, refused):
    """refused: by the KDC, too."""
    granted, said = outside.s4u("hv01", "cifs/hv04.corp.example")
    check.same(f"{what}: the KDC refuses HV01 a ticket in its name" if refused else f"{what}: the lab's KDC does not care",
               granted, not refused)
    state, evidence, shut = caller(program, CHANGES)
    check.same(f"{what}: that alone closes the path", (state, shut), ("closed", ["caller"]))
    check.says(f"{what}: and it is said why", evidence, f"your account {words}", "another account")
    audit = program.expect(CHANGES, "audit", "--all", "--output", "json").json()
    check.same(f"{what}: it is one finding of the audit",
               [(f["fault"], f["condition"], f["paths"]) for f in audit["estate_findings"]], [("paths_closed", "caller", 12)])
    if refused:
        said = program.expect(NOT_VERIFIED, "verify", run, "--output", "json").json()
        check.same(f"{what}: the first trial move fails", [t["moved"] for t in said["trials"]], [False])
        check.says(f"{what}: by the KDC's word", said["trials"][0]["error"], "0x8009030E", "The KDC says")
        check.says(f"{what}: and the hint is about the account", said["trials"][0]["hint"], f"your account {words}")
    said = program.run("verify", run).out
    check(f"{what}: which is said beforehand, and caches are not blamed",
          f"Trial moves are expected to fail: your account {words}" in said and "klist" not in said, said)


def run(check, program, last):
    """last: a run of which everything holds."""
    check.part("a caller whose tickets go no further")
    usual = flags()
    check.same("the operator's tickets may be delegated", caller(program, FINE),
               ("open", "your tickets may be delegated", []))
    with marked(lambda: set_flags(usual | NOT_DELEGATED), lambda: set_flags(usual)):
        is_told(check, program, last, "marked", 'is marked "sensitive and cannot be delegated"', True)
    with marked(lambda: membership("add"), lambda: membership("delete")):
        is_told(check, program, last, "protected", "is a member of Protected Users", KDC_GUARDS_PROTECTED_USERS)
    check.same("and so they may again", caller(program, FINE)[0], "open")
    granted, words = outside.s4u("hv01", "cifs/hv04.corp.example")
    check("as the KDC says too", granted, words)
