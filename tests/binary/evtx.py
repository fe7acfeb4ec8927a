"""Writes an EVTX file (libyal's "Windows XML Event Log (EVTX)" has the format): file header, chunks, records of binary XML.

    write([("Event", {"xmlns": …}, [("System", {}, […]), …]), …])  ->  bytes

An element is (name, attributes, children or text). In place of a text may stand (type, bytes): such an event is written as Windows
writes all of them, as a template with the values behind it. Names stand in full where they are used.
"""
import struct
import zlib

CHUNK, CHUNK_HEADER = 65536, 512


def utf16(text):
    return text.encode("utf-16-le")


def name(text, at):
    """The offset of a name that stands right behind that offset, which itself is at `at`; and the name."""
    return struct.pack("<IIHH", at + 4, 0, 0, len(text)) + utf16(text) + b"\0\0"


def value(text, values):
    if isinstance(text, tuple):
        values.append(text)
        return b"\x0d" + struct.pack("<HB", len(values) - 1, text[0])
    return b"\x05\x01" + struct.pack("<H", len(utf16(text)) // 2) + utf16(text)


def attribute(key, text, at, more, values):
    return bytes([0x46 if more else 0x06]) + name(key, at + 1) + value(text, values)


def element(tree, at, values):
    """Binary XML of an element that begins `at` bytes behind the chunk's beginning."""
    tag, attributes, content = tree
    body = name(tag, at + 7)
    if attributes:
        listed = b""
        for left, (key, text) in enumerate(attributes.items(), 1 - len(attributes)):
            listed += attribute(key, text, at + 7 + len(body) + 4 + len(listed), left < 0, values)
        body += struct.pack("<I", len(listed)) + listed
    if not content:
        body += b"\x03"
    else:
        body += b"\x02"
        if isinstance(content, (str, tuple)):
            body += value(content, values)
        else:
            for child in content:
                body += element(child, at + 7 + len(body), values)
        body += b"\x04"
    return bytes([0x41 if attributes else 0x01]) + struct.pack("<HI", 0xffff, len(body)) + body


FRAGMENT = b"\x0f\x01\x01\x00"


def template(tree, at):
    """A definition, which stands where it is used first, and the values of this use; it begins at `at`."""
    values = []
    definition = at + 10
    inner = FRAGMENT + element(tree, definition + 24 + len(FRAGMENT), values) + b"\x00"
    used = struct.pack("<I", len(values)) + b"".join(struct.pack("<HBB", len(one), kind, 0) for kind, one in values)
    return (b"\x0c\x01" + struct.pack("<II", 1, definition) + struct.pack("<I16sI", 0, bytes(16), len(inner)) + inner + used +
            b"".join(one for _, one in values))


def record(tree, number, at):
    values = []
    whole = element(tree, at + 28, values)
    body = FRAGMENT + (template(tree, at + 28) if values else whole) + b"\x00"
    size = (24 + len(body) + 4 + 7) // 8 * 8  # as Windows does
    body = body.ljust(size - 28, b"\0")
    return b"**\0\0" + struct.pack("<IQQ", size, number, 0x01DD000000000000) + body + struct.pack("<I", size)


def chunk(records, first, last, offset_of_last):
    header = struct.pack("<8sQQQQIIII", b"ElfChnk\0", first, last, first, last, 128, offset_of_last,
                         CHUNK_HEADER + len(records), zlib.crc32(records)).ljust(120, b"\0")
    strings = bytes(CHUNK_HEADER - 128)
    header += struct.pack("<II", 0, zlib.crc32(header + strings)) + strings
    return (header + records).ljust(CHUNK, b"\0")


def write(events):
    chunks, records, first, last_at = [], b"", 1, 0
    for number, tree in enumerate(events, 1):
        one = record(tree, number, CHUNK_HEADER + len(records))
        if CHUNK_HEADER + len(records) + len(one) > CHUNK:
            chunks.append(chunk(records, first, number - 1, last_at))
            first, records = number, b""
            one = record(tree, number, CHUNK_HEADER)
        last_at = CHUNK_HEADER + len(records)
        records += one
    chunks.append(chunk(records, first, len(events), last_at))
    header = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, len(chunks) - 1, len(events) + 1, 128, 1, 3, 4096,
                         len(chunks)).ljust(120, b"\0")
    return (header + struct.pack("<II", 0, zlib.crc32(header))).ljust(4096, b"\0") + b"".join(chunks)


def typed_event(number, filetime, parameters):
    """An event whose numbers and times are no texts, as Windows has them."""
    provider, system, content = "Microsoft-Windows-Hyper-V-VMMS", [], []
    system += [("Provider", {"Name": provider, "Guid": (0x0f, bytes(range(16)))}, ""), ("EventID", {}, (0x06, struct.pack("<H", number))),
               ("Level", {}, (0x04, b"\x02")), ("Keywords", {}, (0x15, struct.pack("<Q", 1 << 63))),
               ("TimeCreated", {"SystemTime": (0x11, struct.pack("<Q", filetime))}, ""),
               ("EventRecordID", {}, (0x0a, struct.pack("<Q", 52262))), ("Channel", {}, provider + "-Admin"), ("Computer", {}, "hv01"),
               ("Security", {"UserID": (0x13, bytes([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]))}, "")]
    for at, one in enumerate(parameters):
        content.append((f"Parameter{at}", {}, (0x01, utf16(one)) if isinstance(one, str) else (0x14, struct.pack("<I", one))))
    return ("Event", {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
            [("System", {}, system), ("UserData", {}, [("VmlEventLog", {"xmlns": "x"}, content)])])


def event(number, parameters, computer="hv01.corp.example", provider="Microsoft-Windows-Hyper-V-VMMS", level="2",
          time="2026-11-28T02:01:00.0079190Z"):
    """An event as Hyper-V's providers log them."""
    return ("Event", {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}, [
        ("System", {}, [
            ("Provider", {"Name": provider, "Guid": "{6066f867-7ca1-4418-85fd-36e3f9c0600c}"}, ""),
            ("EventID", {}, str(number)), ("Level", {}, level), ("TimeCreated", {"SystemTime": time}, ""),
            ("EventRecordID", {}, "52262"), ("Channel", {}, provider + "-Admin"), ("Computer", {}, computer)]),
        ("UserData", {}, [("VmlEventLog", {"xmlns": "http://www.microsoft.com/Windows/Virtualization/Events"},
                           [(f"Parameter{at}", {}, text) for at, text in enumerate(parameters)])])])
