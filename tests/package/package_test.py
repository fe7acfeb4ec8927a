"""Does the Debian package install, work and go? It is tried in a root of its own, without a network, that has Debian's essential
packages and what the package depends on, and nothing else. Needs root, as the lab does.
"""
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ["BUILD_FOLDER"]
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
CORP = "/usr/share/doc/fairway/examples/corp"
# What the operator does with it, and what each ends with.
USE = [
    ("fairway version", 0, r"\Afairway \d+\.\d+\.\d+\n"),
    ("fairway version --verbose", 0, r"libssl\.so"),
    (f"cp -r {CORP} /root/corp", 0, ""),
    ("fairway audit --policy /root/corp/policy.yaml --inventory /root/corp/inventory.yaml", 2, "Paths  19 of 56 open"),
    ("fairway plan --policy /root/corp/policy.yaml --inventory /root/corp/inventory.yaml --out /root/plan.json", 2, "7 changes on 7 objects"),
    ("fairway apply --inventory /root/corp/inventory.yaml /root/plan.json", 0, "complete"),
]


def packages():
    """What dpkg knows, as it stands in its file: name, fields, and the paragraph."""
    with open("/var/lib/dpkg/status", encoding="utf-8") as f:
        for paragraph in f.read().split("\n\n"):
            fields = dict(re.findall(r"^([\w-]+): (.*)$", paragraph, re.M))
            if fields.get("Status", "").endswith((" installed", " triggers-pending", " triggers-awaited")):
                yield fields["Package"], fields, paragraph


def needed(fields):
    """Each dependency as the names that fulfil it."""
    for name in ("Depends", "Pre-Depends"):
        for one in filter(None, fields.get(name, "").split(", ")):
            yield [re.match(r"[\w.+-]+", other).group() for other in one.split(" | ")]


def closure(depends):
    """The essential packages, those of `depends`, and what they depend on."""
    known, provides = {}, {}
    for name, fields, paragraph in packages():
        known[name] = fields, paragraph
        for other in filter(None, fields.get("Provides", "").split(", ")):
            provides.setdefault(other.split(" ")[0], name)
    wanted, out = [[name] for name, (fields, _) in known.items() if fields.get("Essential") == "yes"], {}
    wanted += needed({"Depends": depends})
    while wanted:
        one = wanted.pop()
        name = next((name for name in one if name in known), None) or next(provides[name] for name in one if name in provides)
        if name not in out:
            out[name] = known[name][1]
            wanted += needed(known[name][0])
    return out


def copy_packages(root, wanted):
    """Their files, and what dpkg knows of them."""
    for merged in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if os.path.islink(f"/{merged}"):
            os.makedirs(f"{root}/usr/{merged}", exist_ok=True)
            os.symlink(f"usr/{merged}", f"{root}/{merged}")
    files = subprocess.run(["dpkg", "-L", *wanted], capture_output=True, encoding="utf-8", check=True).stdout
    there = [file for file in set(files.split("\n")) if file.startswith("/") and os.path.lexists(file) and
             not file.startswith(("/usr/share/doc/", "/usr/share/man/", "/usr/share/locale/"))]
    there += ["/etc/passwd", "/etc/group"]
    pack = subprocess.Popen(["tar", "-C", "/", "--no-recursion", "-c", "-T", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    unpack = subprocess.Popen(["tar", "-C", root, "-x", "--keep-directory-symlink"], stdin=pack.stdout)
    pack.stdout.close()
    pack.stdin.write("\n".join(f".{file}" for file in sorted(there)).encode())
    pack.stdin.close()
    if pack.wait() or unpack.wait():
        raise AssertionError("the files of Debian's packages could not be copied")
    for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/log", "proc", "tmp", "root"):
        os.makedirs(f"{root}/{folder}", exist_ok=True)
    installed = [re.sub(r"^(Status: install ok) .*$", r"\1 installed", re.sub(r"^Triggers-\w+: .*\n", "", paragraph, flags=re.M), flags=re.M)
                 for paragraph in wanted.values()]
    with open(f"{root}/var/lib/dpkg/status", "w", encoding="utf-8") as f:
        f.write("\n\n".join(installed) + "\n\n")
    for name in os.listdir("/var/lib/dpkg/info"):
        if name.endswith(".list") and name.removesuffix(".list").split(":")[0] in wanted:
            shutil.copy(f"/var/lib/dpkg/info/{name}", f"{root}/var/lib/dpkg/info/{name}")


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise AssertionError("this test needs root: it installs a package into a root of its own")
        place = tempfile.TemporaryDirectory(prefix="fairway-package-")
        cls.addClassCleanup(place.cleanup)
        cls.place, cls.root = place.name, os.path.join(place.name, "root")
        cls.package = cls.make("first")
        cls.depends = subprocess.run(["dpkg-deb", "-f", cls.package, "Depends"], capture_output=True, encoding="utf-8", check=True).stdout.strip()
        os.mkdir(cls.root)
        copy_packages(cls.root, closure(cls.depends))

    @classmethod
    def make(cls, name):
        folder = os.path.join(cls.place, name)
        subprocess.run(["cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-G", "DEB", "-B", folder], check=True, cwd=BUILD,
                       capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1764400000"})
        return next(os.path.join(folder, file) for file in os.listdir(folder) if file.endswith(".deb"))

    def inside(self, command):
        """In that root, without a network."""
        return subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", f"--root={self.root}", "--mount-proc=/proc", "/bin/sh", "-c", command],
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=300)

    def expect(self, command, status=0, pattern=""):
        said = self.inside(command)
        self.assertEqual(said.returncode, status, f"{command}\n{said.stdout}")
        self.assertIsNotNone(re.search(pattern, said.stdout), f"{command}\n{said.stdout}")
        return said.stdout

    def files(self):
        """All of that root but what dpkg keeps for itself."""
        return {os.path.join(folder, name).removeprefix(self.root) for folder, folders, files in os.walk(self.root) for name in folders + files
                if not folder.removeprefix(self.root).startswith(("/var/lib/dpkg", "/var/log"))} - {"/var/log", "/var/lib/dpkg"}

    def test_it_installs_works_and_leaves_nothing_but_data(self):
        before = self.files()
        shutil.copy(self.package, os.path.join(self.root, "fairway.deb"))
        self.expect("dpkg -i /fairway.deb && rm /fairway.deb")
        for command, status, pattern in USE:
            self.expect(command, status, pattern)
        self.assertEqual(self.expect("dpkg --verify fairway && dpkg --audit fairway"), "")
        data = {file for file in self.files() if file.startswith("/root/")}
        self.assertIn("/root/.local/state/fairway/journal.db", data)
        self.assertGreater(len(self.files() - before - data), 30)
        self.expect("dpkg -r fairway")
        self.expect("dpkg -P fairway")
        self.assertEqual(self.expect("dpkg-query -W fairway", 1), "dpkg-query: no packages found matching fairway\n")
        # The lock folder of root is in /run, which does not survive a restart.
        self.assertEqual(self.files() - before - data - {"/run/fairway"}, set())
        self.assertEqual(before - self.files(), set())
        self.assertEqual({file for file in self.files() if file.startswith("/root/")}, data)

    def test_lintian_finds_nothing(self):
        said = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", self.package], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=600, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual((said.returncode, said.stdout), (0, ""))

    def test_the_same_build_gives_the_same_package(self):
        def digest(file):
            with open(file, "rb") as f:
                return hashlib.sha256(f.read()).hexdigest()
        self.assertEqual(digest(self.make("again")), digest(self.package))
