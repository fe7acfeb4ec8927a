"""Is the lab of two controllers what world/README.md says? Part of directory_test.py; by ldapsearch, Samba's tools and dnspython.

Answers: do they replicate when they should and not when they should not, who are they, and what does DNS say? Not a line
of the program's is tried here: what fails here is the lab's fault.
"""
import time

import dns.exception
import dns.resolver

import controllers as c
import outside
import srv

ACCOUNT = outside.dn("hv02")
FIRST, SECOND = c.ALL
# Longer than a change takes that is not held, which is two seconds.
LONG_ENOUGH_S = 5


def describe(name, text):
    c.modify(name, ACCOUNT, ("replace", "description", text))


def description(name):
    return c.read(name, ACCOUNT, "description")


def arrives(name, text):
    return c.until(lambda: description(name) == [text])


def who_they_are(check):
    check.part("two controllers")
    for name in c.ALL:
        check.same(f"{name} says its name", c.dns_name(name).lower(), c.full(name))
        check.says(f"{name} is in its site", c.read(name, "", "dsServiceName")[0], f"CN={c.SITES[name]},CN=Sites,")
        check.same(f"{name} says where we are", c.site_of_caller(name), c.SITES[FIRST])
        check.same(f"{name} is synchronized", c.read(name, "", "isSynchronized"), ["TRUE"])
        check.same(f"{name} knows both", len(c.search(name, "OU=Domain Controllers," + outside.lab("BASE_DN"), "one",
                                                      "(objectClass=computer)", "dn").split("\n\n")) - 1, 2)
        check.same(f"{name}: LDAPS and a password give what GSSAPI gives",
                   c.read_by_password(name, ACCOUNT, "sAMAccountName"), ["HV02$"])
    check("they have databases of their own", c.invocation_id(FIRST) != c.invocation_id(SECOND))


def how_they_replicate(check):
    check.part("replication")
    for source, to in ((FIRST, SECOND), (SECOND, FIRST)):
        text = f"written at {source}"
        describe(source, text)
        check(f"a change at {source} comes to {to} by itself", arrives(to, text), description(to))
        stamp = c.stamps(to, ACCOUNT)["description"]
        check.same(f"and {to} knows where it was made", stamp[1], c.invocation_id(source))
        c.hold(source)
        describe(source, text + " while held")
        time.sleep(LONG_ENOUGH_S)
        check.same(f"held, it does not come to {to}", description(to), [text])
        c.replicate(to, source)
        check.same("carried over, it is there at once", description(to), [text + " while held"])
        check.same("and is one version later", c.stamps(to, ACCOUNT)["description"][0], stamp[0] + 1)
        c.let_go(source)
        describe(source, text + " at last")
        check("let go, changes come by themselves again", arrives(to, text + " at last"), description(to))


def one_attribute_two_hands(check):
    """Both change one list before they hear of each other: of the whole list one edit survives (MS-ADTS 3.1.1.1.9)."""
    check.part("a conflict")
    c.hold()
    for name in c.ALL:
        c.modify(name, ACCOUNT, ("add", "otherTelephone", f"added at {name}"))
    c.let_go()
    held = [c.read(name, ACCOUNT, "otherTelephone") for name in c.ALL]
    check.same("they agree in the end", held[0], held[1])
    check("and one edit is lost", len(held[0]) == 1, held)
    c.modify(FIRST, ACCOUNT, ("delete", "otherTelephone"))


def deaths(check):
    check.part("a controller dies")
    c.kill(SECOND)
    try:
        description(SECOND)
        check("a dead one answers nobody", False)
    except RuntimeError as said:
        check.says("a dead one answers nobody", str(said), "Can't contact LDAP server")
    describe(FIRST, "while it was dead")
    c.start(SECOND)
    check("back, it hears what it missed", arrives(SECOND, "while it was dead"), description(SECOND))
    describe(SECOND, "after its death")
    check("and is heard", arrives(FIRST, "after its death"), description(FIRST))


def asked(service):
    """[(priority, first label of the host)], or the name of what went wrong."""
    try:
        found = dns.resolver.resolve(f"{service}.{srv.DOMAIN}", "SRV", lifetime=2)
    except dns.exception.DNSException as wrong:
        return type(wrong).__name__
    return sorted((row.priority, row.target.labels[0].decode()) for row in found)


def names(check):
    check.part("DNS")
    wide, site = "_ldap._tcp.dc._msdcs", "_ldap._tcp.{}._sites.dc._msdcs"
    check.same("domain-wide the second is preferred", asked(wide), [(0, SECOND), (10, FIRST)])
    for name in c.ALL:
        check.same(f"the site of {name} has it alone", asked(site.format(c.SITES[name])), [(5, name)])
    check.same("the PDC is the first", asked("_ldap._tcp.pdc._msdcs"), [(0, FIRST)])
    for service in ("_gc._tcp", "_ldap._tcp.gc._msdcs", "_kerberos._tcp"):
        check.same(f"{service} names both", asked(service), [(0, SECOND), (10, FIRST)])
    srv.serve(srv.absent_first())
    check.same("an absent one can come first", asked(wide), [(0, srv.ABSENT), (1, SECOND), (11, FIRST)])
    for word, error in (("nothing", "NXDOMAIN"), ("silent", "LifetimeTimeout"), ("gone", "LifetimeTimeout")):
        srv.WORDS[word]()
        check.same(f"{word}: nobody is found", asked(wide), error)
        srv.serve(srv.usual())
    check.same("and then all is as it was", asked(wide), [(0, SECOND), (10, FIRST)])


def all_facts(check):
    who_they_are(check)
    how_they_replicate(check)
    one_attribute_two_hands(check)
    deaths(check)
    names(check)
