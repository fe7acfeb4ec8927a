"""Where may a password come from? A file, a descriptor, a command: each reaches the directory's sign-on whole and
nothing else; what goes wrong is told without it.
"""
import os
import pty
import shutil
import tempfile

import servers
from estate import BAD_DOCUMENT, DENIED, Case

PASSWORD = "correct-horse-battery"

POLICY = """policy: live
owner: tests
why: One rule is enough to make the program ask.
rules:
  - {id: migration-on, why: w, on: hosts, want: {migration.enabled: true}}
"""

INVENTORY = """estate: live
directory: {domain: corp.example, servers: ["127.0.0.1"], port: %d, bind: simple, tls: ldaps, ca: %s,
            credentials: {%s, user: fairway@corp.example}}
hosts: {list: [{name: HV01}, {name: HV02}]}
"""

# how the inventory names a password, exit status, words
MISTAKES = [
    ("password_command: [sh, -c, 'echo %s >&2; exit 4']" % PASSWORD, BAD_DOCUMENT,
     ["the password command sh ended with status 4; run it by hand to see why"]),
    ("password_command: [no-such-vault, %s]" % PASSWORD, BAD_DOCUMENT,
     ["cannot start the password command no-such-vault: No such file"]),
    ("password_command: ['true']", BAD_DOCUMENT, ["the password command true printed nothing"]),
    ("password_command: [bin/vault]", BAD_DOCUMENT, ["`bin/vault` depends on the folder"]),
    ("password_fd: 0", BAD_DOCUMENT, ["standard input (descriptor 0) is neither a pipe nor a file"]),  # /dev/null
    ("password_fd: 7", BAD_DOCUMENT, ["descriptor 7 was not left open for this program"]),
]


class Secrets(Case):
    @classmethod
    def setUpClass(cls):
        cls.keys = tempfile.mkdtemp(prefix="fairway-keys-")
        cls.addClassCleanup(shutil.rmtree, cls.keys)
        cls.files = servers.certificate(cls.keys)

    def setUp(self):
        super().setUp()
        self.estate.write("policy.yaml", POLICY)
        # Whoever signs on is refused, so no host is asked.
        self.directory = servers.Directory(self.files, 49, "")
        self.addCleanup(self.directory.close)

    def says(self, credentials, status, *words, **more):
        self.estate.write("inventory.yaml", INVENTORY % (self.directory.port, self.files[0], credentials))
        said = self.estate.run("audit", "--log-level", "trace", **more)
        self.assertEqual(said.status, status, str(said))
        for word in words:
            self.assertIn(word, said.err, str(said))
        self.assertNotIn(PASSWORD, said.out + said.err)

    def heard(self):
        """The one sign-on that came, and with the password as it was given: context tag 0 and its length before it."""
        binds = [message for message in self.directory.heard if message[0] == self.directory.BIND]
        self.assertEqual(len(binds), 1)
        self.assertTrue(binds[0].endswith(b"\x80" + bytes([len(PASSWORD)]) + PASSWORD.encode()))

    def pipe(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        os.write(writer, PASSWORD.encode() + b"\n")
        os.close(writer)
        return reader

    def test_from_standard_input(self):
        self.says("password_fd: 0", DENIED, stdin=self.pipe())
        self.heard()

    def test_from_a_descriptor(self):
        reader = self.pipe()
        self.says(f"password_fd: {reader}", DENIED, pass_fds=[reader])
        self.heard()

    def test_from_a_command_that_gets_nothing_and_is_asked_once(self):
        script = f"echo x >>asked; cat; echo {PASSWORD}"
        self.says(f"password_command: [sh, -c, '{script}']", DENIED, stdin=self.pipe())
        self.heard()
        self.assertEqual(self.estate.read("asked"), b"x\n")

    def test_from_a_file(self):
        self.estate.write("password", PASSWORD)
        os.chmod(self.estate.file("password"), 0o600)
        os.symlink("password", self.estate.file("link"))
        self.says("password_file: link", DENIED)
        self.heard()

    def test_a_terminal_is_no_place_for_a_password(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        self.says("password_fd: 0", BAD_DOCUMENT, "is a terminal, which would show the password", stdin=theirs)

    def test_mistakes_are_told_without_the_password_and_nobody_signs_on(self):
        for credentials, status, words in MISTAKES:
            with self.subTest(credentials):
                self.says(credentials, status, *words)
        self.assertEqual([one for one in self.directory.asked if one == self.directory.BIND], [])
