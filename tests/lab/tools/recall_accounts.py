"""The accounts that recall_edits.py edits: where each stands, and what is done to one of them with a foreign tool.

Draws from one seeded source; knows nothing of audits.
"""
import controllers as c
import descriptors
import outside

FIRST, SECOND = c.ALL
OU, BASE = outside.lab("OU"), outside.lab("BASE_DN")
OTHER_OU = f"OU=Moved,{BASE}"
LIST, FLAGS, NAMES = "msDS-AllowedToDelegateTo", "userAccountControl", "servicePrincipalName"
LIST_ID = "800d94d7-b7a1-42a1-b14d-7cae1423d07f"  # schemaIDGUID (MS-ADA2)
USN, MOST_BEHIND = "highestCommittedUSN", 5000
MIGRATION = "Microsoft Virtual System Migration Service"
# Those of the estate, and those that come and go.
PLAYERS = [host.upper() for host in outside.HOSTS] + [f"RC{number:02}" for number in range(5, 10)]
FEWEST = 4  # of them are there; whoever deletes one more makes another one
LONG = 1600  # values: more than come at once
CROWD = [f"BULK{number:03}" for number in range(1, 121)]


class Accounts:
    def __init__(self, random):
        self.random, self.number = random, 0
        self.at = {name: f"CN={name},{OU}" for name in PLAYERS[:7]}
        self.admitted, self.person = None, "anna"  # who is named in whose descriptor
        outside.ldif(f"dn: {OTHER_OU}\nchangetype: add\nobjectClass: organizationalUnit\n\n"
                     + added(f"CN=anna,CN=Users,{BASE}", "anna", "user", 0x220)
                     + "".join(added(self.at[name], name + "$") for name in PLAYERS[4:7])
                     + "".join(added(f"CN={name},{OU}", name + "$", more=f"{LIST}: cifs/{name}\n") for name in CROWD))
        for name, peer in (("HV01", "HV04"), ("HV04", "HV01")):
            self.let_move(name, peer)
        self.sids = descriptors.sids()

    def let_move(self, name, peer):
        """So that there is a path which can be closed by what is no rule's business."""
        both = (peer, f"{peer.lower()}.{outside.lab('DOMAIN')}")
        names = [f"{service}/{of}" for service in ("cifs", MIGRATION) for of in both]
        held = {value.lower() for value in self.values(name, NAMES)}
        self.modify(name, ("replace", LIST, *names), ("replace", FLAGS, 0x1001000))
        if f"{MIGRATION}/{name}".lower() not in held:
            self.modify(name, ("add", NAMES, f"{MIGRATION}/{name}"))

    def fresh(self):
        self.number += 1
        return f"n{self.number}"

    def one(self):
        return self.random.choice(sorted(self.at))

    def one_with_list(self):
        """Whose end shows; none where no list is."""
        named = [name for name in sorted(self.at) if self.values(name, LIST)]
        return self.random.choice(named) if named else None

    def free(self):
        """A name that no account bears; one is made free where all are taken."""
        names = [name for name in PLAYERS if name not in self.at]
        if not names:
            names = [self.one()]
            self.remove(names[0])
        return self.random.choice(names)

    def remove(self, name):
        outside.remove(self.at.pop(name))
        self.admitted = None if self.admitted == name else self.admitted
        if len(self.at) < FEWEST:
            self.add(self.random.choice([other for other in PLAYERS if other not in self.at and other != name]))

    def values(self, name, attribute):
        return c.read(FIRST, self.at[name], attribute)

    def modify(self, name, *parts, dc=FIRST):
        c.modify(dc, self.at[name], *parts)

    def add(self, name):
        dn = f"CN={self.fresh()},{OU}"
        outside.ldif(added(dn, name + "$", more=f"{LIST}: cifs/{self.fresh()}\n"))
        self.at[name] = dn

    def lengthen(self, name):
        self.modify(name, ("add", LIST, *(f"cifs/{self.fresh()}.long.example" for _ in range(LONG))))

    def rename(self, old, new):
        self.modify(old, ("replace", "sAMAccountName", new + "$"))
        self.at[new] = self.at.pop(old)
        self.admitted = new if self.admitted == old else self.admitted

    def place(self, name, above):
        """There, as a new name among objects."""
        rdn = f"CN={self.fresh()}"
        outside.ldif(f"dn: {self.at[name]}\nchangetype: modrdn\nnewrdn: {rdn}\ndeleteoldrdn: 1\nnewsuperior: {above}\n")
        self.at[name] = f"{rdn},{above}"

    def hide_list(self, name, who):
        """From that person."""
        c.samba_tool("dsacl", "set", "-H", "ldap://" + c.full(FIRST), f"--objectdn=CN={name},{OU}",
                     f"--sddl=(OD;;RP;{LIST_ID};;{self.sids[who]})")

    def count_on(self, one, other):
        """By changes that are no account's that one's numbers get beyond the other's, so that these do not tell them apart."""
        behind = int(c.read(other, "", USN)[0]) - int(c.read(one, "", USN)[0]) + 100
        c.ldif(one, "\n".join(f"dn: CN=anna,CN=Users,{BASE}\nchangetype: modify\nreplace: description\n"
                              f"description: {number}\n" for number in range(max(0, min(behind, MOST_BEHIND)))))

    def admit(self, name, *who):
        """Lets these act on its behalf."""
        descriptors.put(self.at[name], descriptors.made(*((hex(descriptors.FULL), sid) for sid in who)))
        self.admitted = name if self.sids["anna"] in who else self.admitted


def added(dn, account, kind="computer", flags=0x1000, more=""):
    return f"dn: {dn}\nchangetype: add\nobjectClass: {kind}\nsAMAccountName: {account}\n{FLAGS}: {flags}\n{more}\n"
