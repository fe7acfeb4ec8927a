#!/usr/bin/python3
"""Is an audit that asks only for what changed the same as one that reads everything, whatever others did in between?

    FAIRWAY=build/release/fairway LAB_CONTROLLERS=2 tests/lab/lab tests/lab/tests/recall_test.py [PART...]

After each edit of recall_edits.py, `audit` with its memory and `audit --anew` beside another store are held against each
other, the whole result; and a relay inside TLS tells what either asked. Prints its seed (LAB_RECALL_SEED draws the same edits
again). A line for each fact; the exit status is 0 only if all held. A PART is a
name in PARTS.
"""
import contextlib
import os
import random
import re
import shutil
import sys

import controllers as c
import directory_questions as questions
import directory_tools as tools
import outside
import recall_edits as edits
from directory_relay import SlicingRelay
from loop_tools import NAMES, policy
from recall_accounts import BASE, CROWD, LIST, OU, PLAYERS, Accounts, added

FIRST, SECOND = c.ALL
SEED = int(os.environ.get("LAB_RECALL_SEED") or random.SystemRandom().randrange(1 << 32))
STEPS = 28
HOSTS = [*PLAYERS, *CROWD]
WANT = ("delegation.protocol_transition: true, delegation.unconstrained: false, delegation.allowed_principals: [], "
        "spn.migration: present")
LISTS = """  - {id: peers, why: w, on: {name: HV*}, want: {delegation.services: {includes: {services: [cifs], of: peers}}}}
  - {id: others, why: w, on: {name: RC*}, want: {delegation.services: {includes: [cifs/x]}}}
  - {id: crowd, why: w, on: {name: BULK*}, want: {delegation.services: {includes: [cifs/x]}}}
"""
SETTINGS = 5  # in them
# Hosts are asked for what the paths between them need, in a way to which their accounts do not matter.
INVENTORY = """estate: recall
directory: {{domain: {domain}, servers: [{server}], bind: gssapi, {tls}}}
hosts:
  reach: {{authentication: certificate, port: {port}, tls: {{ca: {ca}}}}}
  credentials: {{certificate: {certs}/operator.pem, key: {certs}/operator.key}}
  list: [{hosts}]
migration_domains:
  - {{name: lab, hosts: [{domain_hosts}]}}
"""
OPENING = ["root", "invocation"]
# Whether the caller's tickets may be delegated is asked each time: it is no fact of a host's account.
CALLER = ["the caller's groups", "the caller"]
# What is to be written is asked about: whose the names are, in the catalogue (past the relay), and what HOST serves.
NAMES_TO_WRITE = ["what HOST serves"]
ONLY_CHANGES = OPENING + ["moment", "are deletions shown", "changes"] + CALLER + NAMES_TO_WRITE
EVERYTHING = OPENING + ["moment"] + ["accounts"] * -(-len(HOSTS) // 50) + CALLER + NAMES_TO_WRITE
# Where there are descriptors; lists that come in slices; an account with another full name.
BESIDE = ["names", "slice", "suffixes"]
MOST_VALUES = 1500  # of Windows' controllers
SEEN = f"with/directory-{outside.lab('DOMAIN')}.seen"


def differs(one, other, path=""):
    """Where two results are not the same, as sentences."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [line for key in sorted(one.keys() | other.keys())
                for line in differs(one.get(key), other.get(key), f"{path}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [line for at, (a, b) in enumerate(zip(one, other)) for line in differs(a, b, f"{path}/{at}")]
    return [] if one == other else [f"{path}: recalled {str(one)[:300]}, read {str(other)[:300]}"]


class Bench:
    """The program, its two stores, and the relay that hears what is asked."""

    def __init__(self, check, program):
        self.check, self.program = check, program
        self.relay = SlicingRelay(f"{outside.lab('CERTS')}/dc-good", LIST, MOST_VALUES)
        self.accounts = Accounts(random.Random(SEED))
        program.write("policy.yaml", policy(WANT) + LISTS)
        self.at(FIRST)

    def at(self, controller):
        """The next audits ask that one; the first is listened to."""
        ca = outside.lab("CA")
        tls = f"tls: ldaps, ca: {ca}, port: {self.relay.port}" if controller == FIRST else "tls: none"
        self.program.write("inventory.yaml", INVENTORY.format(
            domain=outside.lab("DOMAIN"), server=c.full(controller), tls=tls, port=outside.lab("TLS_PORT"), ca=ca,
            certs=outside.lab("CERTS"), hosts=", ".join(f"{{name: {name}}}" for name in HOSTS),
            domain_hosts=", ".join(NAMES)))

    def audit(self, *arguments, **env):
        """Its result but for the time, what was asked, and what it said beside."""
        self.relay.said = []
        said = self.program.run("audit", "--all", "--output", "json", "--log-level", "info", *arguments, **env)
        result = said.json()
        result.pop("time")
        return result, questions.words(self.relay.said), said.err

    def both(self, what, incremental=True, **env):
        """An audit with memory and one without it; the result, and what the first one asked."""
        recalled, asked, self.words = self.audit("--store", "with/journal.db", **env)
        read, _, _ = self.audit("--store", "without/journal.db", "--anew", **env)
        self.check.same(f"{what}: recalled is what a full reading tells", (
            differs(recalled, read), len(recalled.get("findings", [])) >= SETTINGS * len(HOSTS)), ([], True))
        if incremental:
            self.check(f"{what}: no account was asked for by its name", "accounts" not in asked and "changes" in asked,
                       f"{asked}\n{self.words}")
        return read, asked


def unchanged(check, bench):
    check.part("an unchanged directory")
    _, asked = bench.both("the first time", incremental=False)
    check.same("the first time: everything is read", asked, EVERYTHING)
    _, asked = bench.both("unchanged")
    check.same("unchanged: a handful of requests, however many accounts there are", asked, ONLY_CHANGES)
    said = bench.program.expect(bench.program.run("audit", "--store", "with/journal.db").status, "audit", "--all", "--output", "json",
                                "--store", "with/journal.db")
    check("unchanged: accounts were read at all", any(f["verdict"] == "drifted" for f in said.json()["findings"]))


def deck(source):
    """Every edit at least once, in a drawn order; the rest drawn."""
    rows = [*edits.SHOWS, *edits.SHOWS_NOTHING]
    rows += source.choices(edits.SHOWS, k=STEPS - len(edits.CLOSES) - len(rows))
    source.shuffle(rows)
    return edits.CLOSES + rows


def history(check, bench):
    check.part("a history")
    before, _ = bench.both("at first", incremental=False)
    check.same("at first: there are paths to be closed", before["paths"]["open"], 2)
    for steps, edit in enumerate(deck(random.Random(SEED)), 1):
        if check.failed > 5:
            break
        what = f"{steps}: {edit(bench.accounts)}"
        result, asked = bench.both(what)
        check(f"{what}: it costs no more requests than before", [word for word in asked if word not in BESIDE] == ONLY_CHANGES,
              f"{asked}\n{bench.words}")
        if edit is edits.list_grows_long:
            check(f"{what}: a list so long comes in slices", "slice" in asked, asked)
        shows = edit not in edits.SHOWS_NOTHING
        check(f"{what}: {'it shows' if shows else 'nothing of it shows'}", (result != before) == shows,
              differs(before, result)[:3])
        before = result


def file_of(bench):
    return bench.program.file(SEEN)


def turned(data, at, bit):
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1:]


def spoil(path, how, source):
    """Damage that a disk or a person may do to what is remembered; the rest of its words."""
    with open(path, "rb") as file:
        whole = file.read()
    at = source.randrange(len(whole))
    late = source.randrange(max(0, len(whole) - 200), len(whole))
    value = source.choice([found.end() for found in re.finditer(b"cifs/", whole)])
    spoilt = {
        "cut somewhere": whole[:at],
        "cut in its last records": whole[:late],
        "one bit somewhere": turned(whole, at, source.randrange(8)),
        "one bit in its last records": turned(whole, late, source.randrange(8)),
        "one bit of a value": turned(whole, value, 0),
        "one bit of the last value": turned(whole, whole.rindex(b"cifs/") + len(b"cifs/"), 0),
        "empty": b"",
        "something behind it": whole + source.randbytes(50),
        "zeros behind it": whole + bytes(4096),
        "its last records twice": whole + whole[late:],
    }[how]
    with open(path, "wb") as file:
        file.write(spoilt)
    return f"{how} (of {len(whole)} bytes)"


DAMAGE = ["cut somewhere", "cut in its last records", "cut in its last records", "one bit somewhere",
          "one bit in its last records", "one bit of a value", "one bit of a value", "one bit of the last value", "empty",
          "something behind it", "zeros behind it", "its last records twice"]


def damage(check, bench):
    """Between damage and the audit before it something changed, so that old values are seen if they are told."""
    check.part("a file that was damaged")
    source = random.Random(SEED)
    bench.both("before any damage", incremental=False)
    for how in DAMAGE:
        edits.flags_change(bench.accounts)
        edits.values_come(bench.accounts)
        bench.audit("--store", "with/journal.db")
        bench.both(spoil(file_of(bench), how, source), incremental=False)
        _, asked, _ = bench.audit("--store", "with/journal.db")
        check.same(f"{how}: afterwards the file is whole again", [word for word in asked if word not in BESIDE], ONLY_CHANGES)
    kept = file_of(bench) + ".kept"
    shutil.copy(file_of(bench), kept)
    for edit in (edits.goes, edits.values_come, edits.renamed, edits.recreated):
        edit(bench.accounts)
        bench.both("something newer")
    shutil.copy(kept, file_of(bench))
    bench.both("an older file, from a backup")
    os.remove(file_of(bench))
    bench.both("no file", incremental=False)


def others(check, bench):
    check.part("other callers and controllers")
    reader = {"KRB5CCNAME": tools.tickets(bench.program, "reader", "reader")}
    bench.accounts.hide_list(CROWD[0], "reader")
    bench.both("the operator", incremental=False)
    for edit in (edits.values_come, edits.goes, edits.recreated):
        said = edit(bench.accounts)
        _, asked = bench.both(f"somebody else, to whom deletions are not shown: {said}", incremental=False, **reader)
        check(f"{said}: everything is read", "accounts" in asked, asked)
    bench.both("the operator again, who is shown more", incremental=False)
    bench.both("and again")
    c.hold()
    with contextlib.ExitStack() as after:
        after.callback(c.let_go)
        c.replicate(SECOND, FIRST, BASE)
        bench.accounts.count_on(SECOND, FIRST)
        said = edits.values_come(bench.accounts)
        here, _ = bench.both(f"held at the first, {said}")
        bench.at(SECOND)
        there, _ = bench.both("the second, which does not yet have it", incremental=False)
        check("they differ", here["findings"] != there["findings"])
        bench.both("the second again", incremental=False)
        bench.at(FIRST)
        again, _ = bench.both("the first again", incremental=False)
        check.same("the first again: tells what it told", differs(again, here), [])
    two_of_one_name(check, bench)


def two_of_one_name(check, bench):
    """Made at both controllers before they hear of each other."""
    name = bench.accounts.free()
    graves = []
    c.hold()
    for controller, rdn in zip(c.ALL, ("one", "two")):
        graves.append(f"CN={rdn},{OU}")
        c.ldif(controller, added(graves[-1], name + "$", more=f"{LIST}: cifs/{rdn}\n"))
    bench.both("one of two")
    c.let_go()
    result, _ = bench.both("two accounts of one name", incremental=False)
    told = [f["because"] for f in result["findings"] if f["object"] == name and f["setting"] == "delegation.services"]
    check.says("two accounts of one name: it is told", str(told), f"two accounts are named {name}$")
    bench.both("and once more", incremental=False)
    outside.remove(graves[0])
    bench.both("one of them is deleted", incremental=False)
    bench.both("and that is the end of it")
    outside.remove(graves[1])
    bench.both("so is the other")


def recycle_bin(check, bench):
    """Comes last, as it cannot be switched off."""
    check.part("the recycle bin")
    bench.both("before it", incremental=False)
    edits.enable_recycle_bin()
    for edit in (edits.goes, edits.recreated, edits.goes_with_long_list, edits.goes_for_good, edits.goes_for_good):
        bench.both(f"with it: {edit(bench.accounts)}")


def part(of):
    """Each with the same bench, which the first one makes."""
    def run(check, program):
        if not hasattr(program, "bench"):
            print(f"seed {SEED} (LAB_RECALL_SEED draws the same again)", flush=True)
            program.bench = Bench(check, program)
        of(check, program.bench)
    return run


PARTS = {one.__name__: part(one) for one in (unchanged, history, damage, others, recycle_bin)}


if __name__ == "__main__":
    sys.exit(tools.run_parts("recall_test", PARTS))
