"""What does the program say of a directory or a host that refuses, lies or is not there? Its whole way from the
inventory over the wire to exit status and words, against servers on this machine that are no Windows at all.
"""
import json
import os
import shutil
import tempfile
import time

import servers
from estate import BAD_DOCUMENT, DENIED, PATIENCE, REFUSED, UNREACHABLE, Case, Said

PASSWORD = "correct-horse-battery"
MUCH_MIB = 1500 if "ASAN_OPTIONS" in os.environ else 300

POLICY = """policy: live
owner: tests
why: One rule is enough to make the program ask.
rules:
  - {id: migration-on, why: w, on: hosts, want: {migration.enabled: true}}
"""

INVENTORY = """estate: live
directory:
  domain: corp.example
  servers: ["127.0.0.1"]
  port: %(directory)d
  bind: simple
  tls: ldaps
  ca: %(ca)s
  credentials: {password_file: password, user: fairway@corp.example}
hosts:
  reach: {address: 127.0.0.1, authentication: basic, seal: never}
  credentials: {password_file: password, user: fairway}
  list:
%(hosts)s
"""

WRONG_PASSWORD = "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563"

# what the directory answers to the sign-on, its words, exit status, words of ours
SIGN_ONS = [
    ("a wrong password", 49, WRONG_PASSWORD, DENIED, ["invalidCredentials (49)", "wrong user name or password"]),
    ("a locked account", 49, WRONG_PASSWORD.replace("52e", "775"), DENIED, ["account is locked out"]),
    ("no words", 49, "", DENIED, ["invalidCredentials (49)", "does not accept the user name, password or ticket"]),
    ("a busy server", 51, "", UNREACHABLE, ["busy (51)", "try again later"]),
    ("no simple binds", 8, "", DENIED, ["strongAuthRequired (8)"]),
    ("a code of its own", 80, "\x1b[31mred\nline", UNREACHABLE, ["80", "?[31mred?line"]),
]

# what answers at the host's port, exit status, words
HOSTS = [
    ("a web page", servers.PAGE, UNREACHABLE, ["HTTP 200: a web page: something else than WinRM answers"]),
    ("a refused sign-on", servers.SIGN_ON, DENIED, ["the host did not accept the sign-on (it offers: Basic)"]),
    ("forbidden", servers.FORBIDDEN, DENIED, ["HTTP 403", "Remote Management Users"]),
    ("nothing called /wsman", servers.MISSING, UNREACHABLE, ["HTTP 404", "is the WinRM service running"]),
    ("no SOAP", servers.NOT_SOAP, UNREACHABLE, []),
    ("a cut answer", servers.CUT, UNREACHABLE, ["closed the connection in the middle of an answer"]),
    ("a server of another kind", servers.SSH, UNREACHABLE, ["does not speak HTTP"]),
    ("nobody's words", b"", UNREACHABLE, ["closed the connection"]),
]


class LiveCase(Case):
    @classmethod
    def setUpClass(cls):
        cls.keys = tempfile.mkdtemp(prefix="fairway-keys-")
        cls.addClassCleanup(shutil.rmtree, cls.keys)
        cls.files = servers.certificate(cls.keys)

    def setUp(self):
        super().setUp()
        self.estate.write("policy.yaml", POLICY)
        self.estate.write("password", PASSWORD + "\n")
        os.chmod(self.estate.file("password"), 0o600)

    def serving(self, server):
        self.addCleanup(server.close)
        return server

    def inventory(self, directory, ports, ca=None):
        hosts = "\n".join(f"    - {{name: HV0{number}, reach: {{port: {port}}}}}" for number, port in enumerate(ports, 1))
        self.estate.write("inventory.yaml", INVENTORY % {"directory": directory, "ca": ca or self.files[0], "hosts": hosts})

    def refused(self, status, *words):
        """Audit and plan say those words; no plan file, no journal, and nobody sees the password."""
        for arguments in (["audit"], ["plan", "--out", "p.json"], ["audit", "--output", "json", "--log-level", "trace"]):
            said = self.estate.run(*arguments)
            self.assertEqual(said.status, status, str(said))
            for word in words:
                self.assertIn(word, said.err + said.out, str(said))
            self.assertNotIn(PASSWORD, said.out + said.err)
            self.assertNotIn("\x1b", said.out + said.err)
        self.assertFalse(os.path.exists(self.estate.file("p.json")))
        self.assertFalse(os.path.exists(self.estate.file("journal.db")))


class Directories(LiveCase):
    def test_a_refused_sign_on_says_why_and_no_host_is_asked(self):
        host = self.serving(servers.Babble(servers.PAGE))
        for name, code, words, status, ours in SIGN_ONS:
            with self.subTest(name):
                directory = self.serving(servers.Directory(self.files, code, words))
                self.inventory(directory.port, [host.port])
                self.refused(status, "cannot sign on to 127.0.0.1", *ours)
                self.assertEqual(directory.asked.count(directory.BIND), 3, "one attempt for each command")
        self.assertEqual(host.asked, [])

    def test_a_directory_that_is_not_there_is_unreachable(self):
        self.inventory(servers.closed_port(), [servers.closed_port()])
        self.refused(UNREACHABLE, "cannot connect to 127.0.0.1")

    def test_a_directory_that_speaks_no_tls_is_unreachable(self):
        self.inventory(self.serving(servers.Babble(servers.SSH)).port, [servers.closed_port()])
        self.refused(UNREACHABLE, "cannot connect to 127.0.0.1")

    def test_a_directory_that_cannot_prove_itself_never_sees_the_password(self):
        directory = self.serving(servers.Directory(servers.certificate(self.keys, "stranger")))
        self.inventory(directory.port, [servers.closed_port()])
        self.refused(UNREACHABLE, "cannot connect to 127.0.0.1", "certificate")
        self.assertEqual(directory.asked, [])

    def test_the_directory_of_another_domain_is_named(self):
        directory = self.serving(servers.Directory(self.files, domain="lab.example"))
        self.inventory(directory.port, [servers.closed_port()])
        self.refused(BAD_DOCUMENT, "dc.lab.example is a domain controller of DC=lab,DC=example",
                     "the inventory's domain is corp.example")

    def test_a_missing_authority_file_is_a_wrong_document(self):
        self.inventory(self.serving(servers.Directory(self.files)).port, [servers.closed_port()], ca="nope.pem")
        self.refused(BAD_DOCUMENT, "nope.pem")


class Hosts(LiveCase):
    def setUp(self):
        super().setUp()
        self.directory = self.serving(servers.Directory(self.files))

    def test_what_answers_without_being_winrm_is_named_by_host_and_reason(self):
        for name, said, status, words in HOSTS:
            with self.subTest(name):
                self.inventory(self.directory.port, [self.serving(servers.Babble(said)).port])
                self.refused(status, "HV01", *words)

    def test_a_host_that_refuses_is_asked_once_however_much_is_wanted_of_it(self):
        self.estate.write("policy.yaml", POLICY.replace("migration.enabled: true", "migration.enabled: true, migration.max_live: 4, "
                                                                                    "migration.networks: any"))
        for name, said in (("sign-on", servers.SIGN_ON), ("forbidden", servers.FORBIDDEN), ("missing", servers.MISSING)):
            with self.subTest(name):
                host = self.serving(servers.Babble(said))
                self.inventory(self.directory.port, [host.port])
                told = self.estate.run("audit", "--output", "json").json()
                self.assertEqual(sum(bool(request) for request in host.asked), 1)
                reasons = [finding["because"] for finding in told["findings"]]
                self.assertEqual((len(reasons), len(set(reasons))), (3, 1), reasons)

    def test_a_closed_port_is_unreachable(self):
        self.inventory(self.directory.port, [servers.closed_port()])
        self.refused(UNREACHABLE, "HV01", "127.0.0.1 port", "refuses the connection", "is the port right?")

    def test_every_host_that_does_not_answer_is_named(self):
        page = self.serving(servers.Babble(servers.PAGE))
        self.inventory(self.directory.port, [page.port, servers.closed_port(), servers.closed_port()])
        self.refused(UNREACHABLE, "HV01: ", "a web page", "HV02: ", "HV03: ")

    def memory_of(self, *arguments):
        """What it said, and the most memory that it held, in MiB."""
        most, limit = 0, time.monotonic() + PATIENCE
        with tempfile.TemporaryFile("w+") as out, self.estate.start(*arguments, stdout=out, stderr=out) as process:
            while process.poll() is None and time.monotonic() < limit:  # ru_maxrss would count ours, before the exec
                with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
                    most = max([most, *(int(line.split()[1]) for line in status if line.startswith("VmHWM"))])
                time.sleep(0.01)
            process.kill()
            out.seek(0)
            return Said(arguments, process.wait(), out.read(), ""), most // 1024

    def test_hosts_that_answer_without_end_fail_alone_and_take_little_memory(self):
        fat = f"<p:X><p:InstanceID>{'x' * 7_000_000}</p:InstanceID></p:X>"
        thin = f"<p:X>{'<p:a>1</p:a>' * 190_000}</p:X>"
        setting = "<p:X><p:InstanceID>I</p:InstanceID><p:EnableVirtualSystemMigration>true</p:EnableVirtualSystemMigration></p:X>"
        honest = [self.serving(servers.Endless(setting, last=True)) for _ in range(4)]
        for name, items in (("fat", fat), ("thin", thin)):
            endless = [self.serving(servers.Endless(items)) for _ in range(8)]
            with self.subTest(name, hosts=1):
                self.inventory(self.directory.port, [endless[0].port])
                said, used = self.memory_of("audit")
                self.expect(said, UNREACHABLE)
                self.assertIn("hold more than 64 MiB", said.out)
                self.assertLess(len(endless[0].asked), 40)
                self.assertEqual(endless[0].asked[-1], "Release")
                self.assertLess(used, MUCH_MIB)
            with self.subTest(name, hosts=len(endless)):
                self.inventory(self.directory.port, [server.port for pair in zip(endless[:4], honest) for server in pair] +
                               [server.port for server in endless[4:]])
                said, used = self.memory_of("audit", "--output", "json")
                self.expect(said, UNREACHABLE)
                self.assertIn("hosts.limits", said.out)
                self.assertLess(used, MUCH_MIB)
                told = json.loads(said.out)
                self.assertEqual(sum("unreadable" in json.dumps(finding) for finding in told["findings"]), len(endless))

    def test_a_password_file_must_be_there_and_private(self):
        self.inventory(self.directory.port, [servers.closed_port()])
        os.chmod(self.estate.file("password"), 0o644)
        self.refused(BAD_DOCUMENT, "others may read", "chmod 600")
        os.remove(self.estate.file("password"))
        self.refused(BAD_DOCUMENT, "cannot read the secret in", "password: No such file")

    def test_a_plan_of_the_embedded_estate_is_refused_for_a_live_one(self):
        shutil.copy(os.path.join(os.path.dirname(__file__), "sample", "policy.yaml"), self.estate.path)
        self.estate.plan()
        self.inventory(self.directory.port, [servers.closed_port()])
        said = self.estate.run("apply", "plan.json")
        self.expect(said, REFUSED, "this plan is for the estate corp", "inventory.yaml is of live")
        self.assertEqual(self.estate.runs(), [])
