"""A service that takes Kerberos callers with one machine's keytab: MIT's GSSAPI by ctypes, and nothing of the project.

Answers: what can a machine do that holds this key, and no other? SPNEGO and plain Kerberos. It judges nothing.
"""
import ctypes

GSS = ctypes.CDLL("libgssapi_krb5.so.2")
ACCEPT = 2
CONTINUE_NEEDED = 1
Handle = ctypes.c_void_p


class Refused(Exception):
    """What GSSAPI made of it: major and minor status."""


class Buffer(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_void_p)]

    @classmethod
    def of(cls, data):
        return cls(len(data), ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.c_void_p))

    def taken(self):
        data = ctypes.string_at(self.value, self.length) if self.value else b""
        GSS.gss_release_buffer(ctypes.byref(ctypes.c_uint32()), ctypes.byref(self))
        return data


class Pair(ctypes.Structure):
    _fields_ = [("key", ctypes.c_char_p), ("value", ctypes.c_char_p)]


class Pairs(ctypes.Structure):
    _fields_ = [("count", ctypes.c_uint32), ("elements", ctypes.POINTER(Pair))]


def call(name, *arguments):
    """The major status; an error is Refused."""
    minor = ctypes.c_uint32()
    major = getattr(GSS, name)(ctypes.byref(minor), *arguments) & 0xFFFFFFFF
    if major & 0xFFFF0000:
        raise Refused(f"{name}: {major:#x}, {minor.value}")
    return major


class Acceptor:
    """One context. step(token) gives the token to send back; complete says whether both have proved themselves."""

    def __init__(self, keytab):
        self.credential, self.context, self.complete = Handle(), Handle(), False
        store = Pairs(1, ctypes.pointer(Pair(b"keytab", keytab.encode())))
        call("gss_acquire_cred_from", None, 0, None, ACCEPT, ctypes.byref(store), ctypes.byref(self.credential), None, None)

    def step(self, token):
        out = Buffer()
        major = call("gss_accept_sec_context", ctypes.byref(self.context), self.credential, ctypes.byref(Buffer.of(token)),
                     None, None, None, ctypes.byref(out), None, None, None)
        self.complete = not major & CONTINUE_NEEDED
        return out.taken()

    def wrap(self, message, sealed=True):
        out = Buffer()
        call("gss_wrap", self.context, int(sealed), 0, ctypes.byref(Buffer.of(message)), None, ctypes.byref(out))
        return out.taken()

    def unwrap(self, token):
        out = Buffer()
        call("gss_unwrap", self.context, ctypes.byref(Buffer.of(token)), ctypes.byref(out), None, None)
        return out.taken()
