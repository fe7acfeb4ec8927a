// See auth.hpp.
#include "providers/wmi/auth.hpp"

#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "providers/wmi/base64.hpp"

namespace fairway::wmi {
namespace {

struct Wiped {
    std::string text;
    ~Wiped() { wipe(text); }
};

Result<kerberos::SharedLogin> log_in(HostAuthentication authentication, const Credentials& from) {
    using enum kerberos::Mechanism;
    const auto mechanism = authentication == HostAuthentication::negotiate ? spnego : krb5;
    switch (from.form) {
        case Credentials::Form::ticket_cache: return kerberos::login_from_cache(mechanism, from.path);
        case Credentials::Form::keytab: return kerberos::login_from_keytab(mechanism, from.path, from.principal);
        default: break;
    }
    return kerberos::login_from_password_file(mechanism, from.path, from.principal);
}

// Written where it stays, so that no copy is left behind.
Result<void> write_basic(const Credentials& credentials, std::string& out) {
    if (credentials.form != Credentials::Form::password_file || credentials.principal.empty())
        return fail(Code::bad_input, "Basic authentication needs a user and a password_file in the inventory");
    if (credentials.principal.find(':') != std::string::npos)  // RFC 7617 section 2
        return fail(Code::bad_input, "a user of Basic authentication cannot have a colon in the name");
    auto secret = read_secret(credentials.path);
    if (!secret) return tl::unexpected(secret.error());
    const Wiped pair{fmt::format("{}:{}", credentials.principal, *secret)};
    wipe(*secret);
    const Wiped encoded{base64::encode(pair.text)};
    out.reserve(encoded.text.size() + 6);
    out.append("Basic ").append(encoded.text);
    return {};
}

}  // namespace

Credential::~Credential() { wipe(basic_); }

std::string_view Credential::scheme() const {
    if (!login_) return "Basic";
    return login_->mechanism() == kerberos::Mechanism::spnego ? "Negotiate" : "Kerberos";
}

Result<std::shared_ptr<const Credential>> Credential::obtain(HostAuthentication authentication,
                                                             const Credentials& credentials) {
    std::shared_ptr<Credential> out(new Credential);
    if (authentication == HostAuthentication::basic) {
        if (const auto done = write_basic(credentials, out->basic_); !done) return tl::unexpected(done.error());
    } else {
        auto login = log_in(authentication, credentials);
        if (!login) return tl::unexpected(login.error());
        out->login_ = std::move(*login);
    }
    return out;
}

}  // namespace fairway::wmi
