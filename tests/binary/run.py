#!/usr/bin/env python3
"""Does the built program keep its promises? Runs every *_test.py of this folder against one binary.

usage: run.py --fairway PATH [--half 1|2] [pattern ...]      pattern: a part of a test's name; none: all tests
Needs Debian's python3, python3-jsonschema, python3-pyte, chromium, openssl and a C compiler, nothing of Fairway's sources.
"""
import argparse
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../python")]
sys.dont_write_bytecode = True


def flat(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from flat(one)
        else:
            yield one


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fairway", required=True, help="the program under test")
    parser.add_argument("--half", type=int, choices=(1, 2), help="every other class of tests: both halves are all")
    parser.add_argument("pattern", nargs="*", help="only tests whose name contains one of these")
    given = parser.parse_args()
    os.environ["FAIRWAY"] = given.fairway  # program.py reads it
    tests = list(flat(unittest.TestLoader().discover(HERE, pattern="*_test.py")))
    if given.half:
        classes = list(dict.fromkeys(type(one) for one in tests))
        tests = [one for one in tests if type(one) in classes[given.half - 1::2]]
    if given.pattern:
        tests = [one for one in tests if any(word in one.id() for word in given.pattern)]
    if not tests:
        parser.error("no test has such a name")
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(tests))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
