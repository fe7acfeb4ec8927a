"""Do the shells complete what the program prints for them? Each line is typed into a real bash, zsh and fish. PowerShell is not in
Debian; engine/cli/README.md says how its script is tried.
"""
import os
import pty
import re
import select
import subprocess
import time
import unittest

from program import Folder

# What is typed before the tab, and the words that the command then gets. Where there is nothing to complete, they are as typed.
LINES = [
    ("expl", ["explain"]),
    ("--outp", ["--output"]),
    ("audit --output mark", ["audit", "--output", "markdown"]),
    ("audit --output=sar", ["audit", "--output=sarif"]),
    ("plan --output jun", ["plan", "--output", "jun"]),          # it has no such form
    ("audit --without-unr", ["audit", "--without-unr"]),         # it has no such option
    ("plan --without-unr", ["plan", "--without-unreadable"]),
    ("apply --on-failure roll", ["apply", "--on-failure", "rollback"]),
    ("--color nev", ["--color", "never"]),
    ("--color never hist", ["--color", "never", "history"]),
    ("break-glass --install-t", ["break-glass", "--install-timer"]),
    ("schema inv", ["schema", "inventory"]),
    ("completion power", ["completion", "powershell"]),
    ("help rollb", ["help", "rollback"]),
    ("manual pol", ["manual", "policy"]),
    ("check pol", ["check", "policy file.yaml"]),
    ("audit -p pol", ["audit", "-p", "policy file.yaml"]),
    ("audit --policy=pol", ["audit", "--policy=policy file.yaml"]),
    ("apply --record rec", ["apply", "--record", "records"]),
    ("plan --ticket pol", ["plan", "--ticket", "pol"]),          # a text, not a file
]
PATIENCE = 60


class Shell:
    """A shell at a terminal, in which `fairway` writes down its words."""

    def __init__(self, folder, command, prepare):
        self.folder, self.out = folder, folder.file("words")
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.chdir(folder.path)
            os.execvpe(command[0], command, {**folder.environment(), "TERM": "xterm", "PS1": "$ ", "HISTFILE": "/dev/null"})
        self.run(prepare)

    def run(self, line):
        """Types it, and a command that says that it is over."""
        if os.path.exists(self.out):
            os.remove(self.out)
        os.write(self.fd, f"{line}\n".encode())
        deadline = time.monotonic() + PATIENCE
        seen = b""
        while not os.path.exists(self.out):
            if time.monotonic() > deadline:
                raise AssertionError(f"{line!r} did not end: {seen.decode(errors='replace')}")
            if select.select([self.fd], [], [], 0.02)[0]:
                seen += os.read(self.fd, 65536)
        with open(self.out, encoding="utf-8") as f:
            return f.read().split("\n")[:-1]

    def close(self):
        os.close(self.fd)
        os.waitpid(self.process, 0)


# Written beside and moved, so that a file that is there is whole.
WORDS = 'fairway() { printf "%s\\n" "$@" >words.new; mv words.new words; }'


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.addClassCleanup(cls.folder.remove)
        for shell in ("bash", "zsh", "fish", "powershell"):
            said = cls.folder.run("completion", shell)
            assert said.status == 0 and not said.err, said
            cls.folder.write(f"completion.{shell}", said.out)
        cls.folder.write("policy file.yaml", "")
        os.mkdir(cls.folder.file("records"))

    def typed(self, *shell):
        shell = Shell(self.folder, *shell)
        try:
            for line, words in LINES:
                with self.subTest(line):
                    self.assertEqual([word.rstrip("/") for word in shell.run(f"fairway {line}\t")], words)
        finally:
            shell.close()

    def test_bash(self):
        self.typed(["bash", "--norc", "--noprofile", "-i"],
                   f"bind 'set bell-style none'; {WORDS}; source completion.bash; fairway ready")

    def test_zsh(self):
        self.typed(["zsh", "-f", "-i"], f"unsetopt beep; autoload -U compinit; compinit -D -u; {WORDS}; source completion.zsh; fairway ready")

    def test_fish(self):
        lines = "\n".join(f"complete -C 'fairway {line}'; echo ---" for line, _ in LINES)
        said = subprocess.run(["fish", "--no-config", "-c", f"source completion.fish\n{lines}"], cwd=self.folder.path, timeout=PATIENCE,
                              env=self.folder.environment(), capture_output=True, encoding="utf-8", check=True)
        self.assertEqual(said.stderr, "")
        offered = [[one.split("\t")[0].rstrip("/") for one in part.split("\n") if one] for part in said.stdout.split("---\n")[:-1]]
        for (line, words), got in zip(LINES, offered, strict=True):
            with self.subTest(line):
                last = line.split(" ")[-1]
                self.assertEqual(got, [] if words[-1] == last else [words[-1]])

    def test_every_option_of_every_command(self):
        helps = {command: set(re.findall(r"^  (?:-\w, |    )(--[a-z-]+)", self.folder.run("help", command).out, re.M))
                 for command in re.findall(r"^  ([a-z-]+) ", self.folder.run("--help").out.split("Exit status:")[0], re.M)}
        self.assertGreater(len(helps), 20)
        bash = "\n".join(f"COMP_WORDS=(fairway {command} --) COMP_CWORD=2; _fairway; echo ${{COMPREPLY[*]}}" for command in helps)
        fish = "\n".join(f"string join ' ' -- (complete -C 'fairway {command} --' | string split -f1 \\t)" for command in helps)
        for shell, options, script in (("bash", ["--norc"], bash), ("fish", ["--no-config"], fish)):
            said = subprocess.run([shell, *options, "-c", f"source completion.{shell}\n{script}"], cwd=self.folder.path, timeout=PATIENCE,
                                  env=self.folder.environment(), capture_output=True, encoding="utf-8", check=True)
            got = {command: set(line.split()) for command, line in zip(helps, said.stdout.splitlines(), strict=True)}
            self.assertEqual(got, helps, shell)
        zsh = self.folder.read("completion.zsh").decode()
        powershell = self.folder.read("completion.powershell").decode()
        for command, options in helps.items():
            part = zsh.split(f"\n        {command})\n")[1].split(" ;;\n")[0]
            self.assertEqual(set(re.findall(r"(?:[',*])(--[a-z-]+)[=\[}]", part)), options, command)
            row = re.search(rf"^        '{command}' = '(--[^']*)'$", powershell, re.M).group(1)
            self.assertEqual(set(row.split()), options, command)

    def test_the_script_of_powershell_is_whole(self):
        """Quotes and brackets alone: nothing in Debian reads PowerShell."""
        text = re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"^ *#.*$", "", self.folder.read("completion.powershell").decode(), flags=re.M))
        text = re.sub(r'"[^"\n]*"', '""', text)
        self.assertNotRegex(text, "['\"]{3}|`")
        while (shorter := re.sub(r"\([^(){}\[\]]*\)|\{[^(){}\[\]]*\}|\[[^(){}\[\]]*\]", "", text)) != text:
            text = shorter
        self.assertNotRegex(text, r"[(){}\[\]]")
