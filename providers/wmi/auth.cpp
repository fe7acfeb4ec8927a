// See auth.hpp.
#include "providers/wmi/auth.hpp"

#include <fmt/format.h>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5/krb5.h>
#include <array>
#include <atomic>
#include <vector>

#include "engine/base/file.hpp"
#include "providers/wmi/base64.hpp"

namespace fairway::wmi {
namespace {

gss_OID_desc spnego_oid{6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};  // 1.3.6.1.5.5.2, RFC 4178

gss_OID mechanism(HostAuthentication authentication) {
    return authentication == HostAuthentication::negotiate ? &spnego_oid : gss_mech_krb5;
}

gss_buffer_desc buffer_of(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }

std::string status_text(OM_uint32 code, int type) {
    std::string out;
    OM_uint32 minor = 0, more = 0;
    do {
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (GSS_ERROR(gss_display_status(&minor, code, type, gss_mech_krb5, &more, &text))) break;
        if (!out.empty()) out += "; ";
        out.append(static_cast<const char*>(text.value), text.length);
        gss_release_buffer(&minor, &text);
    } while (more != 0);
    return out;
}

struct Row {
    krb5_error_code minor;
    Code means;
    std::string_view todo;
};

constexpr std::array rows = {
    Row{KRB5_FCC_NOFILE, Code::denied, "there is no ticket; run kinit first, or name a keytab in the inventory"},
    Row{KRB5_CC_NOTFOUND, Code::denied, "there is no ticket; run kinit first, or name a keytab in the inventory"},
    Row{KRB5KRB_AP_ERR_TKT_EXPIRED, Code::denied, "the ticket has expired; run kinit again"},
    Row{KRB5_KT_NOTFOUND, Code::denied, "the keytab has no key for this principal; check both in the inventory"},
    Row{KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, Code::denied, "the directory does not know this principal"},
    Row{KRB5KDC_ERR_PREAUTH_FAILED, Code::denied, "the password or the key is wrong; was it changed since?"},
    Row{KRB5KDC_ERR_CLIENT_REVOKED, Code::denied, "the account is locked or disabled"},
    Row{KRB5KDC_ERR_KEY_EXP, Code::denied, "the password has expired"},
    Row{KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, Code::not_found,
        "the directory knows no account with this host's HTTP name; check the host's full name in the inventory"},
    Row{KRB5KRB_AP_ERR_SKEW, Code::denied, "the clocks differ by more than five minutes; mend the time here or there"},
    Row{KRB5KRB_AP_ERR_MODIFIED, Code::denied,
        "the host cannot read the ticket: the name belongs to another account, or its password changed just now"},
    Row{KRB5_KDC_UNREACH, Code::unreachable, "no domain controller answers; check the network, DNS and krb5.conf"},
    Row{KRB5_REALM_UNKNOWN, Code::unreachable, "the realm has no known domain controller; check DNS and krb5.conf"},
    Row{KRB5KDC_ERR_ETYPE_NOSUPP, Code::denied, "no common encryption type; the account may be limited to RC4"},
};

Error explain(std::string_view doing, OM_uint32 major, OM_uint32 minor) {
    const std::string said = minor != 0 ? status_text(minor, GSS_C_MECH_CODE) : status_text(major, GSS_C_GSS_CODE);
    for (const Row& row : rows)
        if (row.minor == static_cast<krb5_error_code>(minor))
            return {row.means, fmt::format("{}: {} ({})", doing, row.todo, said)};
    return {Code::denied, fmt::format("{}: {}", doing, said)};
}

// With a keytab the library complains about the ticket that it could not get, not about the keytab.
Error explain_sign_on(OM_uint32 major, OM_uint32 minor, const Credentials& credentials) {
    const auto code = static_cast<krb5_error_code>(minor);
    const bool no_ticket = code == KRB5_FCC_NOFILE || code == KRB5_CC_NOTFOUND || code == KRB5_KT_NOTFOUND;
    if (credentials.form == Credentials::Form::keytab && no_ticket)
        return {Code::denied, fmt::format("cannot sign on: the keytab {} is not there, may not be read, or has no key "
                                          "for {}; see klist -k",
                                          credentials.path, credentials.principal)};
    return explain("cannot sign on", major, minor);
}

// A name that is released when it goes.
class Name {
public:
    Name() = default;
    ~Name() {
        OM_uint32 minor = 0;
        gss_release_name(&minor, &name_);
    }
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;

    Result<void> import(std::string_view text, gss_OID type) {
        OM_uint32 minor = 0;
        gss_buffer_desc buffer = buffer_of(text);
        const OM_uint32 major = gss_import_name(&minor, &buffer, type, &name_);
        if (GSS_ERROR(major)) return tl::unexpected(explain(fmt::format("the name {}", text), major, minor));
        return {};
    }
    gss_name_t get() const { return name_; }

private:
    gss_name_t name_ = GSS_C_NO_NAME;
};

// A place for tickets that only this process sees.
std::string private_cache() {
    static std::atomic<unsigned> count{0};
    return fmt::format("MEMORY:fairway-{}", count.fetch_add(1));
}

struct Wiped {
    std::string text;
    ~Wiped() { wipe(text); }
};

}  // namespace

struct Credential::Gss {
    gss_cred_id_t handle = GSS_C_NO_CREDENTIAL;
    ~Gss() {
        OM_uint32 minor = 0;
        gss_release_cred(&minor, &handle);
    }
};

Credential::Credential() = default;
Credential::~Credential() { wipe(basic_); }

std::string_view Credential::scheme() const {
    switch (authentication_) {
        case HostAuthentication::negotiate: return "Negotiate";
        case HostAuthentication::kerberos: return "Kerberos";
        case HostAuthentication::basic: return "Basic";
    }
    return "Basic";
}

Result<std::shared_ptr<const Credential>> Credential::obtain(HostAuthentication authentication,
                                                             const Credentials& credentials) {
    std::shared_ptr<Credential> out(new Credential);
    out->authentication_ = authentication;
    if (authentication != HostAuthentication::basic) {
        if (const auto done = out->sign_on(authentication, credentials); !done) return tl::unexpected(done.error());
        return out;
    }
    if (credentials.form != Credentials::Form::password_file || credentials.principal.empty())
        return fail(Code::bad_input, "Basic authentication needs a user and a password_file in the inventory");
    if (credentials.principal.find(':') != std::string::npos)  // RFC 7617 section 2
        return fail(Code::bad_input, "a user of Basic authentication cannot have a colon in the name");
    auto secret = read_secret(credentials.path);
    if (!secret) return tl::unexpected(secret.error());
    Wiped pair{fmt::format("{}:{}", credentials.principal, *secret)};
    wipe(*secret);
    Wiped encoded{base64::encode(pair.text)};
    out->basic_.reserve(encoded.text.size() + 6);
    out->basic_.append("Basic ").append(encoded.text);
    return out;
}

namespace {

struct Status {
    OM_uint32 major = 0, minor = 0;
    bool failed() const { return GSS_ERROR(major); }
};

// `password` is used where the form says so. Names of caches and keytabs as krb5 spells them.
Status acquire(gss_OID mechanism, const Name& who, const Credentials& credentials, std::string_view password,
               gss_cred_id_t& out) {
    Status status;
    gss_OID_set_desc wanted{1, mechanism};
    if (credentials.form == Credentials::Form::password_file) {
        gss_buffer_desc secret = buffer_of(password);
        status.major = gss_acquire_cred_with_password(&status.minor, who.get(), &secret, GSS_C_INDEFINITE, &wanted,
                                                      GSS_C_INITIATE, &out, nullptr, nullptr);
        return status;
    }
    const std::string memory = private_cache();
    std::vector<gss_key_value_element_desc> store;
    if (credentials.form == Credentials::Form::keytab) {
        store.push_back({"client_keytab", credentials.path.c_str()});
        store.push_back({"ccache", memory.c_str()});
    } else if (!credentials.path.empty() && credentials.path != "default") {
        store.push_back({"ccache", credentials.path.c_str()});
    }
    const gss_key_value_set_desc set{static_cast<OM_uint32>(store.size()), store.data()};
    status.major = gss_acquire_cred_from(&status.minor, who.get(), GSS_C_INDEFINITE, &wanted, GSS_C_INITIATE,
                                         store.empty() ? nullptr : &set, &out, nullptr, nullptr);
    return status;
}

}  // namespace

Result<void> Credential::sign_on(HostAuthentication authentication, const Credentials& credentials) {
    gss_ = std::make_unique<Gss>();
    Name who;
    if (credentials.form != Credentials::Form::ticket_cache || !credentials.principal.empty()) {
        if (const auto done = who.import(credentials.principal, GSS_C_NT_USER_NAME); !done) return done;
    }
    Wiped password;
    if (credentials.form == Credentials::Form::password_file) {
        auto secret = read_secret(credentials.path);
        if (!secret) return tl::unexpected(secret.error());
        password.text.swap(*secret);
    }
    Status status = acquire(mechanism(authentication), who, credentials, password.text, gss_->handle);
    if (status.failed() && authentication == HostAuthentication::negotiate) {
        // SPNEGO only says that no mechanism is left; Kerberos says why.
        Gss unused;
        if (const Status why = acquire(gss_mech_krb5, who, credentials, password.text, unused.handle); why.failed())
            status = why;
    }
    if (status.failed()) return tl::unexpected(explain_sign_on(status.major, status.minor, credentials));
    if (authentication != HostAuthentication::negotiate) return {};
    // Only Kerberos within SPNEGO: NTLM proves no host to us.
    gss_OID_set_desc kerberos{1, gss_mech_krb5};
    status.major = gss_set_neg_mechs(&status.minor, gss_->handle, &kerberos);
    if (status.failed()) return tl::unexpected(explain_sign_on(status.major, status.minor, credentials));
    return {};
}

struct Handshake::Security {
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    Name target;
    ~Security() {
        OM_uint32 minor = 0;
        gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    }
};

Handshake::Handshake(std::shared_ptr<const Credential> credential, std::string fqdn)
    : credential_(std::move(credential)), fqdn_(std::move(fqdn)), security_(std::make_unique<Security>()) {}
Handshake::~Handshake() = default;

Result<std::string> Handshake::step(std::string_view token) {
    const std::string doing = fmt::format("cannot sign on to HTTP/{}", fqdn_);
    if (security_->target.get() == GSS_C_NO_NAME) {
        const auto done = security_->target.import(fmt::format("HTTP@{}", fqdn_), GSS_C_NT_HOSTBASED_SERVICE);
        if (!done) return tl::unexpected(done.error());
    }
    // Confidentiality and order are asked for now, so that sealing finds them (MS-WSMV 2.2.9.1).
    constexpr OM_uint32 flags =
        GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    gss_buffer_desc in = buffer_of(token), out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0, ignored = 0, got = 0;
    const OM_uint32 major = gss_init_sec_context(&minor, credential_->gss_->handle, &security_->context,
                                                 security_->target.get(), mechanism(credential_->authentication_),
                                                 flags, GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS,
                                                 token.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out, &got, nullptr);
    std::string next(static_cast<const char*>(out.value), out.length);
    gss_release_buffer(&ignored, &out);
    if (GSS_ERROR(major)) return tl::unexpected(explain(doing, major, minor));
    complete_ = (major & GSS_S_CONTINUE_NEEDED) == 0;
    if (complete_ && (got & GSS_C_MUTUAL_FLAG) == 0)
        return fail(Code::denied, doing + ": the host did not prove that it is itself");
    return next;
}

}  // namespace fairway::wmi
