"""Texts that are kept in files and compared. With FAIRWAY_ACCEPT=1 the files are written anew and the test fails: somebody
must read the difference.
"""
import os
import re


def normalised(text):
    """Times, how long something takes, users with their machines, and the date in the names of runs; a name stays as wide as it was.

    What these go into (the digest of a rollback's plan, the journal's hashes) differs with them.
    """
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", text).replace("begun <time>, known <time>", "begun <time>")
    text = re.sub(r"\b\d{4}-\d\d-\d\d-(\d\d+)\b", r"YYYY-MM-DD-\1", text)
    text = re.sub(r"^(Plan )[0-9a-f]{12}(.*: rollback of run )", r"\1<digest>   \2", text, flags=re.M)
    text = re.sub(r"^(Run \S+: rollback of run .*, plan )[0-9a-f]{12}$", r"\1<digest>", text, flags=re.M)
    text = re.sub(r"about \w+, and \w+ to undo everything( \(assumed[^)]*\))?", "about <time>, and <time> to undo everything", text)
    text = re.sub(r"up to \w+( and \w+ of waiting between phases)? to apply it, \w+ to roll it back \(from", r"up to <time>\1 to apply it, <time> to roll it back (from", text)
    text = re.sub(r"the plan may need \w+ with", "the plan may need <time> with", text)
    text = re.sub(r"the window ends in \w+", "the window ends in <time>", text)
    text = re.sub(r"^(Head  \d+:)[0-9a-f]{12}$", r"\1<hash>", text, flags=re.M)
    text = re.sub(r"^(Allowed once by )\S+:", r"\1<user>:", text, flags=re.M)
    text = re.sub(r" by \S+@\S+?(,| for |$)", r" by <user@machine>\1", text, flags=re.M)
    return re.sub(r" +\S+@\S+ +<time>", "  <user@machine>  <time>", re.sub(r"  by +started", "  by  started", text))


def kept(text, path):
    """What is kept of `text`, which is what there is now; None: it was written anew."""
    if os.environ.get("FAIRWAY_ACCEPT") != "1":
        with open(path, encoding="utf-8") as f:
            return f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return None


def compare(case, text, path):
    """case: a unittest.TestCase; text: what there is now."""
    try:
        was = kept(text, path)
    except FileNotFoundError:
        case.fail(f"{path} is missing: run this test once with FAIRWAY_ACCEPT=1 and read what it writes")
    if was is None:
        case.fail(f"accepted, not tested: {path} was rewritten; read the difference")
    case.assertEqual(text, was, f"{path} says something else (FAIRWAY_ACCEPT=1 accepts it)")
