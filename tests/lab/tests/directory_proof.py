"""Is a domain controller believed because it proves a name that only controllers hold, and nobody else? Part of
directory_test.py.

A member computer may give itself the name ldap/HOST, and DNS or the inventory may lead to it; a controller's name may lead
to another machine; a controller may say that it is of another domain, or another one. Nobody of these hears more than the
sign-on. `lies` first proves that the member's directory would be believed by who asks for ldap/HOST: OpenLDAP's ldapsearch
is such a one.
"""
import controllers as c
import outside
import directory_tools as tools
import srv
from directory_relay import DirectoryRelay, Tap
from liar import Liar, SUCCESS
from loop_tools import DENIED, UNREACHABLE

FIRST = c.ALL[0]
MEMBER = "hv01"
ADDRESS = "127.0.10.1"
BAD_DOCUMENT = 3
BINDS = ("gssapi", "gss-spnego")
PORTS = {"none": 389, "starttls": 389, "ldaps": 636}


class Changing(DirectoryRelay):
    """A controller that says another thing of itself than it is: bytes for bytes, of one length."""

    def __init__(self, was, becomes, **keys):
        self.was, self.becomes = was, becomes
        super().__init__(f"{outside.lab('CERTS')}/dc-good", **keys)

    def ear(self):
        return lambda part, by_caller: part if by_caller else part.replace(self.was, self.becomes)


def names_itself(check):
    """The member, with its own key, as far as the directory lets it."""
    own = {"KRB5CCNAME": f"FILE:{outside.lab('DIR')}/member"}
    outside.tool("kinit", "-k", "-t", f"{outside.lab('KEYS')}/{MEMBER}.keytab", MEMBER.upper() + "$", env=own)
    short = f"ldap/{c.full(MEMBER)}"

    def write(verb, name):
        outside.tool("ldapmodify", *c.SEALED, "-H", "ldap://" + c.full(FIRST), env=own,
                     text=f"dn: {outside.dn(MEMBER)}\nchangetype: modify\n{verb}: servicePrincipalName\n"
                          f"servicePrincipalName: {name}\n")
    write("add", short)
    check.same("a member gives itself the name ldap/HOST", short in c.read(FIRST, outside.dn(MEMBER), "servicePrincipalName"),
               True)
    try:
        write("add", f"{short}/{outside.lab('DOMAIN')}")
        check("a member cannot give itself the name ldap/HOST/DOMAIN", False)
    except RuntimeError as refused:
        check.says("a member cannot give itself the name ldap/HOST/DOMAIN", str(refused), "Constraint violation (19)")
    return lambda: write("delete", short)


def lies(check, _):
    """By OpenLDAP's own client, which asks for ldap/HOST as Fairway did: the lie arrives."""
    for mechanism in ("GSSAPI", "GSS-SPNEGO"):
        with Liar(MEMBER, (ADDRESS, 389)) as liar:
            told = outside.tool("ldapsearch", "-Q", "-N", "-Y", mechanism, "-LLL", "-H", "ldap://" + c.full(MEMBER), "-b",
                                outside.lab("BASE_DN"), "(objectClass=computer)", "userAccountControl")
        check.same(f"{mechanism}: who asks for ldap/HOST is told the lie", told.count("userAccountControl: 4096"), 4)
        check(f"{mechanism}: sealed", "sealed search userAccountControl" in liar.said, liar.said)


def members(check, refused):
    """By name in the inventory, and by DNS: the domain gives no ticket, so not even the sign-on is begun."""
    asked = f"ldap/{c.full(MEMBER)}/{outside.lab('DOMAIN')}"
    for bind in BINDS:
        with Liar(MEMBER, (ADDRESS, 389)) as liar:
            refused(f"{bind}: a member in `servers`", DENIED,
                    [asked, "only domain controllers of", "the inventory names it", "`servers`"], MEMBER, bind=bind)
            check.same(f"{bind}: a member in `servers`: nothing was said to it", (liar.callers > 0, liar.said), (True, []))
        srv.serve(srv.usual() + [(name, MEMBER, port, 0, weight) for name, dc, port, _, weight in srv.usual() if dc == FIRST])
        with Liar(MEMBER, (ADDRESS, 389)) as liar:
            # Its priority is the best of the domain-wide records, and the site of nobody.
            refused(f"{bind}: a member by DNS", DENIED,
                    [asked, "only domain controllers of", f"_ldap._tcp.dc._msdcs.{outside.lab('DOMAIN')}", "who wrote that"],
                    None, bind=bind)
            check(f"{bind}: a member by DNS: nothing was said to it but where we are", set(liar.said) <= {"search Netlogon"},
                  liar.said)
        srv.serve(srv.usual())


def spoofed(check, refused):
    """A controller's name leads to a member."""
    answers = {
        "it says no": ((49, b""), ["invalidCredentials"]),
        "it says welcome": ((SUCCESS, b""), ["did not prove"]),
        "it says welcome, with a token": ((SUCCESS, b"\x60\x03abc"), ["did not prove"]),
        "it says go on, with a token": ((14, b"\x60\x03abc"), ["did not prove"]),
    }
    for bind in BINDS:
        for what, (unproved, words) in answers.items():
            with Liar(MEMBER, (c.ADDRESSES[FIRST],), c.full(FIRST), unproved) as liar:
                name = f"{bind}: a controller's name leads to a member: {what}"
                refused(name, DENIED, [c.full(FIRST), *words], FIRST, bind=bind, port=liar.port)
                check.same(f"{name}: only the sign-on was said to it", set(liar.said), {"bind " + bind.upper()})


def other_words(check, refused):
    """A controller of the right name that says another domain, or another name of its own."""
    simple = {"bind": "simple", "credentials": tools.password()}
    domain, name = outside.lab("BASE_DN").encode(), c.dns_name(FIRST).encode()
    for tls in ("ldaps", "starttls"):
        for bind in (simple, {}):
            with Changing(domain, domain.replace(b"DC=corp", b"DC=evil"), start_tls=tls == "starttls") as evil:
                refused(f"{tls}, {bind.get('bind', 'gssapi')}: a rootDSE of another domain", BAD_DOCUMENT,
                        ["is a domain controller of DC=evil", "the inventory's domain is " + outside.lab("DOMAIN")], FIRST,
                        tls=tls, ca=outside.lab("CA"), port=evil.port, **bind)
        with Changing(name, name.replace(b"01", b"77"), start_tls=tls == "starttls") as evil:
            refused(f"{tls}: a rootDSE of another name", BAD_DOCUMENT, ["proved that name", "dc77", "dnsHostName"], FIRST, tls=tls,
                    ca=outside.lab("CA"), port=evil.port)


class Spoiling(Tap):
    """In front of a controller: spoils the sealed messages that it sends, which begin with their length, not with 0x30."""

    def __init__(self, spoil):
        self.spoil, self.spoilt = spoil, 0
        super().__init__()

    def keep(self, part, by_caller):
        if by_caller or part[:1] != b"\0":
            return part
        self.spoilt += 1
        return self.spoil(part)


def spoilt(check, refused):
    """Sealed messages that somebody on the way changes: none of them is believed."""
    search_done = b"\x30\x0c\x02\x01\x05\x65\x07\x0a\x01\x00\x04\x00\x04\x00"
    ways = {
        "a bit changed": lambda part: part[:-1] + bytes([part[-1] ^ 1]),
        "a bit of its head changed": lambda part: part[:6] + bytes([part[6] ^ 4]) + part[7:],
        "twice": lambda part: part + part,
        "of no length": lambda part: b"\0\0\0\0" + part,
        "of a monstrous length": lambda part: b"\x7f\xff\xff\xff" + part,
        "cut": lambda part: part[:3] + bytes([part[3] - 8]) + part[4:-8],
        "an answer in clear instead": lambda _: search_done,
        "an answer in clear, framed": lambda _: len(search_done).to_bytes(4, "big") + search_done,
    }
    for bind in BINDS:
        for what, spoil in ways.items():
            with Spoiling(spoil) as tap:
                refused(f"{bind}: a sealed message, {what}", UNREACHABLE, ["of no use any more"], FIRST, bind=bind, port=tap.port)
                check(f"{bind}: a sealed message, {what}: it was spoilt", tap.spoilt > 0)


def all_facts(check, refused):
    check.part("who is no controller")
    take_back = names_itself(check)
    try:
        lies(check, refused)
        members(check, refused)
    finally:
        take_back()
    spoofed(check, refused)
    other_words(check, refused)
    spoilt(check, refused)
