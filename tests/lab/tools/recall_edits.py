"""The hands of others, for recall_test.py: what may happen to accounts between two audits, each an edit with a foreign tool.

An edit is a function of Accounts; it returns what it did, in words, and judges nothing. Those in CLOSES and SHOWS an audit
must tell.
"""
import re

import controllers as c
import outside
from descriptors import FOREIGN
from recall_accounts import BASE, CROWD, FIRST, FLAGS, LIST, LONG, MIGRATION, NAMES, OTHER_OU, OU, SECOND


# -- the list, the flags, the names ----------------------------------------------------------------------------------

def values_come(accounts, dc=FIRST):
    name, values = accounts.one(), [f"cifs/{accounts.fresh()}" for _ in range(accounts.random.randint(1, 3))]
    accounts.modify(name, ("add", LIST, *values), dc=dc)
    return f"{name} gets {values}"


def values_go(accounts):
    name = accounts.one_with_list()
    if not name:
        return values_come(accounts)
    values = accounts.values(name, LIST)
    gone = accounts.random.sample(values, min(2, len(values)))
    accounts.modify(name, ("delete", LIST, *gone))
    return f"{name} loses {gone}"


def list_empties(accounts):
    name = accounts.one_with_list()
    if not name:
        return values_come(accounts)
    accounts.modify(name, ("delete", LIST))
    return f"{name} has no list any more"


def list_grows_long(accounts):
    name = accounts.one()
    accounts.lengthen(name)
    return f"{name} gets {LONG} values"


def flags_change(accounts, dc=FIRST):
    name, bit = accounts.one(), accounts.random.choice([0x80000, 0x1000000])
    flags = int(c.read(dc, accounts.at[name], FLAGS)[0]) ^ bit
    accounts.modify(name, ("replace", FLAGS, flags), dc=dc)
    return f"{name} has the flags {flags:#x}"


def service_names_change(accounts):
    name = accounts.one()
    held = [value for value in accounts.values(name, NAMES) if value.startswith(MIGRATION)]
    accounts.modify(name, ("delete", NAMES, held[0]) if held else ("add", NAMES, f"{MIGRATION}/{name}"))
    return f"{name} {'loses' if held else 'gets'} a service name"


def dns_name_changes(accounts):
    own = f"hv01.{outside.lab('DOMAIN')}"
    name = own if accounts.values("HV01", "dNSHostName") != [own] else f"{accounts.fresh()}.{outside.lab('DOMAIN')}"
    accounts.modify("HV01", ("replace", "dNSHostName", name))
    return f"HV01 is called {name} in DNS"


def account_is_disabled(accounts):
    accounts.modify("HV04", ("replace", FLAGS, 0x1001002))
    return "HV04 is disabled"


def by_ldbmodify(accounts):
    name = accounts.one()
    outside.tool("ldbmodify", "-H", "ldap://" + c.full(FIRST), "--use-kerberos=required",
                 f"--configfile={outside.lab('DIR')}/{FIRST}/etc/smb.conf",
                 text=f"dn: {accounts.at[name]}\nchangetype: modify\nadd: {LIST}\n{LIST}: cifs/{accounts.fresh()}\n")
    return f"ldbmodify at {name}"


def by_samba_tool(accounts):
    name = accounts.one()
    c.samba_tool("delegation", "add-service", name + "$", f"cifs/{accounts.fresh()}", "-H", "ldap://" + c.full(FIRST))
    return f"samba-tool at {name}"


def crowd_changes(accounts):
    some = accounts.random.sample(CROWD, 60)
    outside.ldif("\n".join(f"dn: CN={name},{OU}\nchangetype: modify\nadd: {LIST}\n{LIST}: cifs/{accounts.fresh()}\n"
                           for name in some))
    return f"{len(some)} accounts at once"


def several(accounts):
    return "; ".join(edit(accounts) for edit in accounts.random.sample(
        [values_come, values_go, flags_change, service_names_change, goes, renamed, recreated], k=4))


# -- the accounts themselves -----------------------------------------------------------------------------------------

def goes(accounts):
    name = accounts.one()
    accounts.remove(name)
    return f"{name} is deleted"


def comes(accounts):
    name = accounts.free()
    for other, dn in list(accounts.at.items()):
        if dn == f"CN={name},{OU}":
            accounts.place(other, OU)
    c.samba_tool("computer", "create", name, "--computerou=" + OU.removesuffix("," + BASE), "-H", "ldap://" + c.full(FIRST))
    accounts.at[name] = f"CN={name},{OU}"
    return f"{name} is created"


def recreated(accounts):
    name = accounts.one()
    accounts.remove(name)
    accounts.add(name)
    return f"{name} is another account now"


def comes_back(accounts):
    """Out of the tombstone, with its GUID and few attributes (MS-ADTS 3.1.1.5.3.7)."""
    name = accounts.one_with_list()
    if not name:
        return recreated(accounts)
    accounts.remove(name)
    shown = ("-e", "!1.2.840.113556.1.4.417")
    graves = outside.tool("ldapsearch", *c.SEALED, *shown, "-LLL", "-o", "ldif-wrap=no", "-H", "ldap://" + c.full(FIRST), "-b",
                          "CN=Deleted Objects," + BASE, f"(sAMAccountName={name}$)", "whenChanged", "uSNChanged")
    found = [(int(usn), dn) for dn, usn in re.findall(r"^dn: (.*)\n(?:.*\n)*?uSNChanged: (\d+)$", graves, re.M)]
    accounts.at[name] = f"CN={accounts.fresh()},{OU}"
    outside.tool("ldapmodify", *c.SEALED, *shown, "-H", "ldap://" + c.full(FIRST), text=(
        f"dn: {max(found)[1]}\nchangetype: modify\ndelete: isDeleted\n-\nreplace: distinguishedName\n"
        f"distinguishedName: {accounts.at[name]}\n"))
    return f"{name} is deleted and restored"


def renamed(accounts):
    new = accounts.free()
    old = accounts.one()
    accounts.rename(old, new)
    return f"{old} is called {new}"


def names_swapped(accounts):
    one = accounts.one_with_list()
    if not one:
        return values_come(accounts)
    other = accounts.random.choice(sorted(accounts.at.keys() - {one}))
    accounts.rename(one, "SWAP")
    accounts.rename(other, one)
    accounts.rename("SWAP", other)
    return f"{one} and {other} swap their names"


def in_lower_case(accounts):
    """Of the crowd, whom no descriptor names."""
    name = accounts.random.choice(CROWD)
    outside.ldif(f"dn: CN={name},{OU}\nchangetype: modify\nreplace: sAMAccountName\nsAMAccountName: {name.lower()}$\n")
    return f"{name} is spelt in lower case"


def moved(accounts):
    name = accounts.one()
    place = OU if accounts.at[name].endswith(OTHER_OU) else OTHER_OU
    accounts.place(name, place)
    return f"{name} moves to {place}"


def called_otherwise(accounts):
    name = accounts.one()
    accounts.place(name, OU)
    return f"{name}'s object is called {accounts.at[name]}"


# -- descriptors, controllers ----------------------------------------------------------------------------------------

def descriptor_comes(accounts):
    name, other = accounts.one(), accounts.random.choice(outside.HOSTS).upper() + "$"
    accounts.admit(name, accounts.sids[other], accounts.sids["anna"], FOREIGN.replace("4444", str(accounts.number)))
    accounts.number += 1
    return f"{name} admits {other}, a person and nobody"


def the_admitted_is_renamed(accounts):
    """The account that admits does not change; what it shows does."""
    if accounts.admitted not in accounts.at:
        descriptor_comes(accounts)
    accounts.person = accounts.fresh()
    c.modify(FIRST, f"CN=anna,CN=Users,{BASE}", ("replace", "sAMAccountName", accounts.person))
    return f"whom {accounts.admitted} admits is called {accounts.person}"


def at_the_other_controller(accounts):
    c.replicate(SECOND, FIRST, BASE)
    said = accounts.random.choice([values_come, flags_change])(accounts, dc=SECOND)
    c.replicate(FIRST, SECOND, BASE)
    return f"at {SECOND}, {said}"


def enable_recycle_bin():
    """For good (MS-ADTS 3.1.1.9.1); Samba lets nobody do it over LDAP."""
    import ldb
    at = c.database()
    change = ldb.Message(ldb.Dn(at, ""))
    feature = f"CN=Partitions,CN=Configuration,{BASE}:766ddcd8-acd0-445e-f3b9-a7f9b6744f2a"
    change["feature"] = ldb.MessageElement(feature, ldb.FLAG_MOD_ADD, "enableOptionalFeature")
    at.modify(change)


def goes_with_long_list(accounts):
    """Which a recycle bin keeps."""
    name = accounts.one()
    accounts.lengthen(name)
    accounts.remove(name)
    return f"{name} is deleted with {LONG} values"


def goes_for_good(accounts):
    """Deleted, and then deleted from the recycle bin as well."""
    name, at = accounts.one(), c.database()
    accounts.remove(name)
    for grave in at.search(f"CN=Deleted Objects,{BASE}", expression=f"(&(sAMAccountName={name}$)(!(isRecycled=TRUE)))",
                           attrs=[], controls=["show_deleted:1"]):
        at.delete(grave.dn, ["show_recycled:1"])
    return f"{name} is deleted, from the recycle bin too"


def nobody(_):
    return "nobody writes"


# What no rule wants and paths need: shown while there is a path to be closed, so they come first.
CLOSES = [dns_name_changes, dns_name_changes, account_is_disabled]
SHOWS = [values_come, values_go, list_empties, list_grows_long, flags_change, service_names_change,
         by_ldbmodify, by_samba_tool, crowd_changes, several, goes, comes, recreated, comes_back, renamed, names_swapped,
         descriptor_comes, the_admitted_is_renamed, at_the_other_controller]
SHOWS_NOTHING = [in_lower_case, moved, called_otherwise, nobody]
