#!/usr/bin/python3
"""How does Fairway sign on to a directory, whom does it trust there, and what does it do when a controller is gone?

    FAIRWAY=build/release/fairway LAB_CONTROLLERS=2 tests/lab/lab tests/lab/tests/directory_test.py [PART...]

Over the real binary and two controllers that replicate; directory_lab.py first proves that they do. A refusal counts only
if the exit status and the words are right, and nothing was said to the one who was refused. Prints a line for each fact;
the exit status is 0 only if all held. A PART is a name in PARTS; without any, all of them.
"""
import sys
import time

import controllers as c
import directory_lab
import directory_proof
import directory_tools as tools
import outside
import srv
from directory_relay import DirectoryRelay, Tap
from loop_tools import CHANGES, DENIED, UNREACHABLE

ERROR, BAD_DOCUMENT = 1, 3
FIRST, SECOND = c.ALL
BY_DNS = (None,)
AT_LENGTH = {"FAIRWAY_LOG_LEVEL": "debug"}
TLS = ("ldaps", "starttls")
# What is wrong with a certificate, in words, by its name in certificates.sh; libldap (with GnuTLS) tells none of it.
STRANGER = ["an authority that is not trusted here (CN=A CA that nobody trusts) signed the server's certificate",
            "name its certificate with the inventory's `ca`"]
UNTRUSTED = {
    "expired": ["the server's certificate has expired (20", "renew it there"],
    "wrong-name": ["the server's certificate is for another name (dc99.", "use the name that it carries, or renew it"],
    "stranger": STRANGER,
}


def audit(program, status, servers, env=None, **keys):
    """servers: as in controllers.ALL; none: FIRST. BY_DNS: the inventory names none. keys: the directory's others."""
    named = [] if servers == BY_DNS else [c.full(name) for name in servers]
    tools.inventory(program, named, **keys)
    return program.expect(status, "audit", "--all", "--output", "json", **(env or {}))


def reads(check, program, what, *servers, used=None, env=None, **keys):
    """All accounts are read, from `used` (the first of the servers); what was said."""
    said = audit(program, CHANGES, servers or (FIRST,), env, **keys)
    if said.status == CHANGES:
        check.same(f"{what}: every account is read", tools.verdicts(said), tools.VERDICTS)
        check.same(f"{what}: and it says from where", said.json()["sources"], [c.full(used or (servers or (FIRST,))[0])])
    return said


def refused(check, program, what, status, words, *servers, env=None, **keys):
    said = audit(program, status, servers or (FIRST,), env, **keys)
    check.says(f"{what}: it says why", said.err, *words)
    check(f"{what}: and judges nothing", not said.json().get("findings"), said.out[:500])
    return said


def plans(check, program, what):
    """By the inventory that was read last."""
    said = program.expect(CHANGES, "plan", "--output", "json")
    changes = [change for phase in said.json().get("plan", {}).get("phases", []) for change in phase["changes"]]
    check.same(f"{what}: the one change is planned", [(change["object"], change["setting"]) for change in changes],
               [("HV04", "delegation.unconstrained")])


def sealed(check, program):
    check.part("sealed by Kerberos on 389")
    for bind in ("gssapi", "gss-spnego"):
        reads(check, program, bind, bind=bind)
        plans(check, program, bind)
        reads(check, program, f"{bind} at the catalogue's port", bind=bind, port=3268)
        reads(check, program, f"{bind} with a keytab at the second", SECOND, bind=bind, credentials=tools.keytab())
        with Tap() as tap:
            reads(check, program, f"{bind}, overheard", bind=bind, port=tap.port)
        # What is asked before the sign-on says nothing of accounts, and it is proof that something was overheard.
        check(f"{bind}: the sign-on was overheard", b"GSS" in tap.wire, tap.wire[:200])
        check(f"{bind}: but no account and no attribute of one",
              not any(word in tap.wire for word in (b"HV0", b"userAccountControl", b"sAMAccountName")), tap.wire)


def encrypted(check, program):
    check.part("TLS")
    ca = outside.lab("CA")
    for tls in TLS:
        for bind in ("gssapi", "gss-spnego"):
            reads(check, program, f"{tls}, {bind}", tls=tls, ca=ca, bind=bind)
            plans(check, program, f"{tls}, {bind}")
        for name in c.ALL:
            reads(check, program, f"{tls}, simple, {name}", name, tls=tls, ca=ca, bind="simple",
                  credentials=tools.password())
        plans(check, program, f"{tls}, simple")


def whom_it_does_not_trust(check, program):
    check.part("not trusted")
    ca, other = outside.lab("CA"), f"{outside.lab('DIR')}/tls/other-ca.pem"
    for tls in TLS:
        ours = [words.replace("A CA that nobody trusts", "Fairway lab CA") for words in STRANGER]
        refused(check, program, f"{tls}: another CA", UNREACHABLE, ours, tls=tls, ca=other)
        refused(check, program, f"{tls}: the system's CAs", UNREACHABLE, ours, tls=tls)
        simple = {"tls": tls, "ca": ca, "bind": "simple", "credentials": tools.password()}
        with relay("dc-good", tls) as honest:
            reads(check, program, f"{tls}: one in between whom the CA vouches for", port=honest.port, **simple)
            check(f"{tls}: he heard it", honest.heard > 0)
        for certificate, words in UNTRUSTED.items():
            others = [first for name, (first, _) in UNTRUSTED.items() if name != certificate]
            with relay("dc-" + certificate, tls) as bad:
                for bind in (simple, {"tls": tls, "ca": ca}):
                    what = f"{tls}, {bind.get('bind', 'gssapi')}: {certificate}"
                    said = refused(check, program, what, UNREACHABLE, words, port=bad.port, **bind)
                    check(f"{what}: and of nothing else", not any(other in said.err for other in others), said.err)
                # Each is called once more, for a look at the certificate.
                check.same(f"{tls}: {certificate}: and nothing was said to it", (bad.callers, bad.heard, bad.before),
                           (4, 0, 0))


def proof(check, program):
    def refuses(what, status, words, server, **keys):
        refused(check, program, what, status, words, server, **keys)
    directory_proof.all_facts(check, refuses)


def relay(certificate, tls):
    return DirectoryRelay(f"{outside.lab('CERTS')}/{certificate}", start_tls=tls == "starttls")


def passwords(check, program):
    check.part("passwords")
    ca = outside.lab("CA")
    with Tap() as tap:
        refused(check, program, "simple without TLS", BAD_DOCUMENT, ["sends the password in clear text", "starttls", "ldaps"],
                port=tap.port, bind="simple", credentials=tools.password())
        check.same("simple without TLS: nobody was called", tap.callers, 0)
    rows = [
        ("a wrong password", tools.password(file=tools.wrong_password(program)), "wrong user name or password"),
        ("nobody's name", tools.password(user="nobody@" + outside.lab("DOMAIN")), "wrong user name or password"),
    ]
    for what, credentials, words in rows:
        said = refused(check, program, what, DENIED, [words], tls="ldaps", ca=ca, bind="simple", credentials=credentials)
        check(f"{what}: it is not repeated", tools.NO_PASSWORD not in said.out + said.err)


def tickets(check, program):
    check.part("tickets")
    refused(check, program, "no ticket", DENIED, ["there is no Kerberos ticket", "kinit"],
            env={"KRB5CCNAME": "FILE:" + program.file("none")})
    for what, text in (("text", "garbage"), ("nothing", "")):
        refused(check, program, f"a cache that holds {what}", DENIED, ["the ticket cache cannot be read", "kinit"],
                env={"KRB5CCNAME": "FILE:" + program.file(program.write("broken", text))})
    short = tools.tickets(program, "reader", "short", "-l", "1s")
    time.sleep(2)
    refused(check, program, "an expired ticket", DENIED, ["ticket has expired", "kinit"], env={"KRB5CCNAME": short})
    fresh = tools.tickets(program, "reader", "fresh")
    for bind in ("gssapi", "gss-spnego"):
        for seconds in (600, -600):
            refused(check, program, f"{bind}, a clock {seconds:+d} s wrong", DENIED,
                    ["clock", "differ by more than Kerberos allows", "set the clock"], bind=bind,
                    env={"KRB5CCNAME": fresh, **tools.later(seconds)})
    for seconds in (600, -600):
        # Got just now, so Kerberos knows the difference and allows for it.
        said = reads(check, program, f"a keytab, a clock {seconds:+d} s wrong", credentials=tools.keytab(),
                     env=tools.later(seconds))
        check.says(f"a keytab, a clock {seconds:+d} s wrong: it is mentioned", said.err, "clocks", f"differ by {seconds} s")


# (what, userAccountControl, pwdLastSet, words for a keytab, words for a simple bind): 0x200 is a normal account, 2 disabled.
CLOSED_ACCOUNTS = [
    ("a password that must be changed", 0x200, 0, "password has expired", "must change its password"),
    ("a disabled account", 0x10202, -1, "disabled", "disabled"),
]


def closed_accounts(check, program):
    check.part("accounts that may not sign on")
    person = f"CN={outside.lab('READER')},CN=Users,{outside.lab('BASE_DN')}"

    def become(flags, changed):
        c.modify(FIRST, person, ("replace", "userAccountControl", flags), ("replace", "pwdLastSet", changed))
        c.replicate(SECOND, FIRST, outside.lab("BASE_DN"))  # whose KDC may be asked
    for what, flags, changed, of_keytab, of_password in CLOSED_ACCOUNTS:
        become(flags, changed)
        refused(check, program, f"{what}, keytab", DENIED, [of_keytab], credentials=tools.keytab())
        refused(check, program, f"{what}, simple", DENIED, [of_password], tls="ldaps", ca=outside.lab("CA"), bind="simple",
                credentials=tools.password())
    become(0x10200, -1)
    reads(check, program, "the same account as it was", credentials=tools.keytab())


def demands(check, program):
    """Samba refuses SASL inside TLS when it demands signing, as TLS does not count for it."""
    check.part("strong authentication")
    ca = outside.lab("CA")
    c.restart_with(FIRST, "yes")
    for tls in TLS:
        refused(check, program, f"signing demanded, {tls}", DENIED,
                ["strongAuthRequired", "the server demands signing", "with `tls: none`"], tls=tls, ca=ca)
    reads(check, program, "signing demanded, sealed")
    reads(check, program, "signing demanded, simple inside TLS", tls="ldaps", ca=ca, bind="simple",
          credentials=tools.password())
    c.restart_with(FIRST, "allow_sasl_over_tls")


def deaths(check, program):
    check.part("controllers that fail between readings")
    both = (FIRST, SECOND)
    before = reads(check, program, "both live", *both)
    c.kill(FIRST)
    said = reads(check, program, "the first is dead", *both, used=SECOND)
    check.same("the first is dead: the findings are the same", tools.findings(said), tools.findings(before))
    check.says("the first is dead: it says so", said.err, c.full(FIRST), "cannot connect")
    refused(check, program, "nobody lives", UNREACHABLE, ["cannot connect to " + c.full(FIRST)], FIRST)
    c.start(FIRST)
    reads(check, program, "the first is back", *both)
    reads(check, program, "a name without an address before it", "nowhere", SECOND, used=SECOND)
    reads(check, program, "an address without a machine before it", "dc99", SECOND, used=SECOND)
    c.hang(FIRST)
    said = reads(check, program, "the first hangs", *both, used=SECOND)
    check.says("the first hangs: it says so", said.err, c.full(FIRST), "gave no answer in time")
    check.same("the first hangs: it was waited for once", said.err.count("gave no answer in time"), 1)
    c.wake(FIRST)
    # A controller that says no is not overruled by one that might not.
    refused(check, program, "the first says no", DENIED, ["wrong user name or password"], *both, tls="ldaps",
            ca=outside.lab("CA"), bind="simple", credentials=tools.password(file=tools.wrong_password(program)))


def location(check, program):
    """The inventory names no server, so SRV records do; where it names no site either, a controller says which is ours."""
    check.part("controllers by DNS")
    srv.serve(srv.usual())
    site, other = c.SITES[FIRST], c.SITES[SECOND]
    tells = f"{c.full(SECOND)} says that this machine is in the site "
    said = reads(check, program, "by DNS: our site's, though another has the lower priority", *BY_DNS, used=FIRST,
                 env=AT_LENGTH)
    check.says("by DNS: and it says whence it knows our site", said.err, tells + site)
    said = reads(check, program, "by DNS: a site that is named goes before ours", *BY_DNS, used=SECOND, site=other,
                 env=AT_LENGTH)
    check("by DNS: and nobody is asked for ours", "in the site" not in said.err, said.err)
    reads(check, program, "by DNS: and so where it is ours", *BY_DNS, used=FIRST, site=site)
    reads(check, program, "by DNS: a site without records is no site", *BY_DNS, used=SECOND, site="Nowhere")
    without_site(check, program, tells, other)
    srv.serve(srv.absent_first())
    for key in (None, site):
        said = reads(check, program, f"by DNS, site {key}: the first is absent", *BY_DNS, used=FIRST, site=key)
        check.says(f"by DNS, site {key}: the first is absent: it says so", said.err, c.full(srv.ABSENT))
    srv.serve(srv.usual())
    c.kill(FIRST)
    said = reads(check, program, "by DNS: a record of a dead host", *BY_DNS, used=SECOND)
    check.says("by DNS: a record of a dead host: it says so", said.err, "cannot connect to " + c.full(FIRST))
    c.start(FIRST)
    reads(check, program, "by DNS: nobody is asked where a server is named", FIRST, site="Nowhere")
    for word, why, status in (("nothing", "no record", ERROR), ("silent", "", UNREACHABLE), ("gone", "", UNREACHABLE)):
        srv.WORDS[word]()
        refused(check, program, f"DNS is {word}", status, ["no domain controller of " + outside.lab("DOMAIN"), "`servers`"],
                *BY_DNS)
        reads(check, program, f"DNS is {word}: a server that is named is reached", FIRST)
        srv.serve(srv.usual())
    reads(check, program, "by DNS: and all is as it was", *BY_DNS, used=FIRST)


def without_site(check, program, tells, other):
    """As the controllers know our site, or not; and as they answer, or not."""
    configuration, subnet = c.CONTEXTS[1], "10.77.0.0/24"

    def place(*words):
        c.samba_tool("sites", "subnet", *words, "-H", "ldap://" + c.full(FIRST))
        c.replicate(SECOND, FIRST, configuration)
    place("set-site", subnet, other)
    said = reads(check, program, "by DNS: our machines moved to another site", *BY_DNS, used=SECOND, env=AT_LENGTH)
    check.says("by DNS: our machines moved to another site: it says so", said.err, tells + other)
    place("remove", subnet)
    said = reads(check, program, "by DNS: we are in no site: the lowest priority", *BY_DNS, used=SECOND, env=AT_LENGTH)
    check.says("by DNS: we are in no site: it says so", said.err, c.full(SECOND) + " knows no site of this machine")
    place("create", subnet, c.SITES[FIRST])
    # A controller is dialled at the inventory's port, so only this question goes to that of the record.
    srv.serve([(name, dc, 9, priority, weight) for name, dc, _, priority, weight in srv.usual()])
    said = reads(check, program, "by DNS: nobody tells our site: the lowest priority", *BY_DNS, used=SECOND, env=AT_LENGTH)
    for name in c.ALL:
        check.says(f"by DNS: {name} does not say which site this machine is in", said.err, c.full(name) + " does not say which site this machine is in")
    srv.serve(srv.usual())
    c.hang(SECOND)
    said = reads(check, program, "by DNS: who hangs is asked for our site and passed over", *BY_DNS, used=FIRST, env=AT_LENGTH)
    check.says("by DNS: who hangs: that is said", said.err, c.full(SECOND) + " does not say which site this machine is in")
    check("by DNS: who hangs: nobody signs on to it", "signing on to ldap://" + c.full(SECOND) not in said.err, said.err)
    c.wake(SECOND)


# One controller fails at a time and is put right again, so the order is free but for `lab`, which proves the rest's ground.
PARTS = {
    "lab": lambda check, _: directory_lab.all_facts(check),
    "sealed": sealed,
    "encrypted": encrypted,
    "untrusted": whom_it_does_not_trust,
    "proof": proof,
    "passwords": passwords,
    "tickets": tickets,
    "closed": closed_accounts,
    "demands": demands,
    "location": location,
    "deaths": deaths,
}


if __name__ == "__main__":
    sys.exit(tools.run_parts("directory_test", PARTS))
