"""What does a person see at a terminal? A real pseudo-terminal of 40, 80 and 200 columns with a shell in it, read through
pyte: no line is glued to the progress bar, nothing of the bar stays, and the prompt has a line of its own.
"""
import fcntl
import os
import re
import time

from estate import Case
from terminal import CTRL_C, PROMPT, Terminal

WIDTHS = (40, 80, 200)
BLOCKS = re.compile("[█░]")
NEVER = 10**9
ERASED = b"\r\x1b[J"
DRAWN = re.compile(rb"\r\x1b\[J([^\r\n\x1b]+)\r(?!\n)")


class Screen(Case):
    def terminal(self, columns=80, **more):
        out = Terminal(self.estate, columns, **more)
        self.addCleanup(out.close)
        return out

    def plain(self, command):
        """What the same command prints where nobody looks, line by line."""
        return self.estate.run(*command.split()).out.rstrip("\n").split("\n")

    def seen(self, terminal):
        """Looks the same way as a person: no rest of a bar in any line, none wider than the terminal."""
        for line in terminal.lines():
            self.assertIsNone(BLOCKS.search(line), line)
        self.assertTrue(terminal.at_prompt(), terminal.lines()[-3:])
        for bar in DRAWN.finditer(terminal.raw):  # and before anything else comes, it is taken away
            self.assertRegex(terminal.raw[bar.end():bar.end() + 8], rb"^(\^C|\^\\)?\r\x1b\[J", bar.group())

    def drawn(self, terminal):
        """The bars that were drawn, in their order."""
        return DRAWN.findall(terminal.raw)


class Pages(Screen):
    """Text that is longer than the terminal; `less` is the pager."""

    def small(self, **env):
        return self.terminal(rows=12, **{"PAGER": "less", **env})

    def test_the_pager_shows_the_first_page_and_the_status_stays(self):
        terminal = self.small()
        terminal.type("$fairway audit --color never; echo is $?\n")
        terminal.wait(lambda: terminal.lines()[-1:] == [":"], "the pager's prompt")
        self.assertEqual(terminal.lines()[0], self.plain("audit")[0])
        terminal.type(CTRL_C)  # is the pager's, which goes on
        time.sleep(0.2)  # until the terminal has forgotten what was typed before
        terminal.type("G")
        terminal.wait(lambda: "(END)" in terminal.lines()[-1], "the end of the text")
        self.assertIn("is credssp, wanted kerberos", terminal.lines()[-2])
        terminal.type("q")
        terminal.wait(terminal.at_prompt, "the shell's prompt")
        self.assertEqual(terminal.lines()[-2], "is 2")

    def test_without_a_pager_all_of_it_is_printed(self):
        for command, env in (("audit --no-pager", {}), ("audit", {"PAGER": "cat"}), ("audit", {"PAGER": ""}), ("audit --output text", {"PAGER": " "}),
                             ("audit", {"PAGER": "no-such-pager -x"}), ("audit", {"term": "dumb"}), ("version", {})):
            with self.subTest(command, env=env):
                terminal = self.small(**env)
                said = terminal.run(f"$fairway {command} --color never")
                if command != "version":  # it is short
                    self.assertIn("is credssp, wanted kerberos", said[-1])


class Bars(Screen):
    def test_a_reading_leaves_what_it_leaves_where_nobody_looks(self):
        for columns in WIDTHS:
            for command in ("audit", "plan"):
                with self.subTest(command, columns=columns):
                    terminal = self.terminal(columns)
                    lines = terminal.run(f"$fairway {command} --color never")
                    self.seen(terminal)
                    self.assertTrue(any(re.search("[█#]", one.decode()) or b"/" in one for one in self.drawn(terminal)))
                    plain = self.plain(command)
                    self.assertEqual(lines[0], plain[0][:columns].rstrip())

    def test_it_is_never_wider_than_the_terminal(self):
        for columns in (5, 12, 20, *WIDTHS):
            with self.subTest(columns=columns):
                terminal = self.terminal(columns)
                terminal.run("$fairway audit --color never >/dev/null")
                bars = [one.decode() for one in self.drawn(terminal)]
                for bar in bars:
                    self.assertLess(len(bar), columns, bar)
                if columns >= 12:
                    self.assertTrue(bars[-1].split("/")[0].endswith(bars[-1].split("/")[-1].strip()), bars[-1])
                self.assertEqual(terminal.lines()[-1], PROMPT.rstrip())

    def test_a_field_that_does_not_fit_is_left_out_whole(self):
        self.estate.plan()
        terminal = self.terminal(40, FAIRWAY_STORE="narrow.db")
        terminal.run("$fairway apply plan.json --window 2020-01-01T00:00:00Z/2090-01-01T00:00:00Z --color never >/dev/null")
        bars = [one.decode() for one in self.drawn(terminal) if b"Applying" in one]
        self.assertTrue(bars)
        for bar in bars:
            self.assertNotIn("…", bar)
            self.assertRegex(bar, r"^Applying [^,]+(, [0-9.]+/s)?(, window [0-9a-z]+)?(, undo [0-9a-z]+)?  ")

    def test_a_pause_says_how_long_it_still_is(self):
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(
            b"\nverify:", b"\nrollout: {canary: 1, pause_minutes: 60}\n\nverify:"))
        self.estate.plan()
        terminal = self.terminal()
        terminal.type("$fairway apply plan.json --purged >/dev/null\n")
        terminal.wait(lambda: re.search(rb"Pause, 59m\d+s left", terminal.raw), "the bar of the pause")
        terminal.type(CTRL_C)
        terminal.wait(terminal.at_prompt, "the shell's prompt")

    def test_an_apply_is_a_line_for_each_change_and_the_log_has_lines_of_its_own(self):
        self.estate.plan()
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                terminal = self.terminal(columns, FAIRWAY_STORE=f"{columns}.db")
                self.estate.write("world.json", self.estate.read("world.json"))
                before = self.estate.read("world.json")
                lines = terminal.run("$fairway apply plan.json --log-level debug --color never")
                self.estate.write("world.json", before)
                self.seen(terminal)
                text = "".join(line.ljust(columns) if len(line) == columns else line + "\n" for line in lines)
                self.assertEqual(len(re.findall(r"^  ✓ +\d/6", text, re.M)), 6, text)
                self.assertEqual(len(re.findall("RECAP", text)), 1)
                for line in text.split("\n"):
                    if re.search("debug|info", line):
                        self.assertRegex(line, r"^\d{4}-\d\d-\d\dT")

    def test_a_log_at_the_terminal_under_another_name_too(self):
        terminal = self.terminal(200)
        for place in ("-", "/dev/stderr", "/dev/tty"):
            with self.subTest(place):
                lines = terminal.run(f"$fairway audit --full --color never --log-level trace --log-file {place}")
                self.seen(terminal)
                for line in lines:
                    if " trace " in line or " debug " in line or " info " in line:
                        self.assertRegex(line, r"^\d{4}-\d\d-\d\dT")

    def test_none_on_a_terminal_that_cannot_take_it_back(self):
        for term in ("dumb", ""):
            with self.subTest(term):
                terminal = self.terminal(80, term=term)
                terminal.run("$fairway audit --color never")
                self.assertNotIn(b"\x1b", terminal.raw.replace(b"\x1b[?2004h", b"").replace(b"\x1b[?2004l", b""))
                self.assertEqual(self.drawn(terminal), [])

    def test_where_the_result_goes_elsewhere_the_bar_goes_all_the_same(self):
        terminal = self.terminal(80)
        for command in ("$fairway audit >out.txt", "$fairway audit --output json >out.txt", "$fairway audit | cat >out.txt"):
            with self.subTest(command):
                self.assertEqual(terminal.run(command)[1:], [])
                self.seen(terminal)
                self.assertNotIn(b"\x1b", self.estate.read("out.txt"))
                self.assertNotEqual(self.estate.read("out.txt"), b"")
        self.assertNotEqual(self.drawn(terminal), [])
        terminal = self.terminal(80)
        terminal.run("$fairway audit 2>err.txt")
        self.assertEqual(self.drawn(terminal), [])
        self.assertEqual(self.estate.read("err.txt"), b"")

    def test_errors_and_questions_do_not_stand_behind_it(self):
        run = self.estate.apply()
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                terminal = self.terminal(columns)
                terminal.type(f"$fairway rollback {run} --color never\n")
                terminal.wait(lambda: re.search(r"Roll ?back ?run.*\[y/N\]", " ".join(terminal.lines()[-4:])), "the question")
                self.assertFalse([line for line in terminal.lines() if BLOCKS.search(line)])
                terminal.type("n\n")
                terminal.wait(terminal.at_prompt, "the prompt")
                self.seen(terminal)
                self.assertIn("error: not confirmed; nothing was", "\n".join(terminal.lines()))


class Stopped(Screen):
    def applied(self):
        """A run of which one domain controller never hears."""
        self.estate.change_world(lambda world: world.update(
            copies=[{"server": "dc01", "id": "id-of-1"}, {"server": "dc02", "id": "id-of-2", "late_s": NEVER}]))
        return self.estate.apply()

    def waiting(self, terminal, run):
        terminal.type(f"$fairway verify {run} --color never\n")
        terminal.wait(lambda: terminal.lines()[-1].startswith("Waiting"), "the bar")

    def test_a_waiting_that_ctrl_c_ends(self):
        run = self.applied()
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                terminal = self.terminal(columns)
                self.waiting(terminal, run)
                self.assertLess(len(terminal.lines()[-1]), columns)
                terminal.type(CTRL_C)
                terminal.wait(terminal.at_prompt, "the prompt")
                self.seen(terminal)
                self.assertNotIn("^C", "\n".join(terminal.lines()))
                self.assertTrue([line for line in terminal.lines() if line.startswith("finishing what is in flight")])

    def test_a_terminal_that_is_made_narrow_meanwhile(self):
        run = self.applied()
        terminal = self.terminal(200)
        self.waiting(terminal, run)
        terminal.resize(40)
        seen = len(terminal.raw)
        terminal.wait(lambda: ERASED in terminal.raw[seen:], "the next bar")
        terminal.wait(lambda: self.drawn(terminal)[-1:] and len(self.drawn(terminal)[-1].decode()) < 40, "a narrow bar")
        terminal.type(CTRL_C)
        terminal.wait(terminal.at_prompt, "the prompt")
        self.seen(terminal)

    def test_a_run_that_failed_asks_what_follows(self):
        for said, words in (("y", "was rolled back: all of it is as before."), ("n", "Go back:")):
            with self.subTest(said):
                self.setUp()
                self.estate.plan()
                first = self.estate.world()["hosts"]
                self.estate.fault("write", "denied", "HV03", "migration.authentication")
                terminal = self.terminal(200)
                terminal.type("$fairway apply plan.json --in-flight 1 --on-failure ask --color never\n")
                terminal.shows("[y/N]")
                terminal.type(said + "\n")
                terminal.wait(terminal.at_prompt, "the prompt")
                self.assertTrue([line for line in terminal.lines() if words in line], terminal.lines())
                self.assertEqual(self.estate.world()["hosts"] == first, said == "y")

    def test_the_second_one_leaves_a_line_too(self):
        run = self.applied()
        for shell in ("bash", "dash"):
            with self.subTest(shell):
                terminal = self.terminal(80, shell=shell)
                self.waiting(terminal, run)
                terminal.type(CTRL_C)
                terminal.shows("finishing what")
                terminal.type(CTRL_C)
                terminal.wait(terminal.at_prompt, "the prompt")
                self.seen(terminal)

    def held_up(self, columns, lock, whole):
        """A terminal whose run has made two changes, one right after the other, and waits for the estate's file in the midst of a third.
        Who lets the file go must wait a little, or has it again before the run; a run that is through by then is made anew."""
        for attempt in range(20):
            self.estate.write("world.json", whole)
            store = f"{columns}-{attempt}.db"
            terminal = self.terminal(columns, FAIRWAY_STORE=store)
            terminal.type("$fairway apply plan.json --in-flight 1 --color never\n")
            terminal.wait(lambda: [kind for _, kind, _ in self.estate.entries(store)] == ["begin", "intent"], "an intent")

            def two_are_made():
                fcntl.flock(lock, fcntl.LOCK_UN)
                time.sleep(0.006)
                fcntl.flock(lock, fcntl.LOCK_EX)
                return len(self.estate.entries(store)) >= 5
            terminal.wait(two_are_made, "two outcomes")
            if len(self.estate.entries(store)) < 10:
                return terminal
            fcntl.flock(lock, fcntl.LOCK_UN)
            terminal.wait(terminal.at_prompt, "the prompt")
            fcntl.flock(lock, fcntl.LOCK_EX)
        raise AssertionError("every run was quicker than the test")

    def test_an_apply_that_ctrl_c_stops_between_two_changes(self):
        self.estate.plan()
        whole = self.estate.read("world.json")
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                with open(self.estate.file("world.json.lock"), "a+") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    terminal = self.held_up(columns, lock, whole)
                    terminal.wait(lambda: terminal.lines()[-1].startswith("Applying"), "the bar")
                    terminal.type(CTRL_C)
                    terminal.shows("finishing what")
                terminal.wait(terminal.at_prompt, "the prompt")
                self.seen(terminal)
                lines = terminal.lines()
                self.assertTrue([line for line in lines if line.startswith("RECAP  run ")], lines)
                self.assertTrue([line for line in lines if line.startswith("finishing what is in flight")], lines)

    def reader_of(self, pipe):
        """A FIFO that somebody reads, opened to be written; what is not written keeps the reader waiting."""
        out = []

        def told():
            try:
                out.append(os.open(self.estate.file(pipe), os.O_WRONLY | os.O_NONBLOCK))
            except OSError:  # nobody has opened it yet
                return False
            return True
        return told, out

    def test_a_question_that_is_answered_by_ctrl_c(self):
        run = self.estate.apply()
        world = self.estate.read("world.json")
        for shell in ("bash", "dash"):
            with self.subTest(shell):
                terminal = self.terminal(80, shell=shell)
                terminal.type(f"$fairway rollback {run} --color never\n")
                terminal.shows("[y/N]")
                terminal.type(CTRL_C)
                terminal.wait(terminal.at_prompt, "the prompt")
                self.seen(terminal)
                lines = terminal.lines()
                self.assertTrue([line for line in lines if line.startswith("error: not confirmed; nothing was changed")], lines)
                self.assertEqual(self.estate.read("world.json"), world)

    def test_a_reading_that_is_ended_leaves_the_prompt_its_line(self):
        os.mkfifo(self.estate.file("policy.pipe"))
        for shell in ("bash", "dash"):
            for key in (CTRL_C, "\x1c"):
                with self.subTest(shell, key=key):
                    terminal = self.terminal(80, shell=shell)
                    told, opened = self.reader_of("policy.pipe")
                    terminal.type("$fairway audit -p policy.pipe\n")
                    terminal.wait(told, "the program to read its policy")
                    terminal.type(key)
                    terminal.wait(terminal.at_prompt, "the prompt")
                    os.close(opened[0])
                    self.seen(terminal)


class Slow(Screen):
    def test_a_bar_is_drawn_some_times_a_second_and_at_the_last(self):
        world = self.estate.world()
        terminal = self.terminal(80)
        terminal.run("$fairway audit --color never")
        bars = self.drawn(terminal)
        self.assertLess(len(bars), len(world["hosts"]) * 20)
        done, of = re.search(rb"(\d+)/(\d+)$", bars[-1]).groups()
        self.assertEqual(done, of)
        times = [at for at, more in terminal.times for _ in DRAWN.findall(more)]
        second = [sum(1 for other in times if 0 <= other - at < 1) for at in times]
        self.assertLessEqual(max(second), 11 + 5)  # ten, and the last of each of a few readings
