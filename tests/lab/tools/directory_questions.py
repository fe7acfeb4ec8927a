"""What was asked of a directory, out of the bytes that a relay inside TLS heard: searches (RFC 4511 4.5.1), in words. Pure.

Answers: did the program read every account, or only what changed? It shares no line with the program's own codec.
"""
import collections
import contextlib

Search = collections.namedtuple("Search", "base filter attributes")
MESSAGE, SEARCH, DEEPEST = 0x30, 0x63, 16
JOINED = {0xA0: "&", 0xA1: "|", 0xA2: "!"}
COMPARED = {0xA3: "=", 0xA5: ">=", 0xA6: "<=", 0xA8: "~="}
SOMETHING_ELSE = 0x87  # attribute=*


class Cut(Exception):
    """The bytes end before what they began."""


def element(data, at):
    """Its tag, what it holds, and where it ends (X.690 8.1)."""
    if len(data) < at + 2:
        raise Cut
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        octets, at = size & 0x7F, at + (size & 0x7F)
        size = int.from_bytes(data[at - octets:at], "big")
    if len(data) < at + size:
        raise Cut
    return tag, data[at:at + size], at + size


def elements(data):
    """(tag, what it holds) of each, in order."""
    at = 0
    while at < len(data):
        tag, held, at = element(data, at)
        yield tag, held


def encoded(tag, held):
    size = len(held)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | len(octets)]) + octets) + held


def whole_messages(data):
    """Those that are whole, each as it came in its bytes, and the rest."""
    out, at = [], 0
    with contextlib.suppress(Cut):
        while at < len(data):
            end = element(data, at)[2]
            out.append(data[at:end])
            at = end
    return out, data[at:]


def sliced(message, attribute, most):
    """The message; in a search that asks for the whole attribute, it is asked for no more than that many values."""
    (_, held), = elements(message)
    number, (kind, search), *controls = elements(held)
    if kind != SEARCH:
        return message
    *before, (tag, attributes) = elements(search)
    asked = b"".join(encoded(one, f"{attribute};range=0-{most - 1}".encode() if name.decode() == attribute else name)
                     for one, name in elements(attributes))
    search = b"".join(encoded(*part) for part in before) + encoded(tag, asked)
    return encoded(MESSAGE, b"".join(encoded(*part) for part in (number, (kind, search), *controls)))


def filter_text(tag, held, depth=0):
    if depth > DEEPEST:
        raise ValueError("a filter without end")
    if tag in JOINED:
        return "(" + JOINED[tag] + "".join(filter_text(*part, depth + 1) for part in elements(held)) + ")"
    if tag in COMPARED:
        (_, name), (_, value) = elements(held)
        return f"({name.decode()}{COMPARED[tag]}{value.decode(errors='backslashreplace')})"
    return f"({held.decode()}=*)" if tag == SOMETHING_ELSE else f"(something of tag {tag:#x})"


def searches(messages):
    out = []
    for message in messages:
        (_, held), = elements(message)
        _, (kind, search), *_ = elements(held)
        if kind == SEARCH:
            base, *_, wanted, attributes = elements(search)
            out.append(Search(base[1].decode(), filter_text(*wanted), [name.decode() for _, name in elements(attributes[1])]))
    return out


def word(search):
    if "uSNChanged>=" in search.filter:
        return "changes"
    if "(sAMAccountName=" in search.filter:
        return "accounts"
    if "(userAccountControl=*)(objectSid=" in search.filter or "(userAccountControl=*)(|(objectSid=" in search.filter:
        return "the caller"
    if "(objectSid=" in search.filter:
        return "names"
    if search.base.startswith("CN=Deleted Objects,"):
        return "are deletions shown"
    if search.base.startswith("CN=NTDS Settings,"):
        return "invocation"
    beside = {"sPNMappings": "what HOST serves", "msDS-AllowedDNSSuffixes": "suffixes"}
    for name, told in beside.items():
        if name in search.attributes:
            return told
    if not search.base:
        words = {"highestCommittedUSN": "moment", "tokenGroups": "the caller's groups"}
        return next((words[name] for name in words if name in search.attributes), "root")
    return "slice" if ";range=" in str(search.attributes) else str(search)


def words(messages):
    return [word(search) for search in searches(messages)]
