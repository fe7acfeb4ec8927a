"""The program as a process in a folder of its own: what tests/binary, tests/lab and tests/scenarios share. $FAIRWAY names it."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

FAIRWAY = os.path.realpath(os.environ.get("FAIRWAY", ""))
PATIENCE = 300  # seconds after which a call counts as hung; a guard, for a machine that is busy may be slow

# The table of exit statuses, as `fairway --help` prints it.
FINE, ERROR, CHANGES, BAD_DOCUMENT, UNREACHABLE, STALE, LOCK_HELD = 0, 1, 2, 3, 4, 5, 6
PARTLY_APPLIED, IN_DOUBT, NOT_VERIFIED, REFUSED, DENIED, STORAGE, CHANGES_UNREAD = 7, 8, 9, 10, 11, 12, 13
ROLLED_BACK, ROLLBACK_INCOMPLETE, PAST_END, USAGE = 14, 15, 16, 64

# The store is named by the environment: a config of the current folder may not say it.
STORE = {"FAIRWAY_STORE": "journal.db"}
CONFIG = "policy: policy.yaml\ninventory: inventory.yaml\n"


def clock(words):
    """The environment in which the program's clock is as libfaketime understands the words: "+3600s", "+0 x30"."""
    listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, encoding="utf-8", check=True).stdout
    library = next(line for line in listed.splitlines() if line.endswith("/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": library, "FAKETIME": words, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Said:
    """What one call of the program left behind."""

    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err

    def __str__(self):
        return f"fairway {' '.join(self.arguments)}\n(exit status {self.status})\n{self.out}--- stderr\n{self.err}"

    def json(self):
        return json.loads(self.out)


class Folder:
    """A folder in which the program runs."""
    usual = {}  # what its environment has besides

    def __init__(self, place=None):
        """place: where it is made, if not where such folders are usually."""
        if not os.access(FAIRWAY, os.X_OK) or os.path.isdir(FAIRWAY):
            sys.exit("name the program in $FAIRWAY")
        self.path = os.path.realpath(tempfile.mkdtemp(prefix="fairway-", dir=place))

    def file(self, name):
        return os.path.join(self.path, name)

    def read(self, name):
        with open(self.file(name), "rb") as f:
            return f.read()

    def write(self, name, content):
        with open(self.file(name), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return name

    def environment(self, **more):
        sanitizers = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.file("home"), "FAIRWAY_LOCK_DIR": self.path,
                "PAGER": "", **sanitizers, **self.usual, **more}

    def start(self, *arguments, env=None, **more):
        """The program as a process; its output comes as text."""
        options = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       encoding="utf-8", errors="surrogateescape")
        return subprocess.Popen([FAIRWAY, *arguments], cwd=self.path, env=self.environment(**(env or {})), **{**options, **more})

    def run(self, *arguments, env=None, **more):
        with self.start(*arguments, env=env, **more) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Said(arguments, process.returncode, out or "", err or "")

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)
