"""Does the manual say what the program does? Man pages and README are compared with the program's help, schemas and tour."""
import os
import re
import unittest

from estate import HERE, Case

TOP = os.path.dirname(os.path.dirname(HERE))
MAN = os.path.join(TOP, "engine", "cli", "man")


def source(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as f:
        return f.read()


def plain(troff):
    """The text of a man page, without its fonts and requests."""
    text = re.sub(r'^\.\\".*$', "", troff, flags=re.M)
    text = re.sub(r"\\f[BIPR]", "", text).replace("\\-", "-").replace("\\e", "\\")
    return text.replace(' ", " ', ", ").replace('" "', "")


def words(text):
    return set(re.findall(r"(?<![\w.-])[\w.-]*\w", text))


def properties(node):
    """Every key that a JSON Schema names."""
    out = set()
    if isinstance(node, dict):
        out.update(node.get("properties", {}))
        for one in node.values():
            out |= properties(one)
    elif isinstance(node, list):
        for one in node:
            out |= properties(one)
    return out


class Program(Case):
    def setUp(self):
        super().setUp()
        self.page = plain(source("engine", "cli", "man", "fairway.1"))
        self.help = self.estate.run("--help").out
        self.commands = re.findall(r"^  ([a-z-]+) ", self.help.split("Exit status:")[0], flags=re.M)
        self.assertIn("rollback", self.commands)

    def test_every_command_is_in_the_manual_and_in_the_readme(self):
        section = self.page.split(".SH COMMANDS")[1].split(".SH OPTIONS")[0]
        self.assertEqual(set(re.findall(r'^\.TP\n\.[BIR]+ "?([a-z-]+)', section, flags=re.M)), set(self.commands))
        table = source("README.md").split("## Commands")[1].split("## ")[0]
        named = set(re.findall(r"`([a-z-]+)", "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))))
        self.assertEqual(named, set(self.commands) - {"version"})

    def test_every_option_and_variable_is_in_the_manual_and_no_other(self):
        helps = "".join(self.estate.run("help", command).out for command in self.commands)
        options = set(re.findall(r"--[a-z][a-z-]*", helps)) - {"--what-if"}  # the other name of --dry-run
        self.assertIn("--accept-head", options)
        section = self.page.split(".SH OPTIONS")[1].split(".SH EXIT STATUS")[0]
        self.assertEqual(set(re.findall(r'^\.TP\n\.[BIR]+ "?(?:-[a-z], )?(--[a-z-]+)', section, flags=re.M)), options)
        self.assertEqual(set(re.findall(r"--[a-z][a-z-]*", self.page)) - options, {"--what-if"})
        for option, choices in set(re.findall(r"(--[a-z-]+) (\w+(?:\|\w+)+)", helps)):
            words_of_choices = re.search(rf"^\.BR \"{option} (.*)$", section, flags=re.M)
            self.assertIsNotNone(words_of_choices, option)
            self.assertEqual(re.findall(r"\w+", words_of_choices.group(1)), choices.split("|"), option)
        for letter, option in set(re.findall(r"(-[a-z]), (--[a-z-]+)", helps)):
            self.assertIn(f"{letter}, {option}", section)
        variables = set(re.findall(r"\[(FAIRWAY_[A-Z_]+)\]", helps))
        self.assertIn("FAIRWAY_POLICY", variables)
        self.assertEqual(variables - words(self.page), set())

    def test_every_exit_status_is_in_the_manual(self):
        statuses = re.findall(r"^ *(\d+)  (\w[\w ,]{20})", self.help.split("Exit status:")[1], flags=re.M)
        self.assertGreater(len(statuses), 10)
        section = self.page.split(".SH EXIT STATUS")[1].split(".SH ")[0]
        self.assertEqual(re.findall(r"^\.TP\n\.B (\d+)\n([a-z ,]+):", section, flags=re.M),
                         [(number, name.strip()) for number, name in statuses])

    def test_every_key_of_a_document_is_in_its_manual(self):
        for document in ("policy", "inventory"):
            keys = properties(self.estate.run("schema", document).json())
            self.assertGreater(len(keys), 20)
            self.assertEqual(keys - words(plain(source("engine", "cli", "man", f"fairway-{document}.5"))), set(), document)

    def test_the_manual_is_of_this_version(self):
        version = re.search(r"\d+\.\d+\.\d+", self.estate.run("version").out).group()
        for page in os.listdir(MAN):
            with self.subTest(page):
                self.assertRegex(source("engine", "cli", "man", page), rf'\n\.TH [A-Z-]+ \d "[\d-]+" "fairway {re.escape(version)}" ')


class Pages(unittest.TestCase):
    def test_man_pages_use_requests_that_every_formatter_knows(self):
        known = {"TH", "SH", "SS", "TP", "PP", "EX", "EE", "B", "I", "BI", "BR", "RB", "IR", "RI", '\\"'}
        for page in os.listdir(MAN):
            for number, line in enumerate(source("engine", "cli", "man", page).splitlines(), 1):
                with self.subTest(page, line=number):
                    self.assertNotEqual(line, "")
                    self.assertFalse(line.startswith("'"))
                    if line.startswith("."):
                        self.assertIn(re.match(r"\.(\\\"|[A-Z]*)", line).group(1), known)

    def test_the_readme_is_short_and_shows_the_tour(self):
        readme, tour = source("README.md"), source("examples", "tour.expected")
        self.assertLessEqual(readme.count("\n"), 150)
        plan = set(re.findall(r"Plan ([0-9a-f]{12}) for ", readme))
        self.assertEqual(len(plan), 1)
        self.assertEqual(plan, set(re.findall(r"Plan ([0-9a-f]{12}) for ", tour)))
        shown = readme.split("## Two commands")[1].split("## ")[0].split("```console\n")[2].split("```")[0]
        self.assertIn("Paths  19 of 56 open", shown)
        for line in shown.splitlines():
            if line and line != "…":
                with self.subTest(line):
                    self.assertIn(line.rstrip("…"), tour)
