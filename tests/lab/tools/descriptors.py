"""Descriptors of who may act on behalf of others, made and read by Samba's own code, and the SIDs of the accounts in them.

Not a line of the program's codec.
"""
import base64
import re

import outside
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack

ATTRIBUTE = "msDS-AllowedToActOnBehalfOfOtherIdentity"
FULL = 0xF01FF
FOREIGN = "S-1-5-21-1-2-3-4444"  # of nobody


def sids():
    """Of every account of the domain, by its name."""
    out = {}
    for entry in outside.search(outside.lab("BASE_DN"), "(sAMAccountName=*)", "sAMAccountName", "objectSid").split("\n\n"):
        name, sid = re.search(r"^sAMAccountName: (.*)$", entry, re.M), re.search(r"^objectSid:: (.*)$", entry, re.M)
        if name and sid:
            out[name[1]] = str(ndr_unpack(security.dom_sid, base64.b64decode(sid[1])))
    return out


def entries(value):
    """(type, mask, SID) of every entry, in their order, as Samba reads them."""
    return [(ace.type, ace.access_mask, str(ace.trustee)) for ace in ndr_unpack(security.descriptor, value).dacl.aces]


def made(*aces):
    """Of (rights, SID) in SDDL's words."""
    sddl = "O:BAD:" + "".join(f"(A;;{rights};;;{sid})" for rights, sid in aces)
    return ndr_pack(security.descriptor.from_sddl(sddl, security.dom_sid("S-1-5-21-1-2-3")))


def raw(dn):
    """The attribute's bytes, or nothing."""
    for line in outside.search(dn, "-s", "base", "(objectClass=*)", ATTRIBUTE).splitlines():
        if line.startswith(ATTRIBUTE + "::"):
            return base64.b64decode(line.partition("::")[2])
    return None


def put(dn, value):
    outside.ldif(f"dn: {dn}\nchangetype: modify\nreplace: {ATTRIBUTE}\n{ATTRIBUTE}:: {base64.b64encode(value).decode()}\n")
