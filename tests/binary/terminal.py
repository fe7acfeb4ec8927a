"""A shell at a real pseudo-terminal, and what a person sees on it. The terminal is pyte's, which nobody here wrote; the shell
is bash, or dash, which after Ctrl-C does not begin a new line by itself.
"""
import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte

import estate

PROMPT = "$ "
SHELLS = {"bash": ["/bin/bash", "--norc", "--noediting", "-i"], "dash": ["/bin/dash", "-i"]}
CTRL_C = "\x03"


class Terminal:
    def __init__(self, folder, columns, shell="bash", term="xterm", rows=300, **env):
        self.raw, self.times = b"", []
        self.screen = pyte.Screen(columns, rows)
        self.stream, self.decoder = pyte.Stream(self.screen), codecs.getincrementaldecoder("utf-8")("replace")
        variables = {**folder.environment(), "PS1": PROMPT, "TERM": term, "HISTFILE": "/dev/null",
                     "fairway": estate.FAIRWAY, **env}
        if not term:
            del variables["TERM"]
        self.shell, self.fd = pty.fork()
        if self.shell == 0:
            os.chdir(folder.path)
            os.execve(SHELLS[shell][0], SHELLS[shell], variables)
        self.resize(columns)
        self.wait(self.at_prompt, "the shell's prompt")

    def resize(self, columns):
        self.columns = columns
        self.screen.resize(columns=columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", self.screen.lines, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode())

    def run(self, command):
        """Types it, waits for the next prompt; the lines between."""
        before = len(self.lines())
        self.type(command + "\n")
        self.wait(lambda: len(self.lines()) > before and self.at_prompt(), f"the end of {command}")
        return self.lines()[before:-1]

    def lines(self):
        out = [line.rstrip() for line in self.screen.display]
        while out and not out[-1]:
            out.pop()
        return out

    def at_prompt(self):
        """The last line is the prompt alone, and the cursor stands behind it."""
        lines, cursor = self.lines(), self.screen.cursor
        return bool(lines) and lines[-1] == PROMPT.rstrip() and (cursor.y, cursor.x) == (len(lines) - 1, len(PROMPT))

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return
        try:
            more = os.read(self.fd, 65536)
        except OSError:  # how a terminal ends
            return
        self.raw += more
        self.times.append((time.monotonic(), more))
        self.stream.feed(self.decoder.decode(more))

    def wait(self, told, what):
        end = time.monotonic() + estate.PATIENCE
        while not told():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}; the screen:\n" + "\n".join(self.lines()))
            self.read(0.05)

    def shows(self, words):
        self.wait(lambda: any(words in line for line in self.lines()), words)

    def close(self):
        os.close(self.fd)
        os.kill(self.shell, signal.SIGKILL)
        os.waitpid(self.shell, 0)
