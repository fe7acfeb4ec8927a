"""One host behind a relay, and all that a test of the wire knows about it from outside: what it holds (Python's HTTP over
TLS, past the relay), what the journal says (sqlite, read-only), and whether the two agree. Nothing of what is
claimed is asked of Fairway.
"""
import collections
import json
import os
import re
import sqlite3

import outside
from loop_tools import Program
from wire_host import Host
from wire_relay import Relay

INVENTORY = """estate: wire-{host}
directory: {{domain: {domain}, servers: [{dc}], bind: gssapi}}
hosts:
  reach: {{protocol: wsman, address: 127.0.0.1, port: {port}, authentication: kerberos}}
  list: [{{name: {name}}}]
"""
POLICY = """policy: wire
owner: tests
why: A small one, so that every request of a run can be spoiled.
rules:
  - {{id: wire, why: w, on: hosts, want: {want}}}
"""
SETTINGS = {"EnableVirtualSystemMigration": True, "AuthenticationType": 1, "EnableCompression": True,
            "EnableSmbTransport": False, "MaximumActiveVirtualSystemMigration": 2, "MaximumActiveStorageMigration": 2}
STRAY = {"SubnetNumber": "10.9.0.0", "PrefixLength": 16, "Metric": 5, "Tags": ["Microsoft:UserManaged"]}
# What a host holds at first, and what is wanted of it.
DIRECTIONS = {
    "to any": ({**SETTINGS, "AuthenticationType": 0}, [STRAY],
               "{migration.max_live: 4, migration.authentication: kerberos, migration.networks: any}"),
    "from any": ({**SETTINGS, "EnableVirtualSystemMigration": False}, ["any"],
                 "{migration.enabled: true, migration.performance: smb, "
                 "migration.networks: [10.20.0.0/16, 'fd20::/64']}"),
}
NO_EFFECT = {"not_done", "unanswered", "not begun"}


class Wrong(Exception):
    """A fact that does not hold; the text says which."""


def demand(holds, text):
    if not holds:
        raise Wrong(text)


def network(xml):
    """A network in the program's spelling; the metric and the two objects of `any` are facts WMI-35 and WMI-36."""
    if "Microsoft:UserManagedAllNetworks" in xml:
        return "any"
    metric = outside.element(xml, "Metric") or "0"
    subnet = f"{outside.element(xml, 'SubnetNumber')}/{outside.element(xml, 'PrefixLength')}"
    return subnet if metric == "0" else f"{subnet} metric {metric}"


class World:
    """What the host holds: `raw` to compare with itself, `values` to compare with a journal."""

    def __init__(self, host):
        kinds = ("settings", "networks")
        text = "".join(host.instances(*kinds))
        found = {kind: re.findall(rf"<p:{outside.CLASSES[kind]} .*?</p:{outside.CLASSES[kind]}>", text, re.S)
                 for kind in kinds}
        if len(found["settings"]) != 1 or text.count("EnumerateResponse>") != 2 * len(kinds):
            raise RuntimeError(f"{host.name} does not answer as it should:\n{text}")
        setting = found["settings"][0]
        self.raw = [setting, *sorted(outside.without_id(xml) for xml in found["networks"])]
        flags = (outside.element(setting, "EnableCompression"), outside.element(setting, "EnableSmbTransport"))
        self.values = {
            "migration.enabled": outside.element(setting, "EnableVirtualSystemMigration") == "true",
            "migration.authentication": ["credssp", "kerberos"][int(outside.element(setting, "AuthenticationType"))],
            "migration.performance": {("false", "false"): "tcpip", ("true", "false"): "compression",
                                      ("false", "true"): "smb"}[flags],
            "migration.max_live": int(outside.element(setting, "MaximumActiveVirtualSystemMigration")),
            "migration.networks": sorted({network(xml) for xml in found["networks"]}),
        }

    def differs(self, other):
        """As a sentence; empty when both are the same."""
        was, now = (collections.Counter(outside.pieces(world.raw)) for world in (other, self))
        return "" if self.raw == other.raw else f"lost {[*(was - now).elements()]}, got {[*(now - was).elements()]}"


class Run:
    """A run as the journal tells it: its changes (setting, before, after), what became of each, and its end."""

    def __init__(self, name, rows):
        self.name, self.end = name, None
        self.changes, outcomes = [], {}
        for kind, body in rows:
            if kind == "begin":
                self.changes = [change for phase in json.loads(body["plan"])["phases"] for change in phase["changes"]]
            elif kind == "intent":
                outcomes[body["change"]] = "open"
            elif kind == "outcome":
                outcomes[body["change"]] = body["outcome"]
            else:
                self.end = body["end"]
        self.outcomes = [outcomes.get(number, "not begun") for number in range(len(self.changes))]

    def __str__(self):
        return f"run {self.name} ({self.end}): " + ", ".join(
            f"{change['setting']} {outcome}" for change, outcome in zip(self.changes, self.outcomes))

    def agrees(self, world, may_land=False):
        """`may_land`: the host may have come to a write, or to more of it, after the run had looked."""
        for change, outcome in zip(self.changes, self.outcomes):
            held, before = world.values[change["setting"]], change["before"]
            if isinstance(before, list):
                before, after = sorted(before), sorted({*before, *change["add"]} - {*change["remove"]})
            else:
                after = change["after"]
            if outcome == "done":
                right = held == after
            elif outcome in NO_EFFECT:
                right = held == before
            else:
                right = outcome == "in_doubt" or (outcome == "torn" and held not in (before, after))
            if may_land and outcome in ("unanswered", "torn"):
                mixed = isinstance(before, list) and set(before) & set(after) <= set(held) <= {*before, *after}
                right = right or held in (before, after) or mixed
            demand(right, f"the host holds {change['setting']} {held}, the journal says {outcome} of {before} -> "
                          f"{after}; {self}")


class Bench:
    """A host, its relay, and a folder with the program's documents."""

    def __init__(self, check, host, direction):
        self.host, self.direction = host, direction
        self.relay = Relay(host.address, host.port)
        self.program = Program(check)
        self.declare(*DIRECTIONS[direction])
        self.program.write("inventory.yaml", INVENTORY.format(host=host.name, name=host.name.upper(),
                                                              port=self.relay.port, domain=outside.lab("DOMAIN"),
                                                              dc=outside.lab("DC")))
        table = self.program.run("--help").out.split("Exit status:")[1]
        self.statuses = {int(number) for number in re.findall(r"^ +(\d+)  \w", table, re.M)}
        self.begin("never")
        said = self.program.run("plan", "--out", "plan.json")
        demand(said.status == 2, f"no plan was made: {said}")
        self.before = World(host)
        self.program.run("apply", "plan.json")
        self.after = World(host)

    def control(self, path, message):
        return self.host.control(path, message)

    def declare(self, settings, networks, want):
        """What the host holds at first from now on, and what is wanted of it."""
        self.settings, self.networks = settings, networks
        self.program.write("policy.yaml", POLICY.format(want=want))

    def begin(self, jobs, delay_ms=0, held=False):
        """The host as at first, an empty journal, and a wire without faults. Who asks about a job is told once that it
        runs, however fast or slow the machine is: a run has always the same requests."""
        self.relay.repair()
        self.control("misbehave", {"how": None})
        self.control("jobs", {"answer": jobs, "delay_ms": delay_ms, "keep_ms": 300000, "runs_for": 1, "held": held})
        self.control("third-hand", {"settings": self.settings, "networks": self.networks})
        self.control("reset", {})
        for name in ("journal.db", "journal.db.head", "journal.db-wal", "journal.db-shm"):
            if os.path.exists(self.program.file(name)):
                os.remove(self.program.file(name))

    def runs(self):
        """The journal's runs, oldest first."""
        if not os.path.exists(self.program.file("journal.db")):
            return []
        journal = sqlite3.connect(f"file:{self.program.file('journal.db')}?mode=ro", uri=True)
        try:
            rows = journal.execute("SELECT run, kind, body FROM entry ORDER BY seq").fetchall()
        finally:
            journal.close()
        names = list(dict.fromkeys(run for run, _, _ in rows))
        return [Run(name, [(kind, json.loads(body)) for run, kind, body in rows if run == name]) for name in names]

    def sent_twice(self):
        """What the host was asked more than once since its log was reset, of what must not be repeated."""
        asked = collections.Counter((note["action"], note["method"], note["content"])
                                    for note in self.control("log", None)
                                    if note["action"] in ("Invoke", "Pull", "Put"))
        return [what[:2] for what, times in asked.items() if times > 1]

    def run(self, *arguments):
        """Runs the program, and demands what always holds; what it said, and the run that it wrote (or None)."""
        self.control("reset", {})
        known = {run.name: str(run) for run in self.runs()}
        said = self.program.run(*arguments)
        demand(said.status in self.statuses, f"an exit status that the manual does not know: {said}")
        demand(not self.sent_twice(), f"sent twice: {self.sent_twice()}\n{said}")
        written = [run for run in self.runs() if known.get(run.name) != str(run)]
        fresh = [run for run in written if run.name not in known]
        demand(len(fresh) < 2, f"more than one run began: {[str(run) for run in fresh]}")
        return said, (fresh or written or [None])[0]


def all_benches(check, workers, count):
    """So many, each with a host of its own, the directions in turn."""
    directions = list(DIRECTIONS)

    def bench(number):
        return Bench(check, Host(outside.HOSTS[number % len(outside.HOSTS)], number + 1), directions[number % 2])

    return [*workers.map(bench, range(count))]
