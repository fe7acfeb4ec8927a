"""What the parts of directory_test.py share: inventories that differ in how the directory is reached, a policy that is
about computer accounts alone, and a caller's tickets in files of their own. It judges nothing.
"""
import os
import subprocess
import sys

import controllers
import loop_tools
import outside
from loop_tools import policy

# Of four hosts HV04 drifts, so that a reading that saw nothing is not taken for one that found nothing.
POLICY = policy("delegation.unconstrained: false")
NO_PASSWORD = "not the password"
VERDICTS = ["compliant", "compliant", "compliant", "drifted"]
INVENTORY = """estate: directory
directory: {{domain: {domain}{rest}}}
hosts:
  list: [{hosts}]
"""


def run_parts(test, parts):
    """Those named on the command line, or all; the exit status. For the lab with two controllers."""
    wanted = sys.argv[1:] or list(parts)
    if len(controllers.ALL) != 2 or not set(wanted) <= set(parts):
        sys.exit(f"{test}: needs LAB_CONTROLLERS=2; parts are {', '.join(parts)}")
    return loop_tools.run_parts(prepare, *(parts[part] for part in wanted))


def prepare(program):
    program.write("policy.yaml", POLICY)


def inventory(program, servers, **keys):
    """servers: full names, in order, or none; keys: the others behind `directory:`, as YAML."""
    if servers:
        keys["servers"] = f"[{', '.join(servers)}]"
    rest = "".join(f", {key}: {value}" for key, value in keys.items() if value is not None)
    hosts = ", ".join(f"{{name: {host.upper()}}}" for host in outside.HOSTS)
    program.write("inventory.yaml", INVENTORY.format(domain=outside.lab("DOMAIN"), rest=rest, hosts=hosts))


def password(user=None, file=None):
    return (f"{{user: '{user or outside.lab('READER') + '@' + outside.lab('DOMAIN')}', "
            f"password_file: '{file or outside.lab('READER_PASSWORD_FILE')}'}}")


def wrong_password(program):
    """A file that holds nobody's."""
    path = program.file(program.write("wrong", NO_PASSWORD))
    os.chmod(path, 0o600)
    return path


def keytab(who="reader"):
    return (f"{{keytab: '{outside.lab(who.upper() + '_KEYTAB')}', "
            f"principal: '{outside.lab(who.upper())}@{outside.lab('REALM')}'}}")


def tickets(program, who, name, *options):
    """kinit into a cache of that name; what an environment or `ticket_cache` calls it."""
    cache = "FILE:" + program.file(name)
    outside.tool("kinit", "-k", "-t", outside.lab(f"{who.upper()}_KEYTAB"), *options, outside.lab(who.upper()),
                 env={"KRB5CCNAME": cache})
    return cache


def later(seconds):
    """An environment in which a program's clock is wrong by so much. Its own clock only: what it starts inherits it."""
    library = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, encoding="utf-8", check=True).stdout
    path = next(line for line in library.splitlines() if line.endswith("/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": path, "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def findings(said):
    return said.json().get("findings", [])


def verdicts(said):
    return sorted(f["verdict"] for f in findings(said))
