#!/usr/bin/python3
"""The lab's DNS: which domain controllers do SRV records name (MS-ADTS 6.3.2.3), in which order, and what when DNS fails?

    tests/lab/world/srv.py usual|absent-first|nothing|silent|gone        # inside a lab of two controllers

Names of hosts and controllers stay in the hosts file, so whatever this does, only those who look for SRV records see it.
Serves with dnsmasq on 127.0.0.1. It knows no program that asks.
"""
import os
import signal
import subprocess
import sys
import time

from outside import PATIENCE

DOMAIN = os.environ["LAB_DOMAIN"]
FOLDER = os.environ["LAB_DIR"]
DCS, SITES = os.environ["LAB_DCS"].split(), os.environ["LAB_SITES"].split()
ABSENT = "dc99"  # has an address, where nobody is
PID = f"{FOLDER}/dns.pid"
LDAP, KERBEROS, KPASSWD, GC = 389, 88, 464, 3268

# Of every controller; {site} of those in that site. The forest has one domain, so its root's names are the domain's.
DOMAIN_WIDE = {
    "_ldap._tcp": LDAP, "_ldap._tcp.dc._msdcs": LDAP, "_ldap._tcp.gc._msdcs": GC, "_gc._tcp": GC,
    "_kerberos._tcp": KERBEROS, "_kerberos._udp": KERBEROS, "_kerberos._tcp.dc._msdcs": KERBEROS,
    "_kpasswd._tcp": KPASSWD, "_kpasswd._udp": KPASSWD,
}
OF_SITE = {
    "_ldap._tcp.{site}._sites": LDAP, "_ldap._tcp.{site}._sites.dc._msdcs": LDAP,
    "_ldap._tcp.{site}._sites.gc._msdcs": GC, "_gc._tcp.{site}._sites": GC,
    "_kerberos._tcp.{site}._sites": KERBEROS, "_kerberos._tcp.{site}._sites.dc._msdcs": KERBEROS,
}
OF_PDC = {"_ldap._tcp.pdc._msdcs": LDAP}
# Against the order in which the controllers stand everywhere else, so that a test sees who has read them.
PRIORITIES = {DCS[0]: 10, DCS[-1]: 0}
WEIGHT = 100


def rows(services, controller, priority, site=""):
    return [(name.format(site=site), controller, port, priority, WEIGHT) for name, port in services.items()]


def usual():
    """(service, controller, port, priority, weight) of all. DC01 is the PDC, as the first of a domain is."""
    out = rows(OF_PDC, DCS[0], 0)
    for controller, site in zip(DCS, SITES):
        out += rows(DOMAIN_WIDE, controller, PRIORITIES[controller]) + rows(OF_SITE, controller, 5, site)
    return out


def absent_first():
    """The same, and before all others one that is down."""
    out = usual() + rows(OF_PDC, ABSENT, 0) + rows(DOMAIN_WIDE, ABSENT, 0)
    out = [(name, dc, port, priority + (dc != ABSENT), weight) for name, dc, port, priority, weight in out]
    return out + [row for site in SITES for row in rows(OF_SITE, ABSENT, 0, site)]


def end(pid):
    """Kills it and waits until the port is free."""
    os.kill(pid, signal.SIGKILL)
    limit = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{pid}"):
        if time.monotonic() > limit:
            raise RuntimeError(f"the DNS server {pid} outlived its end")
        time.sleep(0.01)


def running():
    try:
        with open(PID, encoding="ascii") as text:
            return int(text.read())
    except FileNotFoundError:
        return None


def gone():
    """Nobody listens on the port."""
    if pid := running():
        end(pid)
        os.remove(PID)


def silent():
    """The server takes questions and answers none."""
    os.kill(running(), signal.SIGSTOP)


def serve(records):
    """These records from now on; every other name of the domain is NXDOMAIN."""
    gone()
    conf = f"{FOLDER}/dns.conf"
    with open(conf, "w", encoding="ascii") as out:
        out.write(f"listen-address=127.0.0.1\nbind-interfaces\nport=53\nno-resolv\nno-hosts\naddn-hosts={FOLDER}/hosts\n"
                  f"local=/{DOMAIN}/\nuser=root\npid-file={PID}\n")
        out.writelines(f"srv-host={name}.{DOMAIN},{controller}.{DOMAIN},{port},{priority},{weight}\n"
                       for name, controller, port, priority, weight in records)
    subprocess.run(["dnsmasq", f"--conf-file={conf}"], check=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)


def nothing():
    serve([])


WORDS = {"usual": lambda: serve(usual()), "absent-first": lambda: serve(absent_first()), "nothing": nothing,
         "silent": silent, "gone": gone}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in WORDS:
        sys.exit(f"usage: srv.py {'|'.join(WORDS)}")
    WORDS[sys.argv[1]]()
