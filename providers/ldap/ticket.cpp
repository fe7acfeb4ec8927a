// See ticket.hpp. GSSAPI is RFC 2744; credential stores are MIT's extension (gssapi_ext.h, since 1.11).
#include "providers/ldap/ticket.hpp"

#include <fmt/format.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <vector>

#include "providers/ldap/result.hpp"

namespace fairway::ldap {
namespace {

// SPNEGO, 1.3.6.1.5.5.2 (RFC 4178 section 3.1).
gss_OID_desc spnego{6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};

class HeldCredential final : public Ticket {
public:
    explicit HeldCredential(gss_cred_id_t credential) : credential_(credential) {}
    ~HeldCredential() override {
        OM_uint32 minor = 0;
        gss_release_cred(&minor, &credential_);
    }
    HeldCredential(const HeldCredential&) = delete;
    HeldCredential& operator=(const HeldCredential&) = delete;
    void* credential() const override { return credential_; }

private:
    gss_cred_id_t credential_;
};

void append_status(std::string& out, OM_uint32 status, int type, gss_OID mechanism) {
    OM_uint32 more = 0, minor = 0;
    do {
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (gss_display_status(&minor, status, type, mechanism, &more, &text) != GSS_S_COMPLETE) return;
        if (!out.empty()) out += "; ";
        out.append(static_cast<const char*>(text.value), text.length);
        gss_release_buffer(&minor, &text);
    } while (more != 0);
}

std::string words(OM_uint32 major, OM_uint32 minor, gss_OID mechanism) {
    if (GSS_ROUTINE_ERROR(major) == GSS_S_CREDENTIALS_EXPIRED) return "Ticket expired";
    std::string out;
    if (minor != 0) append_status(out, minor, GSS_C_MECH_CODE, mechanism);
    if (out.empty()) append_status(out, major, GSS_C_GSS_CODE, GSS_C_NO_OID);
    return out;
}

class Name {
public:
    // Empty text: no name, so GSSAPI takes what the cache holds.
    explicit Name(const std::string& principal) {
        if (principal.empty()) return;
        gss_buffer_desc text{principal.size(), const_cast<char*>(principal.data())};
        major_ = gss_import_name(&minor_, &text, const_cast<gss_OID>(GSS_KRB5_NT_PRINCIPAL_NAME), &name_);
    }
    ~Name() {
        OM_uint32 minor = 0;
        if (name_ != GSS_C_NO_NAME) gss_release_name(&minor, &name_);
    }
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;
    gss_name_t get() const { return name_; }
    bool good() const { return !GSS_ERROR(major_); }

private:
    gss_name_t name_ = GSS_C_NO_NAME;
    OM_uint32 major_ = GSS_S_COMPLETE, minor_ = 0;
};

// Where GSSAPI looks: the caller's default cache, a cache by name, or a keytab with a cache in memory.
struct Store {
    std::string cache, keytab;
    std::vector<gss_key_value_element_desc> elements;

    explicit Store(const Credentials& from) {
        if (from.form == Credentials::Form::keytab) {
            keytab = from.path;
            cache = fmt::format("MEMORY:fairway {} {}", from.path, from.principal);
            elements.push_back({"client_keytab", keytab.c_str()});
        } else if (!from.path.empty() && from.path != "default") {
            cache = from.path;
        }
        if (!cache.empty()) elements.push_back({"ccache", cache.c_str()});
    }
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
};

Result<std::unique_ptr<HeldCredential>> acquire(gss_OID mechanism, const Name& name, const Store& store,
                                                const std::string& server) {
    const gss_key_value_set_desc set{static_cast<OM_uint32>(store.elements.size()),
                                     const_cast<gss_key_value_element_desc*>(store.elements.data())};
    gss_OID_set_desc mechanisms{1, mechanism};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor = 0;
    OM_uint32 major = gss_acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE,
                                            store.elements.empty() ? nullptr : &set, &credential, nullptr, nullptr);
    if (GSS_ERROR(major)) return tl::unexpected(explain_kerberos(words(major, minor, mechanism), server));
    auto held = std::make_unique<HeldCredential>(credential);
    // A cache without a name is not opened before it is asked about.
    OM_uint32 seconds = 0;
    major = gss_inquire_cred(&minor, credential, nullptr, &seconds, nullptr, nullptr);
    if (GSS_ERROR(major)) return tl::unexpected(explain_kerberos(words(major, minor, mechanism), server));
    if (seconds == 0) return tl::unexpected(explain_kerberos("Ticket expired", server));
    return held;
}

}  // namespace

Result<std::unique_ptr<Ticket>> get_ticket(const Credentials& credentials, Bind bind, const std::string& server) {
    const bool keytab = credentials.form == Credentials::Form::keytab;
    if (keytab && credentials.principal.empty())
        return fail(Code::bad_input, "a keytab needs the principal whose key is to be used (user@REALM)");
    const Name name(keytab ? credentials.principal : "");
    if (!name.good())
        return fail(Code::bad_input, fmt::format("`{}` is no Kerberos principal", printable(credentials.principal)));
    const Store store(credentials);
    // Kerberos first, though SPNEGO be wanted: SPNEGO does not pass on why there is no ticket.
    auto ticket = acquire(gss_mech_krb5, name, store, server);
    if (ticket && bind == Bind::gss_spnego) ticket = acquire(&spnego, name, store, server);
    if (ticket) return std::move(*ticket);
    // The library passes over a keytab that it cannot use, and then misses the cache.
    if (keytab && ticket.error().code == Code::denied && ticket.error().text.find("cache") != std::string::npos)
        return fail(Code::bad_input, fmt::format("the keytab {} cannot be read, or holds no key for {}; see `klist -k` "
                                                 "and correct the inventory",
                                                 credentials.path, credentials.principal));
    return tl::unexpected(ticket.error());
}

}  // namespace fairway::ldap
