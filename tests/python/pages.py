"""Are the pages of the tree true where a script can see it? Every README fits a screen; every link leads to a page and a heading
that are there; every path and file that a page names is there; a page that a comment names is there;
CONDITIONS.md has every path condition; and RIGHTS.md every class that hosts are asked for. For tests/tidy."""
import os
import pathlib
import re

SCREEN_LINES, SCREEN_COLUMNS = 60, 130
NEVER = {"build", ".git", "corpus", "__pycache__"}
PATH = re.compile(r"(?<![\w/.:$<>~=@-])((?:[\w.-]+/)+[\w.*-]*[\w*])(?![\w…<])")
FILE = re.compile(r"(?<![\w/.*-])([a-z][\w-]*\.(?:cpp|hpp|py|sh|sql))(?!\w)")
PLACEHOLDER = re.compile(r"(^|/)[A-Z]+(/|$)|\.example")  # ldap/HOST/DOMAIN
PAGE = re.compile(r"(?<![\w/.-])((?:[\w-]+/)*[A-Z][\w-]*\.md)\b(?!, commit)(?:, \"([^\"]+)\")?")  # not of another repository


def found(top, *endings):
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(set(folders) - NEVER)
        yield from (pathlib.Path(folder, name) for name in sorted(files) if name.endswith(endings))


def folders_above(top, path):
    """The folder of a file, the one above it, and so on up to the top: whatever it names is looked for in these."""
    return [one for one in path.parents if one == top or top in one.parents]


def screens(top):
    """The README of a folder fits a screen; what needs more room is a page of its own beside it."""
    for folder in ("engine", "providers", "tests"):
        for path in found(top / folder, "README.md"):
            lines = sum(max(1, -(-len(line) // SCREEN_COLUMNS)) for line in path.read_text().splitlines())
            if lines > SCREEN_LINES:
                yield (f"{path.relative_to(top)}: takes {lines} lines of {SCREEN_COLUMNS} columns; at most {SCREEN_LINES}: "
                       "put what is left into a page of its own")


def headings(page):
    return [line.lstrip("# ") for line in page.read_text().splitlines() if line.startswith("#")]


def anchors(page):
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings(page)}


def links(top):
    """Links lead to files and headings that are there."""
    for page in found(top, ".md"):
        name = page.relative_to(top)
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", page.read_text(), flags=re.S)):
            if "://" in target:
                continue
            path, _, heading = target.partition("#")
            there = page.parent / path if path else page
            if not there.exists():
                yield f"{name}: links to {target}, which is not there"
            elif heading and heading not in anchors(there / "README.md" if there.is_dir() else there):
                yield f"{name}: links to {target}, which has no such heading"


def names_something(folder, path):
    """A file, a folder, or what files of a name have in common: `plan/judge`, `commands_*`."""
    return (folder / path).exists() or any(folder.glob(path)) or any(folder.glob(path + ".*"))


def paths(top):
    """What a page calls by a path of the tree is there. A path is what begins with a folder that the page can see."""
    files = {path.name for path in found(top, ".cpp", ".hpp", ".py", ".sh", ".sql")}
    for page in found(top, ".md"):
        name, folders = page.relative_to(top), folders_above(top, page)
        text = re.sub(r"\]\([^)\s]+\)|\w+://\S+|\*\*", " ", page.read_text())
        for path in sorted(set(PATH.findall(text))):
            first = path.partition("/")[0]
            if first in NEVER or first in (".", "..") or PLACEHOLDER.search(path) or not any((one / first).is_dir() for one in folders):
                continue
            if not any(names_something(one, path) for one in folders):
                yield f"{name}: names {path}, which is not there"
        for file in sorted(set(FILE.findall(text)) - files):
            yield f"{name}: names {file}, which is not there"


def cited_pages(top):
    """A page and a heading that a comment names are there."""
    for path in found(top, ".cpp", ".hpp", ".py", ".sh", ".yaml"):
        if path == top / "tests/python/pages.py":  # its planted faults are no citations
            continue
        for page, heading in PAGE.findall(path.read_text()):
            there = [one / page for one in folders_above(top, path) if (one / page).exists()]
            if not there:
                yield f"{path.relative_to(top)}: names {page}, which is not there"
            elif heading and heading not in headings(there[0]):
                yield f"{path.relative_to(top)}: names {page}, \"{heading}\", which it does not have"


def conditions(top):
    """Every path condition is in the page that says how sure it is."""
    page, table = "engine/paths/CONDITIONS.md", (top / "engine/paths/conditions.cpp").read_text()
    there = [name for name in re.findall(r"^\| (\w[\w ]*) \|", (top / page).read_text(), flags=re.M) if name != "condition"]
    rows = re.findall(r"ConditionRow\{\s*\"([^\"]+)\"", table)
    for name in sorted(set(rows) - set(there)):
        yield f"{page}: has no row for the condition {name} of conditions.cpp"
    for name in sorted(set(there) - set(rows)):
        yield f"{page}: has a row for {name}, which is no condition of conditions.cpp"
    if len(rows) < 5:
        yield f"{page}: only {len(rows)} conditions were recognised in conditions.cpp"


def classes(top):
    """Every class that hosts are asked for is in the page that says which rights that takes."""
    page, table = "providers/wmi/RIGHTS.md", (top / "providers/wmi/hyperv/codec.cpp").read_text()
    rows, there = re.findall(r"ClassRow\{\s*Source::\w+,[^,]+,\s*\"(\w+)\"", table), (top / page).read_text()
    for name in rows:
        if f"`{name}`" not in there:
            yield f"{page}: does not list the class {name} of codec.cpp"
    if len(rows) < 5:
        yield f"{page}: only {len(rows)} classes were recognised in codec.cpp"


CHECKS = [screens, links, paths, cited_pages, conditions, classes]

# As in tests/tidy: the file, what is put at its end, and a piece of the finding.
PLANTED = [
    (screens, "engine/plan/README.md", "line\n" * 60, "engine/plan/README.md: takes"),
    (screens, "tests/README.md", "| a long row " * 500 + "|\n", "tests/README.md: takes"),
    (links, "README.md", "[more](engine/NOWHERE.md)\n", "links to engine/NOWHERE.md"),
    (links, "engine/README.md", "[more](plan/README.md#nothing-of-that-name)\n", "has no such heading"),
    (paths, "engine/README.md", "Then **plan/nowhere** does it.\n", "names plan/nowhere"),
    (paths, "CONTRIBUTING.md", "    tests/nowhere --all\n", "names tests/nowhere"),
    (paths, "providers/wmi/README.md", "See `nowhere.hpp`.\n", "names nowhere.hpp"),
    (cited_pages, "engine/plan/plan.cpp", "// See engine/plan/NOWHERE.md.\n", "names engine/plan/NOWHERE.md"),
    (cited_pages, "engine/plan/plan.cpp", "// (engine/README.md, \"Nothing of that name\")\n", "which it does not have"),
    (conditions, "engine/paths/conditions.cpp", "// ConditionRow{\"weather\"\n", "no row for the condition weather"),
    (conditions, "engine/paths/CONDITIONS.md", "| weather | it is fine | INFERENCE |\n", "which is no condition"),
    (classes, "providers/wmi/hyperv/codec.cpp", "// ClassRow{Source::x, windows, \"Win32_New\"\n", "does not list the class Win32_New"),
]
