"""The shape of the tree, read from include lines: which folder may include which, one file for each library, and who may print.
Part of tests/tidy; each check gives its findings as lines.
"""
import re

PORT = {"engine/provider.hpp", "engine/model", "engine/base"}
MODEL = {"engine/base", "engine/model"}
NAMES = MODEL | {"engine/names"}
PLAN = NAMES | {"engine/paths", "engine/plan"}
RUN = PLAN | {"engine/journal", "engine/provider.hpp"}
SIGN_ON = PORT | {"providers/sign_on"}
WSMAN = PORT | {"providers/wmi/wsman"}
HOSTS = {"providers/wmi/transport", "providers/wmi/events", "providers/wmi/hyperv"}
IDENTITY = SIGN_ON | {"providers/ldap/wire", "providers/ldap/identity"}
ACCOUNTS = IDENTITY | {"providers/ldap/controller", "providers/ldap/accounts"}

# Which folders a folder may include, beside itself. engine/cli may include everything, the providers in one file only.
KNOWS_PROVIDERS = "engine/cli/providers.cpp"
MAY_INCLUDE = {
    "engine/base": set(),
    "engine/model": MODEL,
    "engine/provider.hpp": MODEL,
    "engine/names": NAMES,
    "engine/policy": NAMES,
    "engine/paths": NAMES,
    "engine/plan": PLAN,
    "engine/diagnosis": NAMES | {"engine/paths"},
    "engine/journal": PLAN,
    "engine/run": RUN,
    "engine/report": RUN | {"engine/run", "engine/diagnosis"},
    "engine/forms": MODEL | {"engine/report"},
    "engine/watch": PLAN | {"engine/report", "engine/forms"},
    "providers/sign_on": PORT,
    "providers/network": PORT,
    "providers/memory": PORT,
    "providers/webhook": SIGN_ON,
    "providers/wmi/wsman": PORT,
    "providers/wmi/transport": WSMAN | SIGN_ON,
    "providers/wmi/events": WSMAN,
    "providers/wmi/hyperv": WSMAN,
    "providers/wmi/sights": WSMAN | {"providers/network", "providers/wmi/events", "providers/wmi/hyperv"},
    "providers/wmi/contact": WSMAN | HOSTS | {"providers/wmi/sights"},
    "providers/wmi": WSMAN | HOSTS | {"providers/wmi/contact", "providers/wmi/sights"},
    "providers/ldap/wire": SIGN_ON,
    "providers/ldap/identity": IDENTITY,
    "providers/ldap/controller": IDENTITY,
    "providers/ldap/accounts": ACCOUNTS,
    "providers/ldap/recall": ACCOUNTS,
    "providers/ldap/contact": ACCOUNTS,
    "providers/ldap": ACCOUNTS | {"providers/ldap/contact", "providers/ldap/recall", "providers/network"},
}

# A library by the beginning of its headers, and the one file that may include it.
LIBRARIES = {
    "yaml-cpp/": "engine/base/yaml.cpp",
    "nlohmann/json_fwd": "engine/base/json_fwd.hpp",
    "nlohmann/json.": "engine/base/json.hpp",
    "spdlog/": "engine/base/log.cpp",
    "date/": "engine/base/zone.cpp",
    "openssl/evp": "engine/base/digest.cpp",
    "openssl/crypto": "engine/base/file.cpp",
    "openssl/": "providers/sign_on/openssl.hpp",
    "tl/": "engine/base/error.hpp",
    "sqlite3.h": "engine/journal/sqlite.cpp",
    "boost/program_options": "engine/cli/options.cpp",
    "boost/": "providers/wmi/transport/asio.hpp",
    "pugixml": "providers/wmi/wsman/xml.cpp",
    "libevtx.h": "providers/wmi/events/event_evtx.cpp",
    "gssapi/": "providers/sign_on/gss_library.hpp",
    "ldap.h": "providers/ldap/wire/library.hpp",
}
# What needs no such file: fmt, the standard library, and the system's headers.
FREE = re.compile(r"fmt/|[a-z_]+$|sys/|linux/|arpa/|netinet/|(?:netdb|resolv|fcntl|unistd|link|pwd|poll|signal|langinfo|spawn|time|endian)\.h$")

# A header that belongs to a few files, and how their names begin.
INTERNAL = {
    "providers/sign_on/gss_library.hpp": ("providers/sign_on/gss_",),
    "providers/sign_on/gss_realm.hpp": ("providers/sign_on/gss_",),
    "providers/sign_on/gss_security.hpp": ("providers/sign_on/gss_",),
    "providers/sign_on/gss_words.hpp": ("providers/sign_on/gss_",),
    "providers/sign_on/openssl.hpp": ("providers/sign_on/distrust.cpp", "providers/sign_on/channel_binding.cpp",
                                      "providers/wmi/transport/tls.cpp", "providers/webhook/post.cpp"),
    "providers/ldap/wire/library.hpp": tuple(f"providers/ldap/{name}.cpp" for name in (
        "wire/session", "wire/messages", "wire/anonymous", "wire/diagnosis", "wire/seal")),
    "providers/wmi/transport/wire.hpp": ("providers/wmi/transport/line", "providers/wmi/transport/wire.cpp"),
}

# All that is printed goes through base/screen. These do something else: a signal's note, questions about the descriptors, and
# the descriptors of a child.
MAY_PRINT = {"engine/base/screen.cpp", "engine/cli/interrupt.cpp", "engine/cli/output.cpp", "engine/base/file.cpp",
             "providers/sign_on/secret_reader.cpp"}
PRINTS = re.compile(r"\b(fputs|puts|printf|fprintf|fwrite)\(|\bfmt::print\(|std::c(out|err|log)\b|STD(OUT|ERR)_FILENO|"
                    r"\bstdout_sink|\bstderr_sink")


def sources(top):
    for folder in ("engine", "providers"):
        for path in sorted((top / folder).rglob("*.[ch]pp")):
            yield str(path.relative_to(top)), path.read_text()


def includes(top):
    for file, text in sources(top):
        for kind, target in re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', text, flags=re.M):
            yield file, target, kind == "<"


def folder_of(path):
    """The folder; or the file itself, if it is beside the folders of engine/."""
    folder = path.rpartition("/")[0]
    return path if folder == "engine" else folder


def layers(top):
    """A folder includes only the folders below it."""
    seen = 0
    for file, target, of_system in includes(top):
        source, other = folder_of(file), folder_of(target)
        if source == "engine/cli" and other.startswith("providers/") and file != KNOWS_PROVIDERS:
            yield f"{file}: includes {target}; only {KNOWS_PROVIDERS} knows the providers"
        if of_system or source == "engine/cli" or source == other:
            continue
        seen += 1
        if other not in MAY_INCLUDE.get(source, set()):
            yield f"{file}: includes {target}, which {source} may not know (tests/python/layers.py)"
    if seen < 200:
        yield f"only {seen} includes were read"


def libraries(top):
    """One library, one file that includes it."""
    used = set()
    for file, target, of_system in includes(top):
        library = next((one for one in LIBRARIES if target.startswith(one)), None) if of_system else None
        if library:
            used.add(library)
            if LIBRARIES[library] != file:
                yield f"{file}: includes <{target}>; only {LIBRARIES[library]} may"
        elif of_system and not FREE.match(target):
            yield f"{file}: includes <{target}>, a library that no row of LIBRARIES has (tests/python/layers.py)"
    yield from (f"no file includes {one}: its row in LIBRARIES is dead" for one in sorted(set(LIBRARIES) - used))


def internal(top):
    """An internal header is included by its own files."""
    used = set()
    for file, target, _ in includes(top):
        if target in INTERNAL:
            used.add(target)
            if not file.startswith(INTERNAL[target]):
                yield f"{file}: includes {target}, which is internal to {', '.join(INTERNAL[target])}"
    yield from (f"nobody includes {one}: its row in INTERNAL is dead" for one in sorted(set(INTERNAL) - used))


def printing(top):
    """All that is printed goes through base/screen."""
    seen = 0
    for file, text in sources(top):
        for number, line in enumerate(text.splitlines(), 1):
            if PRINTS.search(line.split("//")[0]):
                seen += 1
                if file not in MAY_PRINT and "isatty" not in line:
                    yield f"{file}:{number}: prints past base/screen"
    if seen < 6:
        yield f"only {seen} lines that print were recognised"


CHECKS = [layers, libraries, internal, printing]

# What each check must find: the file, what is put at its end, and a piece of the finding.
PLANTED = [
    (layers, "engine/paths/overview.cpp", '#include "engine/plan/plan.hpp"\n', "which engine/paths may not know"),
    (layers, "providers/wmi/wsman/xml.cpp", '#include "providers/wmi/hyperv/codec.hpp"\n', "which providers/wmi/wsman may not know"),
    (layers, "engine/cli/connect.cpp", '#include "providers/wmi/wmi.hpp"\n', "knows the providers"),
    (libraries, "engine/plan/plan.cpp", "#include <sqlite3.h>\n", "only engine/journal/sqlite.cpp may"),
    (libraries, "engine/plan/plan.cpp", "#include <curl/curl.h>\n", "that no row of LIBRARIES has"),
    (internal, "providers/wmi/transport/fleet.cpp", '#include "providers/sign_on/gss_words.hpp"\n', "which is internal to"),
    (printing, "engine/plan/plan.cpp", 'void f() { std::cout << "x"; }\n', "prints past base/screen"),
]
