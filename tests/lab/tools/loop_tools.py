"""What tests of the lab share: the checks and their lines, the documents, the program as a process, and how parts are run.

The program runs in a folder of its own, with a store and locks there: labs side by side have the same domain.
"""
import json
import os
import signal
import subprocess
import sys
import time

import jsonschema

import outside
import program
from program import *  # noqa: F401, F403  (what a test needs of it comes from here)
from program import CONFIG, STORE

NAMES = [host.upper() for host in outside.HOSTS]
# HV03's stray subnet is taken away and put back by every run and its rollback.
RECREATED = ["hv03"]

INVENTORY = """estate: lab
directory: {{domain: {domain}, servers: [{dc}], bind: gssapi}}
hosts:
  reach: {reach}
  list: [{hosts}]
migration_domains:
  - {{name: lab, hosts: [{names}]}}
"""
# How the hosts are spoken to, by $LAB_TRANSPORT.
TRANSPORTS = {
    "sealed": "{{protocol: wsman, port: {PORT}, authentication: kerberos}}",
    "https": "{{protocol: wsman, port: {TLS_PORT}, authentication: kerberos, tls: {{ca: {CA}}}}}",
}
POLICY = """policy: tests
owner: tests
why: w
rules:
  - {{id: tests, why: w, on: {on}, want: {{{want}}}}}
"""
# The server that HV01's foreign values are for; without an account, an audit by the shipped policy would tell of them.
SERVER = (f"dn: CN=SQL01,CN=Computers,{outside.lab('BASE_DN')}\nchangetype: add\nobjectClass: computer\n"
          "sAMAccountName: SQL01$\nuserAccountControl: 4096\ndNSHostName: sql01.corp.example\n")


def transport():
    name = os.environ.get("LAB_TRANSPORT", "sealed")
    if name not in TRANSPORTS:
        sys.exit(f"LAB_TRANSPORT is one of {', '.join(TRANSPORTS)}, not {name}")
    return name


def policy(want, on="computers"):
    """Of one rule; want: what stands between the braces."""
    return POLICY.format(want=want, on=on)


class Checks:
    """Prints a line for each fact; the first line of a part also says how long the last one took."""

    def __init__(self):
        self.all = self.failed = 0
        self.began = time.monotonic()

    def part(self, title):
        now = time.monotonic()
        print(f"== {title}  (at {now - self.began:.1f} s)", flush=True)

    def __call__(self, what, holds, otherwise=""):
        self.all += 1
        if holds:
            print(f"ok      {what}", flush=True)
            return
        self.failed += 1
        print(f"FAILED  {what}\n        {otherwise}".rstrip(), flush=True)

    def same(self, what, got, wanted):
        self(what, got == wanted, f"wanted: {wanted}\n        got:    {got}")

    def says(self, what, text, *words):
        missing = [word for word in words if word not in text]
        self(what, not missing, f"does not say {missing}: {text}")

    def end(self):
        """The exit status."""
        self.part("end")
        print(f"{self.all} facts, {self.failed} failed")
        return 1 if self.failed else 0


class Program(program.Folder):
    def __init__(self, check, place=None):
        """place: where its folder is made, if not in the lab's own."""
        super().__init__(place or outside.lab("DIR"))
        self.check = check
        kept = {name: value for name, value in os.environ.items() if name.startswith(("KRB5", "LAB_"))}
        self.usual = {**STORE, **kept}
        self.write("fairway.yaml", CONFIG)
        self.schema = json.loads(self.run("schema", "results").out)

    def read(self, name):
        return super().read(name).decode()

    def shipped(self, policy, more=""):
        """One of the standards that ship is the policy from now on."""
        with open(os.path.join(outside.HERE, f"../../../policies/{policy}.yaml"), encoding="utf-8") as text:
            self.write("policy.yaml", text.read() + more)

    def inventory(self, name, **reach):
        """An inventory of the lab; reach: what is different for one host, like hv03="{port: 1}"."""
        hosts = ", ".join(f"{{name: {host}{', reach: ' + reach[host.lower()] if host.lower() in reach else ''}}}"
                          for host in NAMES)
        usual = TRANSPORTS[transport()].format(**{key: outside.lab(key) for key in ("PORT", "TLS_PORT", "CA")})
        return self.write(name, INVENTORY.format(domain=outside.lab("DOMAIN"), dc=outside.lab("DC"), hosts=hosts,
                                                 reach=usual, names=", ".join(NAMES)))

    def run(self, *arguments, **env):
        return super().run(*arguments, env=env)

    def expect(self, status, *arguments, **env):
        """Runs it, and checks the exit status and, where JSON was asked for, its form."""
        said = self.run(*arguments, **env)
        name = " ".join(arguments)
        self.check(f"`fairway {name}` exits {status}", said.status == status, str(said))
        if "json" in arguments:
            try:
                jsonschema.validate(said.json(), self.schema)
            except (ValueError, jsonschema.ValidationError) as wrong:
                self.check(f"`fairway {name}` prints what `fairway schema results` says", False, str(wrong)[:2000])
        return said

    def bring_to_policy(self):
        """A whole run; HV01's foreign values have a server from then on."""
        self.inventory("inventory.yaml")
        outside.ldif(SERVER)
        self.expect(CHANGES, "plan", "--out", "plan.json")
        self.expect(FINE, "apply", "plan.json")

    def runs(self):
        if not os.path.exists(self.file("journal.db")):
            return []
        return self.run("history", "--output", "json").json()["runs"]

    def last_run(self):
        return self.runs()[-1]["run"]

    def apply_until(self, reached, *arguments):
        """Starts an apply and kills it outright as soon as `reached(lines)` says so; the lines. Bounded."""
        lines, limit = [], time.monotonic() + outside.PATIENCE
        with open(self.file("killed.txt"), "w+", encoding="utf-8") as said:
            process = self.start("apply", *arguments, stdout=said, stderr=subprocess.STDOUT)
            try:
                while process.poll() is None and time.monotonic() < limit and not reached(lines):
                    time.sleep(0.002)
                    with open(said.name, encoding="utf-8") as so_far:
                        lines = so_far.read().splitlines()
            finally:
                process.kill()
                process.wait()
        self.check("an apply was killed in the middle", process.returncode == -signal.SIGKILL,
                   f"it ended by itself with status {process.returncode}: {lines}")
        return lines


def done(lines):
    return sum("✓" in line for line in lines)


def wait_until(what, holds):
    """Polls; a call that hangs is given up."""
    limit = time.monotonic() + outside.PATIENCE
    while not holds():
        if time.monotonic() > limit:
            raise RuntimeError(f"waited in vain until {what}")
        time.sleep(0.05)


def run_parts(prepare, *parts):
    """prepare(program), then each part(check, program), by the operator; the exit status."""
    outside.become("operator", os.environ["KRB5CCNAME"])
    check = Checks()
    program = Program(check)
    prepare(program)
    for part in parts:
        part(check, program)
    return check.end()
