"""What if somebody means ill, or a file is plain rubbish? Bombs, wrong bytes, wrong types and pipes that close:
each is refused in a moment with a word of why, nothing is written, and nothing that a document brings reaches the
terminal as a command to it.
"""
import fcntl
import json
import os
import resource
import subprocess
import unicodedata

import estate as place
from estate import BAD_DOCUMENT, CHANGES, ERROR, FINE, PATIENCE, REFUSED, STALE, USAGE, Case

A_MOMENT = 20  # seconds of processor time, which is the same on a busy machine; it takes one
MUCH = 1 << 30  # bytes of address space beyond which a small input costs too much
MEBI = 1 << 20

DEEP = MEBI // 2
LAUGHS = "a: &a [lol, lol]\n" + "".join(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghijklm", "bcdefghijklmn"))

# name, bytes, words
DOCUMENTS = [
    ("a MiB of lists in lists", b"[" * MEBI, []),
    ("lists in lists, closed", b"[" * DEEP + b"]" * DEEP, ["nested"]),
    ("maps in maps", b"{a: " * (MEBI // 4), []),
    ("blocks in blocks", b"- " * DEEP, ["nested"]),
    ("blocks by indentation", b"".join(b" " * i + b"a:\n" for i in range(1400)), ["nested"]),
    ("an alias bomb", LAUGHS.encode(), ["anchors (&) and aliases (*) are not understood here"]),
    ("an alias of itself", b"a: &a [*a]\n", ["anchors"]),
    ("a merge key", b"a: {b: c}\n<<: {d: e}\n", ["merge keys"]),
    ("a tag", b"policy: !!python/object/apply:os.system [id]\n", ["tags are not understood here"]),
    ("a NUL byte", b"policy: p\0\nowner: o\n", [":1:10: error: not clean UTF-8"]),
    ("nothing but NUL bytes", b"\0" * 4096, ["not clean UTF-8"]),
    ("invalid UTF-8", b"policy: p\nowner: M\xfcller\n", [":2:9: error: not clean UTF-8", "bytes of another encoding"]),
    ("an overlong slash", b"policy: \xc0\xaf\n", ["not clean UTF-8"]),
    ("a surrogate", b"policy: \xed\xa0\x80\n", ["not clean UTF-8"]),
    ("UTF-16", "policy: p\n".encode("utf-16"), ["not clean UTF-8"]),
    ("an escape sequence", b"policy: \x1b[31mred\n", ["not clean UTF-8"]),
    ("an escape that is quoted", b'policy: "\\e[31mred"\n', ["control character"]),
    ("two documents", b"policy: p\n---\npolicy: q\n", ["one file holds one document"]),
    ("quotes without end", b'policy: "p\n', ["the quotes are never closed"]),
    ("a million short lines", b"a\n" * MEBI, []),
    ("a million keys", b"".join(b"k%d: 1\n" % i for i in range(100_000)), []),
    ("one long line", b"policy: " + b"p" * (2 * MEBI), ["is not a name"]),
    ("eight MiB", b"policy: " + b"p" * (8 * MEBI), ["more than the limit of 4194304"]),
    ("an empty file", b"", ["is empty"]),
    ("a picture", bytes(range(256)) * 16, ["not clean UTF-8"]),
]

# name, what is put into the plan's text, words
PLANS = [
    ("a key that stands twice", lambda p: p.replace('"estate": "corp"', '"estate": "corp", "estate": "lab"'), ["the key `estate` is here twice"]),
    ("a bomb of lists", lambda p: "[" * MEBI, ["nested deeper than 16 levels"]),
    ("a bomb of maps", lambda p: '{"a":' * MEBI, ["nested deeper than 16 levels"]),
    ("a number too large", lambda p: p.replace('"open": 0', '"open": 99999999999999999999', 1), ["paths.open"]),
    ("a number beyond 64 bits", lambda p: p.replace('"open": 0', '"open": 18446744073709551615', 1), ["`paths.open` must be from 0"]),
    ("a negative count", lambda p: p.replace('"open": 0', '"open": -1', 1), ["`paths.open` must be from 0", "is -1"]),
    ("a fraction", lambda p: p.replace('"open": 0', '"open": 0.5', 1), ["`paths.open` must be a whole number"]),
    ("an infinite number", lambda p: p.replace('"open": 0', '"open": 1e999', 1), ["this is no plan: line"]),
    ("no number", lambda p: p.replace('"open": 0', '"open": NaN', 1), ["this is no plan: line"]),
    ("a text for a number", lambda p: p.replace('"open": 0', '"open": "0"', 1), ["`paths.open` must be a whole number, is text"]),
    ("a later format", lambda p: p.replace('"fairway_plan": 5', '"fairway_plan": 6'), ["a plan of format 6; this Fairway reads formats 1 to 5"]),
    ("a strange key", lambda p: p.replace('"ticket": ""', '"ticket": "", "tickt": ""'), ["unknown key `tickt`", "did you mean `ticket`?"]),
    ("a fact to be written", lambda p: p.replace('"migration.performance"', '"host.domain"'), ["host.domain is only read, never written"]),
    ("an unknown setting", lambda p: p.replace('"migration.performance"', '"migration.colour"'), ["unknown setting"]),
    ("a change of nothing", lambda p: p.replace('"before": "tcpip"', '"before": "compression"'), ["changes nothing"]),
    ("null", lambda p: "null", ["must be a map, is null"]),
    ("a list", lambda p: "[]", ["must be a map, is a list"]),
    ("two values", lambda p: p + p, ["this is no plan: line"]),
    ("a NUL byte", lambda p: p.replace("corp", "co\0rp", 1), ["a zero byte"]),
    ("invalid UTF-8", lambda p: p.replace("corp", "co\udcffrp", 1), ["this is no plan"]),
    ("a comment", lambda p: "// a plan\n" + p, ["this is no plan: line 1"]),
    ("HTML", lambda p: "<!DOCTYPE html><html></html>", ["this is no plan: line 1, column 1"]),
]


def at(*keys):
    """Puts a value deep into the world."""
    def put(world, value):
        for key in keys[:-1]:
            world = world[key]
        world[keys[-1]] = value
    return put


# where, what, words
WORLDS = [
    (at("hosts", "HV01", "migration.enabled"), "yes", ["hosts.HV01.migration.enabled"]),
    (at("hosts", "HV01", "migration.max_live"), "2", ["hosts.HV01.migration.max_live"]),
    (at("hosts", "HV01", "migration.max_live"), 2.5, ["hosts.HV01.migration.max_live"]),
    (at("hosts", "HV01", "migration.max_live"), 1 << 63, ["hosts.HV01.migration.max_live"]),
    (at("hosts", "HV01", "migration.networks"), "any", ["hosts.HV01.migration.networks"]),
    (at("hosts", "HV01", "migration.networks"), [1], ["hosts.HV01.migration.networks"]),
    (at("hosts", "HV01", "migration.authentication"), None, ["hosts.HV01.migration.authentication"]),
    (at("hosts", "HV01", "colour"), "red", ["hosts.HV01", "no setting `colour`"]),
    (at("hosts", "HV01"), [], ["hosts.HV01 must be a map"]),
    (at("hosts"), [], ["`hosts` must be a map"]),
    (at("estate"), 1, ["`estate` must be text"]),
    (at("fairway_estate"), 2, ["`fairway_estate` must be from 1 to 1"]),
    (at("faults"), {}, ["`faults` must be a list"]),
    (at("faults"), [{"on": "reading"}], ["faults[0].on: unknown word reading"]),
]


def escape_free(said):
    """No control character but line feeds, and nothing that is not seen, in either stream."""
    hidden = ("Cc", "Cf", "Zl", "Zp", "Zs")
    return not any(unicodedata.category(c) in hidden or c in "\ufe0f\U000e0100\u3164" for c in said.out + said.err if c not in "\n ")


class Hostile(Case):
    def quickly(self, *arguments, **more):
        """Runs with little memory and little processor time: who needs more is killed."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (A_MOMENT, A_MOMENT))
            if "ASAN_OPTIONS" not in os.environ:
                resource.setrlimit(resource.RLIMIT_AS, (MUCH, MUCH))
        return self.estate.run(*arguments, preexec_fn=limit, **more)

    def test_documents_of_rubbish_are_refused_in_a_moment(self):
        for name, content, words in DOCUMENTS:
            with self.subTest(name), self.untouched():
                self.estate.write("evil.yaml", content)
                said = self.expect(self.quickly("check", "evil.yaml"), BAD_DOCUMENT, "evil.yaml", *words)
                self.assertTrue(escape_free(said))
                self.assertLess(len(said.err), MEBI, "too many words")
                for option in ("--policy", "--inventory"):
                    self.assertEqual(self.quickly("audit", option, "evil.yaml").status, BAD_DOCUMENT)

    def test_plans_of_rubbish_are_refused_in_a_moment(self):
        self.estate.plan()
        text = self.estate.read("plan.json").decode()
        for name, spoil, words in PLANS:
            with self.subTest(name), self.untouched():
                self.assertNotEqual(spoil(text), text)
                self.estate.write("evil.json", spoil(text).encode(errors="surrogateescape"))
                for command in ("show", "apply"):
                    said = self.expect(self.quickly(command, "evil.json"), BAD_DOCUMENT, "evil.json: ", *words)
                    self.assertTrue(escape_free(said))

    def test_worlds_with_wrong_types_are_refused_by_name(self):
        for put, value, words in WORLDS:
            with self.subTest(words, value=value):
                good = self.estate.read("world.json")
                self.estate.change_world(lambda world: put(world, value))
                with self.untouched():
                    for command in (["audit"], ["plan"], ["explain", "HV01", "HV02"]):
                        self.expect(self.quickly(*command), BAD_DOCUMENT, "world.json: this is no embedded estate", *words)
                self.estate.write("world.json", good)

    def test_worlds_of_rubbish_are_refused(self):
        for content in (b"", b"[" * MEBI, b"\0", b"\xff\xfe", b"{}", b'{"hosts": {}, "hosts": {}}'):
            with self.subTest(content[:20]):
                self.estate.write("world.json", content)
                self.expect(self.quickly("audit"), BAD_DOCUMENT, "world.json: this is no embedded estate")

    def test_devices_and_folders_are_no_documents(self):
        for file in ("/dev/null", ".", "/proc/self/mem"):
            for arguments in (["show", file], ["apply", file], ["check", file], ["audit", "-p", file], ["audit", "-i", file]):
                with self.subTest(arguments), self.untouched():
                    self.expect(self.quickly(*arguments), BAD_DOCUMENT, file)

    def test_a_file_without_end_is_refused_at_its_limit(self):
        for arguments in (["check", "/dev/zero"], ["audit", "-i", "/dev/zero"]):
            with self.subTest(arguments):
                self.expect(self.quickly(*arguments), BAD_DOCUMENT, "/dev/zero is larger than the limit of")

        # A plan may be large: this one is refused after a GiB, so it runs without the limit on memory.
        self.expect(self.estate.run("show", "/dev/zero"), BAD_DOCUMENT, "/dev/zero is larger than the limit of")

    def forged(self, **changes):
        """A plan with other words in its heading and the right digest: anybody can compute that."""
        self.estate.plan()
        self.estate.forge(lambda plan: plan.update(changes))

    def test_what_a_plan_says_never_commands_the_terminal(self):
        for words in ("\x1b[2Jgone", "\x1b]0;title\x07", "red\rblue", "\x9b31m", "line\nError: none", "\u202eback",
                      "HV\u200b01", "a\ufe0f\U000e0100", "\U000e0041\U000e007f", "\u3164\u00a0", "\x7f"):
            with self.subTest(words):
                self.forged(ticket=words, source=words, estate=words)
                shown = self.quickly("show", "forged.json", "--output", "json")
                self.assertEqual(shown.json()["plan"]["ticket"], words)
                self.assertTrue(escape_free(shown), repr(shown.out[:200]))
                said = self.expect(self.quickly("show", "forged.json"), FINE)
                self.assertTrue(escape_free(said), repr(said.out[:200]))
                self.assertNotIn("\u202e", said.out)
                self.assertNotIn("\nError: none", said.out)

    def test_objects_and_rules_of_a_plan_are_names_before_anything_is_printed(self):
        self.estate.plan()
        for key, value, words in (("object", "\x1b[2JHV01", "is not a host name"), ("object", "H" * 5000, "is not a host name"),
                                  ("object", "HV01\nError: none", "is not a host name"), ("object", "", "is not a host name"),
                                  ("object", "H\u0430V01", "is not a host name"), ("rules", ["\x1b[2J"], "no rule's name"),
                                  ("rules", ["r" * 5000], "no rule's name"), ("risk_because", "", "is empty"),
                                  ("risk", "\x1b[2J", "is not known here")):
            with self.subTest(key, value=value[:8]), self.untouched():
                self.estate.forge(lambda plan: plan["phases"][0]["changes"][0].update({key: value}))
                for command in ("show", "apply"):
                    said = self.expect(self.quickly(command, "forged.json"), BAD_DOCUMENT, words)
                    self.assertTrue(escape_free(said))
                    self.assertLess(len(said.err), 1000)
        self.estate.forge(lambda plan: plan["phases"][0]["changes"][0].update(risk_because="\x1b[2Jfine"))
        self.assertTrue(escape_free(self.expect(self.quickly("show", "forged.json"), FINE)))

    def test_what_a_plan_is_refused_for_never_commands_the_terminal(self):
        self.forged(estate="\x1b[2Jgone")
        self.assertTrue(escape_free(self.expect(self.quickly("apply", "forged.json"), REFUSED, "this plan is for the estate")))

    def test_what_a_world_holds_never_commands_the_terminal(self):
        self.estate.change_world(lambda world: world["computers"]["HV02"]["delegation.services"].append("cifs/\x1b[2J"))
        for arguments, status in ((["audit"], CHANGES), (["plan", "--out", "p.json"], CHANGES), (["show", "p.json"], FINE)):
            with self.subTest(arguments):
                self.assertTrue(escape_free(self.expect(self.quickly(*arguments), status)))

    def test_odd_delegation_is_told_and_shown(self):
        self.estate.change_world(lambda world: world["computers"]["HV02"]["delegation.services"].extend(
            ["cifs/HV\u200b01", "cifs\\HV01", "cifs/HV01/evil.example"]))
        said = self.expect(self.quickly("audit"), CHANGES)
        self.assertTrue(escape_free(said), repr(said.out))
        for words in ("cifs/HV\\u{200b}01", "cifs\\HV01", "its third part evil.example"):
            self.assertIn(words, said.out)
        found = self.quickly("audit", "--output", "json").json()["estate_findings"]
        self.assertEqual([(f["fault"], f["object"]) for f in found if f["fault"] == "odd_delegation"], [("odd_delegation", "HV02")] * 3)

    def test_a_ticket_never_commands_the_terminal_of_who_reads_the_history(self):
        self.estate.run("plan", "--out", "plan.json", "--ticket", "\x1b[2Jgone")
        self.assertEqual(self.estate.run("apply", "plan.json").status, FINE)
        self.assertTrue(escape_free(self.expect(self.estate.run("history"), FINE)))

    def test_arguments_of_any_bytes_are_answered(self):
        for argument in (b"\xff\xfe", b"\x1b[31m", b"", b"-", b"--", b"--=", b"a" * 100_000):
            with self.subTest(argument[:10]):
                said = self.estate.run(argument.decode(errors="surrogateescape"))
                self.assertEqual(said.status, USAGE, str(said))
        self.assertEqual(self.estate.run("history", "-s", "\udcff").status, ERROR)
        said = self.estate.run("plan", "--out", "p.json", "--ticket", "\udcff")
        self.assertIn(said.status, (CHANGES, USAGE))
        if said.status == CHANGES:
            self.expect(self.estate.run("show", "p.json"), FINE)

    def test_a_crafted_lock_holder_never_commands_the_terminal(self):
        self.estate.plan()
        with open(self.estate.file("world.json.run-lock"), "w+") as lock:
            lock.write("\x1b[2Jjane")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertTrue(escape_free(self.estate.run("apply", "plan.json")))


class Pipes(Case):
    def shell(self, script):
        return subprocess.run(["bash", "-c", f"set -o pipefail\n{script}"], cwd=self.estate.path, capture_output=True, text=True,
                              timeout=PATIENCE, env=self.estate.environment(fairway=place.FAIRWAY))

    def test_a_reader_that_has_enough_is_no_error(self):
        for command in ("version", "settings", "settings --output json", "audit", "schema policy", "--help"):
            with self.subTest(command):
                self.assertEqual(self.shell(f'"$fairway" {command} | head -1').stderr, "")
                self.assertEqual(self.shell(f'(sleep 0.2; "$fairway" {command}) | true').stderr, "")

    def test_a_result_that_cannot_be_written_is_an_error_however_long_it_is(self):
        for command in ("version", "history", "settings", "settings --output json", "audit", "schema policy", "--help"):
            with self.subTest(command):
                self.estate.apply() if command == "history" else None
                done = self.shell(f'"$fairway" {command} > /dev/full')
                self.assertNotEqual(done.returncode, 0, "a lost result was called fine")
                self.assertIn("cannot write the result", done.stderr)

    def test_a_closed_stdout_is_an_error(self):
        done = self.shell('"$fairway" settings >&-')
        self.assertEqual(done.returncode, ERROR, done.stderr)

    def unusable(self):
        """Outputs that take nothing; a pipe whose reader is gone among them."""
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        yield "1>&-", None
        yield "1</dev/null", None
        yield ">/dev/full", None
        yield "", writer

    def check_unusable(self, *commands):
        for redirection, stdout in self.unusable():
            for command in commands:
                with self.subTest(command, output=redirection), self.untouched():
                    done = subprocess.run(["bash", "-c", f'exec "$fairway" {command} {redirection}'], cwd=self.estate.path,
                                          stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
                                          env=self.estate.environment(fairway=place.FAIRWAY))
                    self.assertEqual(done.returncode, ERROR, done.stderr)
                    self.assertIn("standard output cannot be used", done.stderr)

    def test_an_output_that_cannot_be_used_is_found_before_the_first_write(self):
        self.estate.plan()
        self.check_unusable("apply plan.json", "apply plan.json --output json")
        self.assertEqual(self.estate.entries(), [])
        run = self.estate.apply()
        self.check_unusable(f"rollback {run}", f"rollback {run} --output json", f"verify {run}")

    def test_no_file_of_ours_takes_the_place_of_a_closed_output(self):
        self.estate.plan()
        for streams in (">&-", "<&- >&-", "<&- >&- 2>&-", "2>&-"):
            with self.subTest(streams):
                self.shell(f'"$fairway" audit {streams}')
                self.shell(f'"$fairway" apply plan.json {streams}')
                json.loads(self.estate.read("world.json"))
                self.assertIsInstance(self.estate.entries(), list)
