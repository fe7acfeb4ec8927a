// See kerberos.hpp. GSSAPI is RFC 2744; credential stores are MIT's extension (gssapi_ext.h, since 1.11).
#include "engine/base/kerberos.hpp"

#include <fmt/format.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <algorithm>
#include <array>
#include <vector>

#include "engine/base/file.hpp"

namespace fairway::kerberos {
namespace {

struct Row {
    std::string_view part;
    Code code;
    std::string_view todo;
};

constexpr std::string_view no_ticket =
    "there is no Kerberos ticket to sign on with; run `kinit` first, or name a keytab in the inventory";
constexpr std::string_view no_key =
    "the keytab cannot be read, or holds no key for that principal; see `klist -k` and correct the inventory";
constexpr std::string_view no_principal = "the domain does not know that principal; correct it in the inventory";

// Parts of MIT Kerberos' messages (lib/krb5/error_tables, lib/gssapi/krb5); the first that fits. By words and not by
// number, because SASL passes on the words only. An unknown service is `denied`: `not_found` would say that what was
// to be read there does not exist.
constexpr std::array rows = {
    Row{"No Kerberos credentials available", Code::denied, no_ticket},
    Row{"No credentials cache found", Code::denied, no_ticket},
    Row{"Matching credential not found", Code::denied, no_ticket},
    Row{"Ticket expired", Code::denied, "the Kerberos ticket has expired; run `kinit` again"},
    Row{"Clock skew too great", Code::denied,
        "this machine's clock and the domain's differ by more than Kerberos allows (5 minutes); set the clock"},
    Row{"Client '", Code::denied, no_principal},
    Row{"Client not found in Kerberos database", Code::denied, no_principal},
    Row{"Malformed representation of principal", Code::bad_input,
        "that is no Kerberos principal (user@REALM); correct it in the inventory"},
    Row{"not found in Kerberos database", Code::denied,
        "the domain knows no such service; name the machine in the inventory by its full DNS name, not by an address "
        "or an alias"},
    Row{"No key table entry found", Code::bad_input, no_key},
    Row{"Keytab contains no suitable keys", Code::bad_input, no_key},
    Row{"Key table", Code::bad_input, no_key},
    Row{"Preauthentication failed", Code::denied,
        "the password or key does not fit the account; if the password was changed since the keytab was made, make a "
        "new one"},
    Row{"Password has expired", Code::denied, "the account's password has expired; change it"},
    Row{"have been revoked", Code::denied, "the account is disabled or locked out"},
    Row{"Message stream modified", Code::denied,
        "the server cannot read the ticket: its name belongs to another account, or its password changed just now"},
    Row{"Cannot contact any KDC", Code::unreachable,
        "no domain controller answers on port 88; check the network and the [realms] part of krb5.conf"},
    Row{"Cannot find KDC for realm", Code::unreachable,
        "the realm's domain controllers are not known here; check DNS (SRV records) or the [realms] part of "
        "krb5.conf"},
    Row{"no support for encryption type", Code::denied,
        "client and domain share no encryption type, the account may be limited to RC4; renew the keytab with AES "
        "keys"},
};

gss_OID_desc spnego{6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};  // 1.3.6.1.5.5.2, RFC 4178 section 3.1

gss_OID oid(Mechanism mechanism) { return mechanism == Mechanism::spnego ? &spnego : gss_mech_krb5; }

gss_buffer_desc buffer_of(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }

struct Status {
    OM_uint32 major = GSS_S_COMPLETE, minor = 0;
    bool failed() const { return GSS_ERROR(major); }
};

// A domain controller may have had a hand in the words, so they are made printable.
std::string text_of(OM_uint32 status, int type, gss_OID mechanism) {
    std::string out;
    OM_uint32 more = 0, minor = 0;
    do {
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (GSS_ERROR(gss_display_status(&minor, status, type, mechanism, &more, &text))) break;
        if (!out.empty()) out += "; ";
        out.append(static_cast<const char*>(text.value), text.length);
        gss_release_buffer(&minor, &text);
    } while (more != 0);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

Error explain(std::string_view doing, const Status& status, Mechanism mechanism) {
    std::string words;
    if (GSS_ROUTINE_ERROR(status.major) == GSS_S_CREDENTIALS_EXPIRED) words = "Ticket expired";
    else if (status.minor != 0) words = text_of(status.minor, GSS_C_MECH_CODE, oid(mechanism));
    if (words.empty()) words = text_of(status.major, GSS_C_GSS_CODE, GSS_C_NO_OID);
    const Error means = meaning(words).value_or(Error{Code::denied, "Kerberos does not allow it"});
    return {means.code, fmt::format("{}: {} (said: {})", doing, means.text, words)};
}

// A name that is released when it goes.
class Name {
public:
    ~Name() {
        OM_uint32 minor = 0;
        gss_release_name(&minor, &name_);
    }
    Name() = default;
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;

    Status import(std::string_view text, gss_OID type) {
        Status status;
        gss_buffer_desc buffer = buffer_of(text);
        status.major = gss_import_name(&status.minor, &buffer, type, &name_);
        return status;
    }
    gss_name_t get() const { return name_; }

private:
    gss_name_t name_ = GSS_C_NO_NAME;
};

Result<void> read_principal(Name& name, const std::string& principal) {
    if (principal.empty())
        return fail(Code::bad_input, "a keytab or a password needs the principal that it belongs to (user@REALM)");
    const Status status = name.import(principal, const_cast<gss_OID>(GSS_KRB5_NT_PRINCIPAL_NAME));
    if (status.failed()) return tl::unexpected(explain("cannot sign on", status, Mechanism::krb5));
    return {};
}

// `ask` is one of GSSAPI's ways to acquire: (minor, mechanisms, credential) -> major.
template <class Ask>
Result<SharedLogin> acquire(Mechanism mechanism, const Ask& ask) {
    constexpr std::string_view doing = "cannot sign on";
    Status status;
    gss_OID_set_desc wanted{1, oid(mechanism)}, kerberos{1, gss_mech_krb5};
    gss_cred_id_t handle = GSS_C_NO_CREDENTIAL;
    status.major = ask(&status.minor, &wanted, &handle);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    auto login = std::make_shared<const Login>(mechanism, handle);
    // A cache without a name is not opened before it is asked about.
    OM_uint32 seconds = 0;
    status.major = gss_inquire_cred(&status.minor, handle, nullptr, &seconds, nullptr, nullptr);
    if (!status.failed() && seconds == 0) status.major = GSS_S_CREDENTIALS_EXPIRED;
    if (!status.failed() && mechanism == Mechanism::spnego)
        status.major = gss_set_neg_mechs(&status.minor, handle, &kerberos);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    return login;
}

// Kerberos first, though SPNEGO be wanted: SPNEGO does not pass on why there is no ticket.
template <class Ask>
Result<SharedLogin> acquire_explained(Mechanism mechanism, const Ask& ask) {
    auto login = acquire(Mechanism::krb5, ask);
    return login && mechanism == Mechanism::spnego ? acquire(mechanism, ask) : login;
}

// No elements: the caller's default cache.
Result<SharedLogin> acquire_from(Mechanism mechanism, const Name& name,
                                 std::vector<gss_key_value_element_desc> elements) {
    const gss_key_value_set_desc store{static_cast<OM_uint32>(elements.size()), elements.data()};
    return acquire_explained(mechanism, [&](OM_uint32* minor, gss_OID_set wanted, gss_cred_id_t* out) {
        return gss_acquire_cred_from(minor, name.get(), GSS_C_INDEFINITE, wanted, GSS_C_INITIATE,
                                     elements.empty() ? nullptr : &store, out, nullptr, nullptr);
    });
}

}  // namespace

std::optional<Error> meaning(std::string_view words) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& one) { return words.find(one.part) != std::string_view::npos; });
    if (row == rows.end()) return std::nullopt;
    return Error{row->code, std::string(row->todo)};
}

Login::~Login() {
    OM_uint32 minor = 0;
    auto handle = static_cast<gss_cred_id_t>(handle_);
    gss_release_cred(&minor, &handle);
}

Result<SharedLogin> login_from_cache(Mechanism mechanism, const std::string& name) {
    if (name.empty() || name == "default") return acquire_from(mechanism, {}, {});
    return acquire_from(mechanism, {}, {{"ccache", name.c_str()}});
}

Result<SharedLogin> login_from_keytab(Mechanism mechanism, const std::string& path, const std::string& principal) {
    Name name;
    if (const auto read = read_principal(name, principal); !read) return tl::unexpected(read.error());
    const std::string cache = fmt::format("MEMORY:fairway {} {}", path, principal);
    auto login = acquire_from(mechanism, name, {{"client_keytab", path.c_str()}, {"ccache", cache.c_str()}});
    // The library passes over a keytab that it cannot use, and then misses the ticket.
    const std::string_view why = login ? "" : std::string_view(login.error().text);
    if (why.find(no_ticket) != why.npos || why.find(no_key) != why.npos)
        return fail(Code::bad_input, fmt::format("cannot sign on as {} with {}: {}", principal, path, no_key));
    return login;
}

Result<SharedLogin> login_from_password_file(Mechanism mechanism, const std::string& path,
                                             const std::string& principal) {
    Name name;
    if (const auto read = read_principal(name, principal); !read) return tl::unexpected(read.error());
    auto secret = read_secret(path);
    if (!secret) return tl::unexpected(secret.error());
    gss_buffer_desc password = buffer_of(*secret);
    auto login = acquire_explained(mechanism, [&](OM_uint32* minor, gss_OID_set wanted, gss_cred_id_t* out) {
        return gss_acquire_cred_with_password(minor, name.get(), &password, GSS_C_INDEFINITE, wanted, GSS_C_INITIATE,
                                              out, nullptr, nullptr);
    });
    wipe(*secret);
    return login;
}

struct Handshake::Security {
    SharedLogin login;
    std::string service, fqdn;
    Name target = {};
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    ~Security() {
        OM_uint32 minor = 0;
        gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    }
};

Handshake::Handshake(SharedLogin login, std::string_view service, std::string_view fqdn)
    : security_(new Security{std::move(login), std::string(service), std::string(fqdn)}) {}
Handshake::~Handshake() = default;

Result<std::string> Handshake::step(std::string_view token) {
    Security& ours = *security_;
    const Mechanism mechanism = ours.login->mechanism();
    const std::string doing = fmt::format("cannot sign on to {}/{}", ours.service, ours.fqdn);
    Status status;
    if (ours.target.get() == GSS_C_NO_NAME)
        status = ours.target.import(fmt::format("{}@{}", ours.service, ours.fqdn), GSS_C_NT_HOSTBASED_SERVICE);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    // Confidentiality and order are asked for now, so that sealing finds them (MS-WSMV 2.2.9.1).
    constexpr OM_uint32 flags =
        GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    gss_buffer_desc in = buffer_of(token), out = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored = 0, got = 0;
    status.major =
        gss_init_sec_context(&status.minor, static_cast<gss_cred_id_t>(ours.login->handle()), &ours.context,
                             ours.target.get(), oid(mechanism), flags, GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS,
                             token.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out, &got, nullptr);
    std::string next(static_cast<const char*>(out.value), out.length);
    gss_release_buffer(&ignored, &out);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    complete_ = (status.major & GSS_S_CONTINUE_NEEDED) == 0;
    if (complete_ && (got & GSS_C_MUTUAL_FLAG) == 0)
        return fail(Code::denied, doing + ": the server did not prove that it is itself");
    return next;
}

}  // namespace fairway::kerberos
