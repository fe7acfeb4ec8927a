// Who are we: how is a login got from a ticket cache, a keytab or a password, copied for one connection, and given
// back? It knows no service that it will be shown to.
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/base/trusted_file.hpp"
#include "providers/sign_on/gss_library.hpp"
#include "providers/sign_on/gss_realm.hpp"
#include "providers/sign_on/gss_words.hpp"

namespace fairway::gss {
namespace {

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

Result<SharedLogin> acquire_from(Mechanism mechanism, const Name& name,
                                 std::vector<gss_key_value_element_desc> elements) {
    const gss_key_value_set_desc store{static_cast<OM_uint32>(elements.size()), elements.data()};
    return acquire_explained(mechanism, [&](OM_uint32* minor, gss_OID_set wanted, gss_cred_id_t* out) {
        return gss_acquire_cred_from(minor, name.get(), GSS_C_INDEFINITE, wanted, GSS_C_INITIATE, &store, out, nullptr,
                                     nullptr);
    });
}

// The caller's own cache by its name. Without one, MIT 1.20 looks through all the caller's caches to see whether there
// is anything, and frees what it never got where one of them cannot be read (krb5_cccol_have_content).
Result<std::string> default_cache() {
    krb5_context context = nullptr;
    const krb5_error_code code = krb5_init_context(&context);
    if (code != 0) return fail(Code::denied, "cannot sign on: Kerberos cannot be set up here; see krb5.conf");
    const char* name = krb5_cc_default_name(context);
    std::string out = name ? name : "";
    krb5_free_context(context);
    if (out.empty()) return fail(Code::denied, fmt::format("cannot sign on: {}", broken_cache));
    return out;
}

// A keytab by Kerberos' way to name it; empty: it is in no file.
std::string file_of(const std::string& keytab) {
    const auto colon = keytab.find(':');
    if (colon == std::string::npos || keytab.find('/') < colon) return keytab;
    const std::string_view kind = std::string_view(keytab).substr(0, colon);
    return kind == "FILE" || kind == "WRFILE" ? keytab.substr(colon + 1) : std::string();
}

Result<SharedLogin> with_spelling(Result<SharedLogin> login, std::string_view principal) {
    const std::string said = login ? std::string{} : spelling_of(realm_of(principal));
    if (!login && login.error().text.find(said) == std::string::npos) login.error().text += said;
    return login;
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
    const auto cache = name.empty() || name == "default" ? default_cache() : Result<std::string>(name);
    if (!cache) return tl::unexpected(cache.error());
    return acquire_from(mechanism, {}, {{"ccache", cache->c_str()}});
}

Result<SharedLogin> login_from_keytab(Mechanism mechanism, const std::string& path, const std::string& principal) {
    Name name;
    if (const auto read = read_principal(name, principal); !read) return tl::unexpected(read.error());
    std::error_code missing;  // the library says it in words of its own
    if (const std::string file = file_of(path); !file.empty() && std::filesystem::exists(file, missing))
        if (const auto ours = is_secret_file(file); !ours)
            return fail(ours.error().code,
                        fmt::format("cannot sign on as {}: {} (`klist -k` shows what a keytab holds)", principal,
                                    ours.error().text));
    const std::string cache = fmt::format("MEMORY:fairway {} {}", path, principal);
    auto login = acquire_from(mechanism, name, {{"client_keytab", path.c_str()}, {"ccache", cache.c_str()}});
    // The library passes over a keytab that it cannot use, and then misses the ticket.
    const std::string_view why = login ? "" : std::string_view(login.error().text);
    if (why.find(no_ticket) != why.npos || why.find(no_key) != why.npos)
        login = fail(Code::bad_input, fmt::format("cannot sign on as {} with {}: {}", principal, path, no_key));
    return with_spelling(std::move(login), principal);
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
    if (mechanism != Mechanism::ntlm) return with_spelling(acquire_explained(mechanism, ask), who);
    auto login = acquire(mechanism, ask);
    if (!login && login.error().text.find("unsupported mechanism") != std::string::npos)
        return fail(Code::unsupported,
                    "NTLM needs the package gss-ntlmssp on this machine; install it, or use Kerberos");
    return login;
}

}  // namespace fairway::gss
