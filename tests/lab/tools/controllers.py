"""The two domain controllers of a lab (LAB_CONTROLLERS=2) as foreign tools see and touch them, one at a time.

Answers: what does this controller hold, who is it, and has a change come across? And is the hand that writes at one of
them, keeps them from replicating, and kills one. OpenLDAP's and Samba's tools only; every call is bounded in time.
Controllers are named dc01 and dc02, as in $LAB_DCS. Needs the operator's ticket (outside.become).
"""
import base64
import os
import time
import uuid

import outside
from outside import lab, tool

ALL = lab("DCS").split()
SITES = dict(zip(ALL, lab("SITES").split()))
ADDRESSES = dict(zip(ALL, lab("DC_ADDRESSES").split()))
CONTEXTS = [lab("BASE_DN"), "CN=Configuration," + lab("BASE_DN")]
SEALED = ("-Q", "-N", "-Y", "GSSAPI")


def full(name):
    """Its DNS name by our own book; dns_name() is what it says itself."""
    return f"{name}.{lab('DOMAIN')}"


def others(name):
    return [other for other in ALL if other != name]


def search(name, base, scope, what, *attributes):
    return tool("ldapsearch", *SEALED, "-LLL", "-o", "ldif-wrap=no", "-H", "ldap://" + full(name), "-b", base,
                "-s", scope, what, *attributes)


def raw(name, base, attribute):
    """The attribute's values at that controller, as bytes, in the server's order."""
    out = []
    for line in search(name, base, "base", "(objectClass=*)", attribute).splitlines():
        said, _, value = line.partition(":")
        if said.lower() == attribute.lower():
            out.append(base64.b64decode(value[1:]) if value.startswith(":") else value.strip().encode())
    return out


def read(name, base, attribute):
    return [value.decode() for value in raw(name, base, attribute)]


def read_by_password(name, base, attribute):
    """The same over LDAPS with the operator's password: no Kerberos in it."""
    out = tool("ldapsearch", "-x", "-D", f"{lab('OPERATOR')}@{lab('DOMAIN')}", "-y", lab("OPERATOR_PASSWORD_FILE"), "-LLL",
               "-o", "ldif-wrap=no", "-H", "ldaps://" + full(name), "-b", base, "-s", "base", attribute,
               env={"LDAPTLS_CACERT": lab("CA")})
    return [line.partition(": ")[2] for line in out.splitlines() if line.startswith(attribute + ": ")]


def ldif(name, text):
    """Whatever may be said to ldapmodify, at that controller."""
    tool("ldapmodify", *SEALED, "-H", "ldap://" + full(name), text=text)


def modify(name, base, *parts):
    """At that controller; a part is (add, delete or replace, attribute, values...)."""
    ldif(name, f"dn: {base}\nchangetype: modify\n" + "-\n".join(
        f"{verb}: {attribute}\n" + "".join(f"{attribute}: {value}\n" for value in values)
        for verb, attribute, *values in parts))


def dns_name(name):
    return read(name, "", "dnsHostName")[0]


def invocation_id(name):
    """Of the database's present life (MS-ADTS 3.1.1.1.9); what originating changes are stamped with."""
    return str(uuid.UUID(bytes_le=raw(name, read(name, "", "dsServiceName")[0], "invocationId")[0]))


def site_of_caller(name):
    """In which site that controller says we are (its answer over CLDAP, MS-ADTS 6.3.3)."""
    from samba.credentials import Credentials
    from samba.dcerpc import nbt
    from samba.net import Net
    lp = configuration()
    return Net(Credentials(), lp).finddc(address=ADDRESSES[name], flags=nbt.NBT_SERVER_LDAP).client_site


def samba_tool(*arguments):
    # By the first one's configuration: it says how to leave from here, whoever is asked.
    return tool("samba-tool", *arguments, "-s", f"{lab('DIR')}/{ALL[0]}/etc/smb.conf", "--use-kerberos=required",
                "--use-krb5-ccache=" + os.environ["KRB5CCNAME"])


def replicate(to, source, *contexts):
    """Now, held or not: what `source` has is at `to` when this returns."""
    for context in contexts or CONTEXTS:
        for tries_left in (2, 1, 0):
            try:
                samba_tool("drs", "replicate", full(to), full(source), context, "--sync-forced")
                break
            except RuntimeError as error:
                # `to` pulled over a connection that it had kept and that `source` has ended since; it then makes a new one.
                if tries_left == 0 or "WERR_NETNAME_DELETED" not in str(error):
                    raise


def hold(*names):
    """Nothing leaves these controllers (all, if none is named) until let_go or replicate."""
    for name in names or ALL:
        samba_tool("drs", "options", full(name), "--dsa-option=+DISABLE_OUTBOUND_REPL")


def let_go(*names):
    """Replication by itself again, within about two seconds of each change; and what was held back is brought over now."""
    for name in names or ALL:
        samba_tool("drs", "options", full(name), "--dsa-option=-DISABLE_OUTBOUND_REPL")
    for name in names or ALL:
        for other in others(name):
            replicate(other, name)


def controller(*arguments):
    tool(f"{lab('HOME')}/world/controller", *arguments)


def kill(name):
    """As if its power were cut: when this returns, connections are broken and nobody listens."""
    controller("kill", name)


def start(name):
    controller("start", name)


def hang(name):
    """Connections are taken and nobody answers, until wake."""
    controller("stop", name)


def wake(name):
    controller("continue", name)


def restart_with(name, strong_auth):
    """strong_auth: Samba's `ldap server require strong auth`: no, allow_sasl_over_tls (the lab's own) or yes."""
    kill(name)
    controller("strong-auth", name, strong_auth)
    start(name)


def until(holds):
    """Did it come true? Asked again and again, until that counts as hung."""
    limit = time.monotonic() + outside.PATIENCE
    while not holds():
        if time.monotonic() > limit:
            return False
        time.sleep(0.1)
    return True


def stamps(name, base):
    """{attribute: (version, originating invocation id, originating USN, seconds since 1970)} from the object's
    replPropertyMetaData (MS-ADTS 3.1.1.1.9), decoded by Samba's own code."""
    from samba.dcerpc import drsblobs  # takes half a second, which few need
    from samba.ndr import ndr_unpack
    blob = ndr_unpack(drsblobs.replPropertyMetaDataBlob, raw(name, base, "replPropertyMetaData")[0])
    schema = database()
    return {schema.get_lDAPDisplayName_by_attid(one.attid):
            (one.version, str(one.originating_invocation_id), one.originating_usn,
             one.originating_change_time // 10_000_000 - 11_644_473_600)
            for one in blob.ctr.array}


def configuration():
    from samba import param
    lp = param.LoadParm()
    lp.load(f"{lab('DIR')}/{ALL[0]}/etc/smb.conf")
    return lp


def database():
    """The first one's, below LDAP, as the system itself."""
    from samba.auth import system_session
    from samba.samdb import SamDB
    lp = configuration()
    return SamDB(url=lp.samdb_url(), session_info=system_session(lp), lp=lp)
