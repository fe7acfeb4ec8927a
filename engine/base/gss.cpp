// See gss.hpp. GSSAPI is RFC 2744; credential stores are MIT's extension (gssapi_ext.h, since 1.11).
#include "engine/base/gss.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <fmt/format.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <vector>

#include "engine/base/gss_words.hpp"
#include "engine/base/ntlm.hpp"
#include "engine/base/text.hpp"

namespace fairway::gss {
namespace {

gss_OID_desc spnego{6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};  // 1.3.6.1.5.5.2, RFC 4178 section 3.1
gss_OID_desc ntlmssp{10, const_cast<char*>("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a")};  // 1.3.6.1.4.1.311.2.2.10

gss_OID oid(Mechanism mechanism) {
    if (mechanism == Mechanism::ntlm) return &ntlmssp;
    return mechanism == Mechanism::spnego ? &spnego : gss_mech_krb5;
}

gss_buffer_desc buffer_of(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }

// gss-ntlmssp leaves a length without a value behind where it fails.
std::string taken(gss_buffer_desc& buffer) {
    std::string out;
    OM_uint32 ignored = 0;
    if (buffer.value != nullptr) out.assign(static_cast<const char*>(buffer.value), buffer.length);
    gss_release_buffer(&ignored, &buffer);
    return out;
}

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
    const Error means = meaning(words).value_or(
        Error{Code::denied, mechanism == Mechanism::ntlm ? "NTLM does not allow it" : "Kerberos does not allow it"});
    return {means.code, fmt::format("{}: {} (said: {})", doing, means.text, words)};
}

// NTLM's library adds the code over all three messages (MS-NLMP 3.1.5.1.2), as Windows does, only for those who show
// that they know of it, as SPNEGO does by asking this (MIT's spnego_mech.c). False: there will be none.
bool cover_all_messages(gss_ctx_id_t context) {
    gss_OID_desc require_mic{11, const_cast<char*>("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x02")};
    gss_buffer_set_t answer = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor = 0, ignored = 0;
    const OM_uint32 major = gss_inquire_sec_context_by_oid(&minor, context, &require_mic, &answer);
    gss_release_buffer_set(&ignored, &answer);
    return major == GSS_S_COMPLETE;
}

// The realm in which krb5.conf puts a machine; empty: it says nothing, and the domain is asked.
std::string configured_realm(const std::string& fqdn) {
    krb5_context context = nullptr;
    char** realms = nullptr;
    std::string out;
    if (krb5_init_context(&context) != 0) return out;
    if (krb5_get_host_realm(context, fqdn.c_str(), &realms) == 0 && realms != nullptr) {
        if (realms[0] != nullptr) out = realms[0];
        krb5_free_host_realm(context, realms);
    }
    krb5_free_context(context);
    return out;
}

std::string_view realm_of(std::string_view principal) {
    const auto at = principal.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : principal.substr(at + 1);
}

// The realm of the only service ticket in a connection's own cache. The library keeps it under the name that was asked
// for, whose realm is empty where krb5.conf knows none; the domain's answer, which it checked, says more.
std::string realm_of_ticket(const std::string& cache, std::string_view service, std::string_view fqdn) {
    krb5_context context = nullptr;
    krb5_ccache tickets = nullptr;
    krb5_cc_cursor cursor = nullptr;
    std::string out;
    if (cache.empty() || krb5_init_context(&context) != 0) return out;
    const bool opened =
        krb5_cc_resolve(context, cache.c_str(), &tickets) == 0 && krb5_cc_start_seq_get(context, tickets, &cursor) == 0;
    const auto is = [](const krb5_data& part, std::string_view text) {
        return std::string_view(part.data, part.length) == text;
    };
    krb5_creds one{};
    while (opened && krb5_cc_next_cred(context, tickets, &cursor, &one) == 0) {
        krb5_ticket* ticket = nullptr;
        const bool ours = one.server->length == 2 && is(one.server->data[0], service) && is(one.server->data[1], fqdn);
        if (ours && krb5_decode_ticket(&one.ticket, &ticket) == 0) {
            out.assign(ticket->server->realm.data, ticket->server->realm.length);
            krb5_free_ticket(context, ticket);
        }
        krb5_free_cred_contents(context, &one);
    }
    if (opened) krb5_cc_end_seq_get(context, tickets, &cursor);
    if (tickets != nullptr) krb5_cc_close(context, tickets);
    krb5_free_context(context);
    return out;
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
    gss_name_t* out() { return &name_; }

    std::string text() const {
        OM_uint32 minor = 0;
        gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
        if (name_ == GSS_C_NO_NAME || GSS_ERROR(gss_display_name(&minor, name_, &shown, nullptr))) return {};
        std::string out(static_cast<const char*>(shown.value), shown.length);
        gss_release_buffer(&minor, &shown);
        while (!out.empty() && out.back() == '\0') out.pop_back();  // NTLM's library counts its end
        return out;
    }

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
Result<SharedLogin> acquire(Mechanism mechanism, const Ask& ask, const std::string& cache = {},
                            const SharedLogin& tickets = {}) {
    constexpr std::string_view doing = "cannot sign on";
    Status status;
    gss_OID_set_desc wanted{1, oid(mechanism)}, kerberos{1, gss_mech_krb5};
    gss_cred_id_t handle = GSS_C_NO_CREDENTIAL;
    status.major = ask(&status.minor, &wanted, &handle);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    auto login = std::make_shared<const Login>(mechanism, handle, cache, tickets);
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
    return login && mechanism == Mechanism::spnego ? acquire(mechanism, ask, {}, *login) : login;
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

Login::~Login() {
    OM_uint32 minor = 0;
    auto handle = static_cast<gss_cred_id_t>(handle_);
    gss_release_cred(&minor, &handle);
    if (cache_.empty()) return;
    krb5_context context = nullptr;
    krb5_ccache cache = nullptr;
    if (krb5_init_context(&context) != 0) return;
    if (krb5_cc_resolve(context, cache_.c_str(), &cache) == 0) krb5_cc_destroy(context, cache);
    krb5_free_context(context);
}

Result<SharedLogin> for_one_connection(const SharedLogin& login) {
    if (login->mechanism() == Mechanism::ntlm) return login;
    static std::atomic<std::uint64_t> number{0};
    const std::string cache = fmt::format("MEMORY:fairway connection {}", ++number);
    gss_key_value_element_desc element{"ccache", cache.c_str()};
    const gss_key_value_set_desc store{1, &element};
    Status status;
    status.major = gss_store_cred_into(&status.minor, static_cast<gss_cred_id_t>(login->tickets().handle()),
                                       GSS_C_INITIATE, GSS_C_NO_OID, 1, 1, &store, nullptr, nullptr);
    // A login that cannot be copied (a keytab's that has no ticket yet) serves as it is.
    if (status.failed()) return login;
    const auto ask = [&](OM_uint32* minor, gss_OID_set wanted, gss_cred_id_t* out) {
        return gss_acquire_cred_from(minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, wanted, GSS_C_INITIATE, &store, out,
                                     nullptr, nullptr);
    };
    return acquire(login->mechanism(), ask, cache);
}

std::string Login::name() const {
    Name who;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_inquire_cred(&minor, static_cast<gss_cred_id_t>(handle_), who.out(), nullptr, nullptr, nullptr)))
        return {};
    return who.text();
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

Result<SharedLogin> login_with_password(Mechanism mechanism, const std::string& who, std::string_view secret) {
    Name name;
    if (mechanism == Mechanism::ntlm) {
        const Status status = name.import(who, GSS_C_NT_USER_NAME);
        if (status.failed()) return tl::unexpected(explain("cannot sign on", status, mechanism));
    } else if (const auto read = read_principal(name, who); !read) {
        return tl::unexpected(read.error());
    }
    gss_buffer_desc password = buffer_of(secret);
    const auto ask = [&](OM_uint32* minor, gss_OID_set wanted, gss_cred_id_t* out) {
        return gss_acquire_cred_with_password(minor, name.get(), &password, GSS_C_INDEFINITE, wanted, GSS_C_INITIATE,
                                              out, nullptr, nullptr);
    };
    if (mechanism != Mechanism::ntlm) return acquire_explained(mechanism, ask);
    auto login = acquire(mechanism, ask);
    if (!login && login.error().text.find("unsupported mechanism") != std::string::npos)
        return fail(Code::unsupported,
                    "NTLM needs the package gss-ntlmssp on this machine; install it, or use Kerberos");
    return login;
}

struct Handshake::Security {
    SharedLogin login;
    std::string service, fqdn, binding;
    std::string named = {};  // the domain, by an NTLM server that has not signed us on yet
    Name target = {};
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    ~Security() {
        OM_uint32 minor = 0;
        gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    }
    std::string who() const { return fmt::format("{}/{}", service, fqdn); }
};

Handshake::Handshake(SharedLogin login, std::string_view service, std::string_view fqdn, std::string_view binding)
    : security_(new Security{std::move(login), std::string(service), std::string(fqdn), std::string(binding)}) {}
Handshake::~Handshake() = default;

Result<std::string> Handshake::step(std::string_view token) {
    Security& ours = *security_;
    const Mechanism mechanism = ours.login->mechanism();
    const std::string doing = "cannot sign on to " + ours.who();
    Status status;
    if (ours.target.get() == GSS_C_NO_NAME)
        status = ours.target.import(fmt::format("{}@{}", ours.service, ours.fqdn), GSS_C_NT_HOSTBASED_SERVICE);
    if (status.failed()) return tl::unexpected(explain(doing, status, mechanism));
    // Confidentiality and order are asked for, so that sealing finds them (MS-WSMV 2.2.9.1).
    constexpr OM_uint32 sealing = GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    const OM_uint32 mutual = mechanism == Mechanism::ntlm ? 0 : GSS_C_MUTUAL_FLAG;
    if (mechanism == Mechanism::ntlm && ours.context != GSS_C_NO_CONTEXT && cover_all_messages(ours.context))
        ours.named = ntlm::domain_of(token);
    gss_channel_bindings_struct bindings{};
    bindings.application_data = buffer_of(ours.binding);
    gss_buffer_desc in = buffer_of(token), out = GSS_C_EMPTY_BUFFER;
    OM_uint32 got = 0;
    status.major = gss_init_sec_context(&status.minor, static_cast<gss_cred_id_t>(ours.login->handle()), &ours.context,
                                        ours.target.get(), oid(mechanism), mutual | sealing, GSS_C_INDEFINITE,
                                        ours.binding.empty() ? GSS_C_NO_CHANNEL_BINDINGS : &bindings,
                                        token.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out, &got, nullptr);
    std::string next = taken(out);
    if (status.failed()) {
        Error error = explain(doing, status, mechanism);
        constexpr std::string_view unknown = "Server not found in Kerberos database";
        if (error.text.find(unknown) != std::string::npos)
            error = other_realm(doing, realm_of(ours.login->tickets().name()), configured_realm(ours.fqdn), unknown)
                        .value_or(error);
        return tl::unexpected(std::move(error));
    }
    complete_ = (status.major & GSS_S_CONTINUE_NEEDED) == 0;
    if (complete_ && (got & mutual) != mutual)
        return fail(Code::denied, doing + ": the server did not prove that it is itself");
    if (complete_ && (got & sealing) != sealing)
        return fail(Code::denied,
                    doing + ": the server agrees to no encryption, or to none that keeps messages in order");
    return next;
}

// With HEADER, DATA and PADDING, and no TRAILER, Kerberos rotates its trailer into the header (RFC 4121 4.2.5), which
// is what Windows reads; gss_wrap leaves it at the end. NTLM's library has no such call and needs none: its signature
// stands in front anyway.
Result<Sealed> Handshake::seal(std::string_view message) {
    constexpr std::size_t ntlm_signature = 16;
    Security& ours = *security_;
    const Mechanism mechanism = ours.login->mechanism();
    const std::string doing = "cannot encrypt a message for " + ours.who();
    Status status;
    OM_uint32 ignored = 0;
    int encrypted = 0;
    if (mechanism == Mechanism::ntlm) {
        gss_buffer_desc in = buffer_of(message), out = GSS_C_EMPTY_BUFFER;
        status.major = gss_wrap(&status.minor, ours.context, 1, GSS_C_QOP_DEFAULT, &in, &encrypted, &out);
        const std::string joined = taken(out);
        if (status.failed() || encrypted == 0 || joined.size() != message.size() + ntlm_signature)
            return tl::unexpected(explain(doing, status, mechanism));
        return Sealed{joined.substr(0, ntlm_signature), joined.substr(ntlm_signature)};
    }
    Sealed out{{}, std::string(message)};
    std::array<gss_iov_buffer_desc, 3> parts{};
    parts[0].type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    parts[1].type = GSS_IOV_BUFFER_TYPE_DATA;
    parts[1].buffer = {out.data.size(), out.data.data()};
    parts[2].type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    status.major =
        gss_wrap_iov(&status.minor, ours.context, 1, GSS_C_QOP_DEFAULT, &encrypted, parts.data(), parts.size());
    if (!status.failed()) {
        out.header.assign(static_cast<const char*>(parts[0].buffer.value), parts[0].buffer.length);
        out.data.append(static_cast<const char*>(parts[2].buffer.value), parts[2].buffer.length);
    }
    gss_release_iov_buffer(&ignored, parts.data(), parts.size());
    if (status.failed() || encrypted == 0) return tl::unexpected(explain(doing, status, mechanism));
    return out;
}

Result<std::string> Handshake::unseal(std::string_view sealed) {
    Security& ours = *security_;
    const std::string doing = "cannot open an encrypted message of " + ours.who();
    Status status;
    int encrypted = 0;
    gss_buffer_desc in = buffer_of(sealed), out = GSS_C_EMPTY_BUFFER;
    status.major = gss_unwrap(&status.minor, ours.context, &in, &out, &encrypted, nullptr);
    std::string message = taken(out);
    if (status.failed())
        return fail(Code::protocol,
                    fmt::format("{}: it was changed or cut on its way, or belongs to another connection", doing));
    if ((status.major & (GSS_S_DUPLICATE_TOKEN | GSS_S_OLD_TOKEN | GSS_S_UNSEQ_TOKEN | GSS_S_GAP_TOKEN)) != 0)
        return fail(Code::protocol, fmt::format("{}: it is an old one sent again, or one before it is missing", doing));
    if (encrypted == 0) return fail(Code::protocol, fmt::format("{}: it is signed but not encrypted", doing));
    return message;
}

// The principal that the ticket is for: HTTP/hv01.corp.example@CORP.EXAMPLE.
std::string Handshake::realm() const {
    if (!complete_ || security_->login->mechanism() == Mechanism::ntlm) return {};
    Name peer;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_inquire_context(&minor, security_->context, nullptr, peer.out(), nullptr, nullptr, nullptr,
                                      nullptr, nullptr)))
        return {};
    const std::string named(realm_of(peer.text()));
    return named.empty() ? realm_of_ticket(security_->login->cache(), security_->service, security_->fqdn) : named;
}

std::string Handshake::domain() const {
    const bool kerberos = security_->login->mechanism() != Mechanism::ntlm;
    return !complete_ ? std::string{} : kerberos ? text::fold(realm()) : security_->named;
}

}  // namespace fairway::gss
