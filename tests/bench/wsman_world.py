"""What the benchmark tests/bench/wsman measures against: one stub process for all hosts, and a KDC that knows a service
for each of them. It must not know which clients there are. Everything stands in one folder and ends with the caller's
namespaces.
"""
import json
import os
import secrets
import subprocess
import time
import urllib.request

REALM, DOMAIN, PORT = "CORP.EXAMPLE", "corp.example", 5985
USER, PRINCIPAL = "bench", f"operator@{REALM}"
PATIENCE_S = 20

# The KDC by TCP, as in a domain, whose tickets are too large for UDP.
KRB5_CONF = """\
[libdefaults]
    default_realm = {realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    udp_preference_limit = 1
[realms]
    {realm} = {{
        kdc = 127.0.0.1
    }}
[domain_realm]
    .{domain} = {realm}
"""
KDC_CONF = """\
[kdcdefaults]
    kdc_listen = 127.0.0.1:88
    kdc_tcp_listen = 127.0.0.1:88
[realms]
    {realm} = {{
        database_name = {folder}/principals
        key_stash_file = {folder}/stash
        acl_file = {folder}/none
        supported_enctypes = aes256-cts-hmac-sha1-96:normal
        master_key_type = aes256-cts-hmac-sha1-96
    }}
[logging]
    kdc = FILE:{folder}/kdc.log
"""


def address_of(host):
    """As wsman_stub/session.cpp and wsman_bench.cpp have it."""
    return f"127.77.{host // 250}.{host % 250 + 1}"


def write_secret(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


def wait_until(true, what):
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"wsman: {what} is not up after {PATIENCE_S} s")
        time.sleep(0.05)


class World:
    def __init__(self, folder, stub, hosts, round_trip_ms=0):
        self.folder, self.hosts = folder, hosts
        self.password_file, self.keytab = f"{folder}/password", f"{folder}/operator.keytab"
        password = secrets.token_hex(16)
        write_secret(self.password_file, password)
        write_secret(f"{folder}/users", f"{USER}:{password}\n")
        self.environment = dict(os.environ, KRB5_CONFIG=f"{folder}/krb5.conf", KRB5CCNAME=f"FILE:{folder}/ccache")
        self.kdc = self._start_kdc()
        # pylint: disable=consider-using-with
        self.stub = subprocess.Popen([stub, str(hosts), str(PORT), f"{folder}/users", str(round_trip_ms)], stdout=subprocess.DEVNULL,
                                     env=dict(self.environment, KRB5_KTNAME=f"FILE:{folder}/hosts.keytab",
                                              KRB5RCACHENAME="none:"))
        wait_until(self._answers, "the stub")

    def _start_kdc(self):
        for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
            with open(f"{self.folder}/{name}", "w", encoding="utf-8") as out:
                out.write(text.format(realm=REALM, domain=DOMAIN, folder=self.folder))
        environment = dict(self.environment, KRB5_KDC_PROFILE=f"{self.folder}/kdc.conf")

        def run(words, text=""):
            done = subprocess.run(words, input=text, env=environment, text=True, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                raise SystemExit(f"wsman: {words[0]}: {done.stdout}")

        master = secrets.token_hex(16)
        run(["kdb5_util", "create", "-s", "-r", REALM], f"{master}\n{master}\n")
        run(["kadmin.local"], f"addprinc -randkey operator\naddprinc -randkey HTTP/first\n"
                              f"ktadd -norandkey -k {self.keytab} operator\n"
                              f"ktadd -norandkey -k {self.folder}/hosts.keytab HTTP/first\n")
        # All hosts' services have one key, as the names of one account in a domain have: a keytab of one row, which
        # the stub does not have to search.
        run(["kdb5_util", "dump", f"{self.folder}/dump"])
        with open(f"{self.folder}/dump", encoding="utf-8") as dump:
            head, *rows = dump.read().splitlines()
        first = next(row.split("\t") for row in rows if f"HTTP/first@{REALM}" in row)
        with open(f"{self.folder}/more", "w", encoding="utf-8") as out:
            out.write(head + "\n")
            for host in range(self.hosts):
                name = f"HTTP/hv{host + 1:05}.{DOMAIN}@{REALM}"
                # type, base length, name length, ..., name (kdb5_util's dump, version 7)
                out.write("\t".join(first[:2] + [str(len(name))] + first[3:6] + [name] + first[7:]) + "\n")
        run(["kdb5_util", "load", "-update", f"{self.folder}/more"])
        kdc = subprocess.Popen(["krb5kdc", "-n"], env=environment,  # pylint: disable=consider-using-with
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: subprocess.run(["kinit", "-k", "-t", self.keytab, "-c", f"{self.folder}/probe", PRINCIPAL],
                                          env=environment, stderr=subprocess.DEVNULL, check=False).returncode == 0,
                   "the KDC")
        return kdc

    def _ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/{path}", timeout=10) as reply:
            return reply.read()

    def _answers(self):
        if self.stub.poll() is not None:
            raise SystemExit("wsman: the stub has ended")
        try:
            return self.tally() is not None
        except OSError:
            return False

    def reset(self):
        self._ask("reset")

    def tally(self):
        return json.loads(self._ask("tally"))

    def texts(self):
        """What the first host was asked since the last reset, in order."""
        return json.loads(self._ask("texts"))

    def kdc_cpu_s(self):
        with open(f"/proc/{self.kdc.pid}/stat", encoding="utf-8") as stat:
            words = stat.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        for process in (self.stub, self.kdc):
            process.terminate()
            process.wait(timeout=10)
