"""Is what `cmake --install` puts in place complete and right? Pages of the manual are judged by mandoc, units by systemd-analyze."""
import json
import os
import re
import subprocess
import tempfile
import unittest

import jsonschema

from program import CHANGES, FINE, Folder

JUDGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../binary/judges")
BUILD = os.environ["BUILD_FOLDER"]


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="fairway-installed-")
        cls.addClassCleanup(place.cleanup)
        cls.top = place.name
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.top], check=True, stdout=subprocess.DEVNULL)
        cls.folder = Folder()
        cls.addClassCleanup(cls.folder.remove)
        cls.commands = re.findall(r"^  ([a-z-]+) ", cls.folder.run("--help").out.split("Exit status:")[0], re.M)

    def file(self, *path):
        return os.path.join(self.top, *path)

    def run_installed(self, *arguments):
        return subprocess.run([self.file("bin", "fairway"), *arguments], cwd=self.folder.path, env=self.folder.environment(),
                              capture_output=True, encoding="utf-8")

    def test_a_page_for_every_command_and_document(self):
        pages = {f"man1/fairway-{command}.1" for command in self.commands} | {"man1/fairway.1", "man5/fairway-policy.5", "man5/fairway-inventory.5"}
        there = [os.path.join(folder, name) for folder in os.listdir(self.file("share/man")) for name in os.listdir(self.file("share/man", folder))]
        self.assertEqual(set(there), pages)
        # Lines of more than 80 bytes are a matter of style.
        said = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *(self.file("share/man", page) for page in sorted(there))],
                              capture_output=True, encoding="utf-8")
        self.assertEqual((said.stdout, said.stderr, said.returncode), ("", "", 0))

    def test_the_page_of_a_command_has_what_its_help_has(self):
        for command in self.commands:
            said = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=400", self.file(f"share/man/man1/fairway-{command}.1")],
                                  capture_output=True, encoding="utf-8", check=True).stdout
            text = re.sub(".\b", "", said)
            with self.subTest(command):
                parts = dict(re.findall(r"^([A-Z][A-Z ]+)\n((?: .*\n|\n)+)", text, re.M))
                self.assertEqual(list(parts), ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"])
                help_text = self.folder.run("help", command).out
                options = re.findall(r"^  (?:-(\w), |    )--([a-z-]+)", help_text, re.M)
                self.assertEqual(re.findall(r"^ {7}(?:-(\w), )?--([a-z-]+)", parts["OPTIONS"], re.M), options)
                self.assertEqual(sorted(re.findall(r"Instead, (FAIRWAY_\w+) in", parts["OPTIONS"])), sorted(re.findall(r"\[(FAIRWAY_\w+)\]", help_text)))
                self.assertEqual(parts["OPTIONS"].count("The command needs it."), help_text.count("(needed)"))
                self.assertGreater(len(parts["DESCRIPTION"].split()), 3)
                # Another section of fairway(1) is named with it.
                self.assertNotRegex(text, r"[sS]ee (?:OUTPUT|FILES)(?! in)")

    def test_the_page_of_a_document_lists_every_key_as_its_schema_does(self):
        def keys(node, path, out):
            """Of a JSON Schema: path, whether it is needed where it stands, and its default."""
            for one in node.get("anyOf", []) + node.get("oneOf", []):
                keys(one, path, out)
            if "items" in node:
                keys(node["items"], path + "[]", out)
            for key, value in node.get("properties", {}).items():
                name = f"{path}.{key}" if path else key
                default = value.get("default")
                row = (key in node.get("required", []), default if isinstance(default, (str, type(None))) else json.dumps(default))
                out.setdefault(name, row)
                keys(value, name, out)
            return out
        for document in ("policy", "inventory"):
            said = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=400", self.file(f"share/man/man5/fairway-{document}.5")],
                                  capture_output=True, encoding="utf-8", check=True).stdout
            part = re.sub(".\b", "", said).split("is each of a list.\n")[1].split("\nSEE ALSO\n")[0]
            rows = re.findall(r"^ {7}(\S+)(?:\n {14}| +)(\S.*)$", part, re.M)
            listed = {key: (bool(re.search("; needed(?! unless)", words)), (re.search("; default ([^;]+)", words) or [None, None])[1]) for key, words in rows}
            same = {key: re.search("its keys are those of (.+)", words)[1] for key, words in rows if "its keys are those" in words}
            schema = keys(self.folder.run("schema", document).json(), "", {})
            self.assertGreater(len(schema), 40)
            one_of_two = [set(one["required"]) for one in self.folder.run("schema", document).json().get("anyOf", []) if "required" in one]
            unless = [{key, re.search(r"; needed unless (\S+) is there", words)[1]} for key, words in rows if "; needed unless" in words]
            self.assertEqual([set().union(*one_of_two)] if one_of_two else [], unless)
            expected = {key: row for key, row in schema.items() if not any(re.match(re.escape(one) + r"(\[\])?\.", key) for one in same)}
            self.assertEqual(listed, expected)
            for key, other in same.items():
                below = {name[len(key):].removeprefix("[]"): row for name, row in schema.items() if re.match(re.escape(key) + r"(\[\])?\.", name)}
                self.assertTrue(below and below == {name[len(other):]: row for name, row in schema.items() if name.startswith(other + ".")}, key)

    def test_pages_are_printed_by_hand_too(self):
        with open(self.file("share/man/man1/fairway-apply.1"), encoding="utf-8") as f:
            page = f.read()
        for name in ("apply", "fairway-apply"):
            self.assertEqual(self.folder.run("manual", name).out, page)
        self.assertIn("there is no page `aply`", self.folder.run("manual", "aply").err)
        self.assertIn("name either it or a page", self.folder.run("manual", "apply", "--out", ".").err)

    def test_completion_is_in_place(self):
        for shell, file in (("bash", "share/bash-completion/completions/fairway"), ("zsh", "share/zsh/site-functions/_fairway"),
                            ("fish", "share/fish/vendor_completions.d/fairway.fish"), ("powershell", "share/fairway/fairway.ps1")):
            with open(self.file(file), encoding="utf-8") as f:
                self.assertEqual(f.read(), self.folder.run("completion", shell).out)

    def test_policies_schemas_and_examples_work(self):
        policies = os.listdir(self.file("share/fairway/policies"))
        self.assertIn("kerberos-live-migration.yaml", policies)
        for name in policies:
            said = self.run_installed("check", self.file("share/fairway/policies", name))
            self.assertEqual(said.returncode, FINE, said)
        for document in ("policy", "inventory"):
            with open(self.file("share/fairway/schemas", f"{document}.schema.json"), encoding="utf-8") as f:
                self.assertEqual(f.read(), self.folder.run("schema", document).out)
        corp = self.file("share/doc/fairway/examples/corp")
        said = self.run_installed("audit", "-p", f"{corp}/policy.yaml", "-i", f"{corp}/inventory.yaml")
        self.assertEqual(said.returncode, CHANGES, said)

    def test_the_bill_of_materials_is_cyclonedx_and_lists_what_is_in_it(self):
        def judge(name):
            with open(os.path.join(JUDGES, f"{name}.SNAPSHOT.schema.json"), encoding="utf-8") as f:
                return json.load(f)
        with open(self.file("share/doc/fairway/fairway.cdx.json"), encoding="utf-8") as f:
            bill = json.load(f)
        schema = judge("bom-1.4")
        beside = {f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json": judge(name) for name in ("spdx", "jsf-0.82")}
        resolver = jsonschema.RefResolver(schema["$id"], schema, store=beside)
        jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.draft7_format_checker).validate(bill)
        listed = {one["name"]: one for one in bill["components"]}
        needed = subprocess.run(["ldd", self.file("bin/fairway")], capture_output=True, encoding="utf-8", check=True).stdout
        for library in re.findall(r"=> (/\S+)", needed):
            # /lib is a link to /usr/lib, and a package names either.
            owner = subprocess.run(["dpkg", "-S", library, f"/usr{library}"], capture_output=True, encoding="utf-8").stdout.split(":")[0]
            self.assertEqual(listed[owner]["scope"], "required", library)
        for package in ("nlohmann-json3-dev", "libexpected-dev", "g++"):  # in it by their headers alone; what built it
            version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, encoding="utf-8", check=True).stdout
            self.assertEqual(listed[package]["version"], version)
        self.assertEqual(set(bill["dependencies"][0]["dependsOn"]), {one["bom-ref"] for one in listed.values() if one["scope"] == "required"})

    def test_units_are_right_that_are_installed_and_that_the_program_writes(self):
        units = self.file("lib/systemd/system")
        os.makedirs(units, exist_ok=True)
        corp = self.file("share/doc/fairway/examples/corp")
        said = self.run_installed("break-glass", "--install-timer", "-i", f"{corp}/inventory.yaml", "--out", units, "--yes")
        self.assertEqual(said.returncode, FINE, said)
        self.assertGreaterEqual(len(os.listdir(units)), 2)
        files = []
        for unit in os.listdir(units):
            with open(os.path.join(units, unit), encoding="utf-8") as f:
                text = f.read().replace("/usr/bin/fairway", self.file("bin/fairway"))
            if unit.endswith(".service"):
                self.assertIn(self.file("bin/fairway"), text)
            files.append(self.folder.file(self.folder.write(unit.replace("@.", "@corp."), text)))
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, encoding="utf-8")
        self.assertEqual((said.returncode, said.stderr), (0, ""))

    def test_the_program_says_how_it_was_built(self):
        said = self.run_installed("version", "--verbose").stdout
        self.assertRegex(said, r"\Afairway \d+\.\d+\.\d+\nbuild \w+.*, compiler \S+ \d+\.\d+\.\d+\n\nbuilt with\n(  \S+ +\d\S*\n){10,}\nruns with\n(  /\S+\.so\S*\n){10,}\Z")

    def test_the_program_searches_libraries_nowhere_else(self):
        said = subprocess.run(["readelf", "-W", "-d", self.file("bin/fairway")], capture_output=True, encoding="utf-8", check=True).stdout
        self.assertIn("NEEDED", said)
        self.assertNotRegex(said, "RPATH|RUNPATH")

    def test_every_file_of_it_is_compiled_with_hardening(self):
        """What cannot be read from the program, as tests/binary/hardening_test.py reads the rest: how far buffers are checked."""
        with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as f:
            commands = [one["command"].split() for one in json.load(f) if " -o tests/" not in one["command"]]
        self.assertGreater(len(commands), 10)
        for command in commands:
            missing = {"-D_FORTIFY_SOURCE=3", "-D_GLIBCXX_ASSERTIONS", "-fstack-protector-strong", "-fstack-clash-protection", "-fcf-protection"} - set(command)
            self.assertEqual(missing, set(), command[-1])

    def test_the_program_names_no_file_of_its_sources_nor_folder_of_its_build(self):
        """The same sources give the same bytes wherever they are built. This is quick; tests/package/reproduce tries it."""
        with open(self.file("bin/fairway"), "rb") as f:
            program = f.read()
        with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as f:
            source = re.search("^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", f.read(), re.M).group(1)
        for folder in (BUILD, source):
            self.assertNotIn(folder.encode(), program)
        # A compiler's cache makes paths relative.
        self.assertEqual(re.findall(rb"[\w./-]*/(?:engine|providers)/[\w./-]+\.[hc]pp\b", program), [])
