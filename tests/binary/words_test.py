"""Are texts in plain words? An identifier of JSON (`not_done`, `paths_closed`) is in no text; the keys of documents and the names
of settings are, because people write them. No text has a word that only we understand (`WORDS` of tests/tidy).
"""
import importlib.machinery
import importlib.util
import os
import re

from estate import BAD_DOCUMENT, HERE, STORAGE, USAGE, Case

loader = importlib.machinery.SourceFileLoader("tidy", os.path.join(os.path.dirname(HERE), "tidy"))
tidy = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", loader))
loader.exec_module(tidy)

IDENTIFIER = re.compile(r"(?<![\w./$'`{-])[a-z]+(?:_[a-z]+)+(?![\w./])")


LONGEST = 30  # words of a sentence in any text


class Words(Case):
    def identifiers(self):
        """Every word with `_` that is a value of JSON results, by their schema."""
        schema = self.estate.run("schema", "results").json()
        out = set()

        def walk(node):
            if isinstance(node, dict):
                out.update(one for one in node.get("enum", []) if isinstance(one, str) and "_" in one)
                for one in node.values():
                    walk(one)
            elif isinstance(node, list):
                for one in node:
                    walk(one)
        walk(schema)
        self.assertIn("not_done", out)
        self.assertIn("paths_closed", out)
        return out

    def look(self, *arguments, **more):
        said = self.estate.run(*arguments, **more)
        self.assertNotIn(said.status, (BAD_DOCUMENT, USAGE, STORAGE), str(said))
        for word in self.names:
            self.assertIsNone(re.search(rf"\b{word}\b", said.out + said.err), str(said))
        odd = set(IDENTIFIER.findall(said.out + said.err)) - {"migration_domains", "protocol_transition"}
        self.assertFalse(odd, f"{odd}\n{said}")
        self.plain(said.out + said.err)
        for line in (said.out + said.err).splitlines():
            for sentence in re.split(r"[.:;!?] |, (?:so|because|but) |  +", line):
                self.assertLessEqual(len(sentence.split()), LONGEST, sentence)
        return said

    def plain(self, text):
        for word, instead in tidy.WORDS.items():
            found = re.search(rf"\b(?:{word})(?!\w)", text, flags=re.I)
            self.assertIsNone(found, f"`{found and found.group()}`: say {instead}\n{text}")

    def test_help_is_plain_and_its_sentences_are_short(self):
        pages = [self.estate.run("--help").out]
        commands = re.findall(r"^  ([a-z-]+) ", pages[0].split("Exit status:")[0], flags=re.M)
        self.assertIn("rollback", commands)
        pages += [self.estate.run("help", one).out for one in commands]
        for page in pages + [self.estate.run("settings").out, self.estate.run("schema", "policy").out, self.estate.run("schema", "inventory").out]:
            self.plain(page)
        for line in "\n".join(pages).splitlines():
            for sentence in re.split(r"[.:;] ", line):
                self.assertLessEqual(len(sentence.split()), 25, line)

    def test_in_no_text_of_a_run_with_every_trouble(self):
        self.names = self.identifiers()
        self.look("audit")
        self.look("audit", "--full")
        self.estate.plan()
        for effect in ("unreachable", "denied", "lost_reply", "torn", "ignored", "complaint"):
            with self.subTest(effect):
                before = self.estate.read("world.json")
                for setting in ("migration.authentication", "spn.migration"):
                    self.estate.fault("write", effect, "HV03", setting)
                self.look("apply", "plan.json")
                run = self.estate.runs()[-1]
                self.look("show", run)
                self.look("verify", run)
                self.look("history")
                self.estate.change_world(lambda world: world["hosts"]["HV01"].update({"migration.networks": ["10.1.0.0/16"]}))
                self.look("apply", "plan.json")
                self.look("apply", "--resume", run)
                self.look("rollback", run, "--dry-run")
                self.look("rollback", run)
                self.look("blame", "HV03")
                self.estate.write("world.json", before)

    def test_in_no_text_about_an_estate_that_is_odd(self):
        self.names = self.identifiers()

        def odd(world):
            world["computers"]["HV01"]["delegation.services"].append("cifs/hv01.corp.example/other.example")
        self.estate.change_world(odd)
        self.estate.fault("read", "unreachable", "HV03", times=9)
        self.look("audit")
        self.estate.change_world(lambda world: world.update(faults=[]))
        for arguments in (["audit"], ["plan"], ["spn"], ["explain", "HV01", "HV02"], ["--help"]):
            self.look(*arguments)

    def test_in_no_text_about_what_is_in_doubt(self):
        self.names = self.identifiers()
        self.estate.plan()
        self.estate.fault("write", "unreachable", "HV02", "migration.performance")
        self.look("apply", "plan.json")
        run = self.estate.runs()[-1]
        self.estate.fault("read", "unreachable", "HV02", times=99)
        said = self.look("apply", "--resume", run)
        self.assertIn(f"RECAP  run {run}: in doubt", said.out)
        self.assertIn("in doubt", self.look("history").out)
        for arguments in (["show", run], ["verify", run], ["rollback", run, "--dry-run"], ["apply", "plan.json"], ["rollback", run]):
            self.look(*arguments)
