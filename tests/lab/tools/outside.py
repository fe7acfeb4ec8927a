"""The lab seen and touched from outside: OpenLDAP's and MIT's tools and curl, not a line of the project's own code.

Answers: what does the directory hold, what do the hosts say, what does the KDC grant? And is the hand of somebody
else, who changes things behind the program's back. Runs inside the lab; every call is bounded in time.
"""
import base64
import json
import os
import re
import subprocess
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor

PATIENCE = 300  # seconds after which a call counts as hung; a guard, for a machine that is busy may be slow
HERE = os.path.dirname(os.path.abspath(__file__))

# What the DC itself stamps on an object, whoever touches it and however; everything else is compared.
STAMPED = {
    "uSNChanged": "number of the last change, also of one that was undone",
    "whenChanged": "time of the last change",
    "lastLogon": "hosts and people fetch tickets all the time, in this test as well",
    "lastLogonTimestamp": "the same, for replication",
    "logonCount": "counts those tickets",
    "dSCorePropagationData": "time of the last pass over access rights",
}
# The state that the program writes on hosts, what follows from it, and where the VMs are.
CLASSES = {
    "settings": "Msvm_VirtualSystemMigrationServiceSettingData",
    "networks": "Msvm_VirtualSystemMigrationNetworkSettingData",
    "service": "Msvm_VirtualSystemMigrationService",
    "machines": "Msvm_ComputerSystem",
}


def lab(name):
    return os.environ["LAB_" + name]


HOSTS = lab("HOSTS").split()


def tool(*arguments, text=None, env=None):
    """A foreign tool that must succeed; what it printed."""
    done = subprocess.run(arguments, input=text, capture_output=True, encoding="utf-8", timeout=PATIENCE,
                          env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def become(who, cache):
    """Tickets of that person in the cache that the environment shall name."""
    tool("kinit", "-k", "-t", lab(f"{who.upper()}_KEYTAB"), lab(who.upper()), env={"KRB5CCNAME": cache})


def dn(host):
    return f"CN={host.upper()},{lab('OU')}"


def attribute_of(line):
    return line.partition(":")[0]


def search(base, *attributes):
    return tool("ldapsearch", "-Q", "-N", "-Y", "GSSAPI", "-LLL", "-o", "ldif-wrap=no", "-E", "pr=500/noprompt",
                "-H", "ldap://" + lab("DC"), "-b", base, *attributes)


def directory():
    """Every object of the domain: its LDIF lines, all attributes and the access rights. An object's attributes are a
    set (RFC 4512, 2.2), so they are sorted by name; the values of each stay in the server's order."""
    out = {}
    for entry in search(lab("BASE_DN"), "(objectClass=*)", "*", "nTSecurityDescriptor").split("\n\n"):
        name, *lines = [line for line in entry.splitlines() if line and not line.startswith("#")] or [""]
        if name:
            out[name] = sorted((line for line in lines if attribute_of(line) not in STAMPED), key=attribute_of)
    return out


def values(host, attribute):
    """The values of one attribute of a host's account."""
    out = []
    for line in search(dn(host), "-s", "base", "(objectClass=*)", attribute).splitlines():
        name, _, value = line.partition(":")
        if name == attribute:
            out.append(base64.b64decode(value[1:]).decode() if value.startswith(":") else value.strip())
    return out


def ldif(text):
    """Whatever may be said to ldapmodify."""
    tool("ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + lab("DC"), text=text)


def modify(host, *parts):
    """ldapmodify of a host's account; a part is (add or delete, attribute, value)."""
    ldif(f"dn: {dn(host)}\nchangetype: modify\n" + "-\n".join(
        f"{verb}: {attribute}\n{attribute}: {value}\n" for verb, attribute, value in parts))


def replicate(name, attribute, *values, verb="replace"):
    """As values that came from another controller, which no check sees: below the checks, into the file of the domain."""
    tool("ldbmodify", "-H", f"tdb://{lab('DIR')}/dc01/private/sam.ldb.d/{lab('BASE_DN').upper()}.ldb",
         text=f"dn: {name}\nchangetype: modify\n{verb}: {attribute}\n" + "".join(f"{attribute}: {v}\n" for v in values))


def remove(name):
    """An object, by its distinguished name."""
    tool("ldapdelete", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + lab("DC"), name)


def instances(host, kind):
    """The instances of a class as the host's reply holds them, one XML text each; headers and message ids aside."""
    reply = tool(f"{HERE}/raw-wsman", host, "root/virtualization/v2", CLASSES[kind])
    items = re.search(r"<w:Items>(.*)</w:Items>", reply, re.S)
    if not items:
        raise RuntimeError(f"{host} {kind}: no reply to Enumerate\n{reply}")
    return re.findall(rf"<p:{CLASSES[kind]} .*?</p:{CLASSES[kind]}>", items[1], re.S)


def hosts():
    """(host, class): its instances. Asked two at a time: the machine may be small."""
    keys = [(host, kind) for host in HOSTS for kind in CLASSES]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(keys, pool.map(lambda key: instances(*key), keys)))


def element(xml, name):
    found = re.search(rf"<(?:\w+:)?{name}(?: [^>]*)?>([^<]*)<", xml)
    return found[1] if found else None


def without_id(xml):
    return re.sub(r"<p:InstanceID>[^<]*</p:InstanceID>", "<p:InstanceID/>", xml)


def pieces(xmls):
    """The elements of instances, for words about what differs."""
    return [piece for xml in xmls for piece in re.findall(r"<p:\w+(?: [^>]*)?>[^<]*</p:\w+>|<p:\w+ [^>]*/>", xml)]


def world():
    return directory(), hosts()


def differences(before, after, recreated=()):
    """What is not byte for byte the same, as lines. The InstanceID of a network that was removed and added again
    (on the hosts in `recreated`) is the one thing that may differ: the host chooses it, here as on Windows, and
    there is no way to ask for the old one."""
    lines = []
    (directory_before, hosts_before), (directory_after, hosts_after) = before, after
    for name in sorted(directory_before.keys() | directory_after.keys()):
        old, new = directory_before.get(name, []), directory_after.get(name, [])
        lines += [f"{name} lost {line}" for line in old if line not in new]
        lines += [f"{name} got {line}" for line in new if line not in old]
        if sorted(old) == sorted(new) and old != new:
            lines.append(f"{name}: the same values in another order")
    for (host, kind), old in hosts_before.items():
        new = hosts_after[host, kind]
        if kind == "networks" and host in recreated:
            old, new = [without_id(xml) for xml in old], [without_id(xml) for xml in new]
        if old != new:
            was, now = pieces(old), pieces(new)
            lines.append(f"{host} {kind} was {[p for p in was if p not in now]}, is {[p for p in now if p not in was]}")
    return lines


def control(host, path, message):
    """The host's own switches, see hosts/CONTROLS.md."""
    request = urllib.request.Request(f"http://{host}.{lab('DOMAIN')}:{lab('PORT')}/lab/{path}",
                                     data=None if message is None else json.dumps(message).encode())
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        return json.load(reply)


def move(source, target, vm=None):
    """A move that curl starts, of the canary or of the VM with that id; the ended job."""
    return tool(f"{HERE}/raw-move", source, target, "MigrateVirtualSystemToHost", *([vm] if vm else []))


def s4u(host, service):
    """Does the KDC grant the host, with its own key, that ticket in the operator's name? And its words."""
    with tempfile.TemporaryDirectory() as folder:
        mine = {**os.environ, "KRB5CCNAME": f"FILE:{folder}/cache"}
        key = f"{lab('KEYS')}/{host}.keytab"
        tool("kinit", "-k", "-t", key, f"{host.upper()}$", env=mine)
        done = subprocess.run(["kvno", "-k", key, "-U", lab("OPERATOR"), "-P", service], env=mine, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
        return done.returncode == 0, done.stdout
