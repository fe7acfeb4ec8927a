#!/usr/bin/python3
"""Somebody else at work in the directory: edits the hosts' delegation lists, flags and service names at random.

A process of its own with a connection of its own (Samba's bindings), started by race_test.py. Answers: which edits did I
make? It keeps that ledger itself, from the server's answers alone, and knows nothing of the program, its plans or its
journal. Usage: race_adversary.py SEED. A line `go` on its input sets it to work, `rest` stops it; it then says, as one
line of JSON, what it has done since: {"edits": [{host, attribute, removed, added}…], "refused": how often it came too late}.
"""
import json
import os
import random
import select
import sys
import time

import ldb
from samba import Ldb, param
from samba.credentials import MUST_USE_KERBEROS, SPECIFIED, Credentials

LIST, FLAGS, NAMES = "msDS-AllowedToDelegateTo", "userAccountControl", "servicePrincipalName"
MIGRATION = "Microsoft Virtual System Migration Service"
HOSTS = os.environ["LAB_HOSTS"].upper().split()
# Bits of FLAGS (MS-ADTS 2.2.16) that no policy of race_test.py names, and those that it does.
FOREIGN_BITS = [0x20, 0x10000, 0x100000, 0x200000, 0x400000]
OUR_BITS = [0x1000000, 0x80000]
LOST_RACE = (ldb.ERR_NO_SUCH_ATTRIBUTE, ldb.ERR_ATTRIBUTE_OR_VALUE_EXISTS)


def connection():
    lp = param.LoadParm()
    lp.load(f"{os.environ['LAB_DIR']}/{os.environ['LAB_DCS'].split()[0]}/etc/smb.conf")
    credentials = Credentials()
    credentials.guess(lp)
    credentials.set_named_ccache(os.environ["KRB5CCNAME"], SPECIFIED, lp)
    credentials.set_kerberos_state(MUST_USE_KERBEROS)
    return Ldb(url="ldap://" + os.environ["LAB_DC"], credentials=credentials, lp=lp)


def both_names(service, host):
    return [f"{service}/{host}", f"{service}/{host.lower()}.{os.environ['LAB_DOMAIN']}"]


def ours(host, attribute):
    """The values that the policy of race_test.py asks for."""
    if attribute == NAMES:
        return both_names(MIGRATION, host)
    return [name for peer in HOSTS if peer != host for service in ("cifs", MIGRATION)
            for name in both_names(service, peer)]


def is_ours(host, attribute, value):
    return value.lower() in {name.lower() for name in ours(host, attribute)}


class Adversary:
    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.directory = connection()
        self.edits, self.refused, self.number = [], 0, 0

    def held(self, host, attribute):
        entry = self.directory.search(f"CN={host},{os.environ['LAB_OU']}", ldb.SCOPE_BASE, attrs=[attribute])[0]
        return [str(value) for value in entry.get(attribute, [])]

    def edit(self, host, attribute, removed, added):
        """One modify with just these values; true if the server took it, which alone puts it into the ledger."""
        message = ldb.Message(ldb.Dn(self.directory, f"CN={host},{os.environ['LAB_OU']}"))
        parts = [part for part in ((removed, ldb.FLAG_MOD_DELETE), (added, ldb.FLAG_MOD_ADD)) if part[0]]
        for number, (values, flag) in enumerate(parts):
            message[str(number)] = ldb.MessageElement(values, flag, attribute)
        try:
            self.directory.modify(message)
        except ldb.LdbError as wrong:
            if wrong.args[0] not in LOST_RACE:
                raise
            self.refused += 1
            return False
        self.edits.append({"host": host, "attribute": attribute, "removed": removed, "added": added})
        return True

    def other_spelling(self, value):
        service, _, name = value.partition("/")
        return self.draw.choice([value.lower(), value.upper(), f"{service.upper()}/{name.lower()}",
                                 f"{service.lower()}/{name.upper()}"])

    def foreign(self, host, attribute):
        self.number += 1
        if attribute == NAMES:
            return f"HTTP/{host}-{self.number}"
        return self.draw.choice([f"cifs/FS{self.number}", f"MSSQLSvc/sql{self.number}.corp.example:1433",
                                 f"{MIGRATION}/elsewhere{self.number}"])

    def among(self, host, attribute, mine):
        """A value that is there: one that the policy names, or one that nobody but us has put there."""
        return [value for value in self.held(host, attribute) if is_ours(host, attribute, value) == mine
                and (mine or attribute == LIST or value.upper().startswith("HTTP/"))]

    def add(self, host, attribute):
        if self.draw.random() < 0.6:
            return self.edit(host, attribute, [], [self.foreign(host, attribute)])
        there = {value.lower() for value in self.held(host, attribute)}
        missing = [value for value in ours(host, attribute) if value.lower() not in there]
        if not missing:
            return False
        value = self.draw.choice(missing)
        return self.edit(host, attribute, [], [self.draw.choice([value, self.other_spelling(value)])])

    def remove(self, host, attribute):
        there = self.among(host, attribute, self.draw.random() < 0.6)
        return bool(there) and self.edit(host, attribute, [self.draw.choice(there)], [])

    def respell(self, host, attribute):
        there = self.among(host, attribute, self.draw.random() < 0.5)
        if not there:
            return False
        value = self.draw.choice(there)
        other = self.other_spelling(value)
        return other != value and self.edit(host, attribute, [value], [other])

    def put_back(self, host, attribute):
        """Takes a value away and puts the same one back, as a tool does that writes a list anew."""
        there = self.among(host, attribute, self.draw.random() < 0.5)
        if not there:
            return False
        value = self.draw.choice(there)
        if not self.edit(host, attribute, [value], []):
            return False
        time.sleep(self.draw.choice([0, 0, 0.004]))
        return self.edit(host, attribute, [], [value])

    def flip(self, host, back):
        bit = self.draw.choice(self.draw.choice([FOREIGN_BITS, OUR_BITS]))
        for _ in range(2 if back else 1):
            old = int(self.held(host, FLAGS)[0])
            self.edit(host, FLAGS, [str(old)], [str(old ^ bit)])

    def numbers(self):
        """Each account's uSNChanged."""
        found = self.directory.search(os.environ["LAB_OU"], ldb.SCOPE_ONELEVEL, attrs=["cn", "uSNChanged"])
        return {str(entry["cn"][0]).upper(): str(entry["uSNChanged"][0]) for entry in found}

    def stalk(self):
        """Waits until somebody writes, and edits what comes next in turn: between their next reading and writing."""
        before, limit = self.numbers(), time.monotonic() + 0.08
        while time.monotonic() < limit:
            now = self.numbers()
            changed = [host for host in HOSTS if now[host] != before[host]]
            if changed:
                after = HOSTS[(HOSTS.index(changed[0]) + 1) % len(HOSTS)]
                host, attribute = self.draw.choice([(changed[0], FLAGS), (changed[0], FLAGS), (after, LIST), (after, FLAGS)])
                time.sleep(self.draw.choice([0, 0, 0.001, 0.002]))
                for _ in range(6):
                    if attribute == FLAGS:
                        self.flip(host, False)
                    else:
                        self.put_back(host, attribute)
                return

    def burst(self):
        """One edit, or a few of one attribute."""
        if self.draw.random() < 0.4:
            self.stalk()
            return
        host, attribute = self.draw.choice(HOSTS), self.draw.choice([LIST, LIST, FLAGS, NAMES])
        verb = self.draw.choice([self.add, self.add, self.remove, self.respell, self.put_back, self.put_back])
        for _ in range(self.draw.choice([1, 1, 1, 2, 8])):
            if attribute == FLAGS:
                self.flip(host, self.draw.random() < 0.5)
            else:
                verb(host, attribute)

    def report(self):
        print(json.dumps({"edits": self.edits, "refused": self.refused}), flush=True)
        self.edits, self.refused = [], 0


def main():
    adversary = Adversary(int(sys.argv[1]))
    going = False
    while True:
        # Its pauses: short ones beside long ones, so that plans grow old and others do not.
        pause = adversary.draw.choice([0.001, 0.02, 0.08, 0.25]) if going else None
        if select.select([0], [], [], pause)[0]:
            said = os.read(0, 4096).decode()  # sys.stdin would keep a second line to itself, out of sight of select
            if not said:
                return
            for word in said.split():
                going = word == "go"
                if not going:
                    adversary.report()
        elif going:
            adversary.burst()


if __name__ == "__main__":
    main()
