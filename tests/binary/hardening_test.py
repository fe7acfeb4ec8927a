"""Is the program built with Debian's hardening? Read from the program itself, so that a flag which got lost is seen.
Needs readelf and objdump of Debian's binutils, which come with the compiler.
"""
import os
import re
import subprocess
import unittest

import estate

SANITIZED = "ASAN_OPTIONS" in os.environ  # such a build has checks of its own in the place of _FORTIFY_SOURCE


def tool(*command):
    return subprocess.run([*command, estate.FAIRWAY], capture_output=True, text=True, check=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.segments = tool("readelf", "-W", "--file-header", "--segments", "--dynamic")
        cls.symbols = tool("readelf", "-W", "--dyn-syms")

    def test_it_is_position_independent(self):
        self.assertRegex(self.segments, r"Type:\s+DYN \(Position-Independent Executable")
        self.assertRegex(self.segments, r"FLAGS_1.*\bPIE\b")

    def test_its_tables_are_read_only_before_it_runs(self):
        self.assertIn("GNU_RELRO", self.segments)
        self.assertRegex(self.segments, r"\(FLAGS\).*\bBIND_NOW\b")

    def test_no_memory_is_both_written_and_run(self):
        flags = re.findall(r"^\s+(?:LOAD|GNU_STACK)\s+(?:0x\w+\s+){5}([RWE ]{3})\s", self.segments, re.MULTILINE)
        self.assertGreaterEqual(len(flags), 5, self.segments)
        self.assertEqual([], [one for one in flags if "W" in one and "E" in one])

    def test_it_checks_its_stack_its_buffers_and_its_containers(self):
        self.assertIn("__stack_chk_fail", self.symbols)
        self.assertIn("__glibcxx_assert_fail", self.symbols)
        if not SANITIZED:
            self.assertIn("__memcpy_chk", self.symbols)

    def test_functions_begin_with_a_mark_for_indirect_calls(self):
        code = tool("objdump", "-d", "--no-show-raw-insn", "--demangle")
        # Debian's start files lack the mark, so the note of the whole program cannot have it; its functions do.
        first = re.findall(r"^[0-9a-f]+ <fairway::cli::\w+\(.*\)>:\n\s+[0-9a-f]+:\t(\w+)", code, re.MULTILINE)
        self.assertGreater(len(first), 20)
        self.assertEqual({"endbr64"}, set(first))
        # A large frame is touched page by page (-fstack-clash-protection).
        self.assertRegex(code, r"sub\s+\$0x1000,%rsp\n\s+[0-9a-f]+:\s+orq\s+\$0x0,")


if __name__ == "__main__":
    unittest.main()
