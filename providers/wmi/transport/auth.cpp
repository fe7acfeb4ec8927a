// See auth.hpp. Facts: WMI-84 and WMI-85.
#include "providers/wmi/transport/auth.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "providers/sign_on/secret.hpp"
#include "providers/wmi/transport/base64.hpp"

namespace fairway::wmi {
namespace {

struct SchemeRow {
    HostAuthentication authentication;
    std::string_view scheme, name;
    std::optional<gss::Mechanism> mechanism;
};

constexpr std::array scheme_rows = {
    SchemeRow{HostAuthentication::kerberos, "Kerberos", "Kerberos", gss::Mechanism::krb5},
    SchemeRow{HostAuthentication::negotiate, "Negotiate", "Negotiate", gss::Mechanism::spnego},
    SchemeRow{HostAuthentication::ntlm, "Negotiate", "NTLM", gss::Mechanism::ntlm},
    SchemeRow{HostAuthentication::basic, "Basic", "Basic", std::nullopt},
    SchemeRow{HostAuthentication::certificate, "", "certificate", std::nullopt},
};

const SchemeRow& row_of(HostAuthentication authentication) {
    for (const SchemeRow& row : scheme_rows)
        if (row.authentication == authentication) return row;
    return scheme_rows.front();
}

// Of a client certificate: the account is the one that the host maps it to (MS-WSMV 2.2.4; WMI-85).
constexpr std::string_view mutual_tls = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
constexpr std::chrono::seconds away_for{30};

// Written where it stays, so that no copy is left behind.
Result<void> write_basic(const std::string& user, std::string_view secret, std::string& out) {
    if (user.find(':') != std::string::npos)  // RFC 7617 section 2
        return fail(Code::bad_input, "a user of Basic authentication cannot have a colon in the name");
    const Wiped pair{fmt::format("{}:{}", user, secret)};
    const Wiped encoded{base64::encode(pair.text)};
    out.reserve(encoded.text.size() + 6);
    out.append("Basic ").append(encoded.text);
    return {};
}

}  // namespace

Credential::~Credential() { wipe(header_); }

std::string_view Credential::scheme() const { return row_of(authentication_).scheme; }
std::string_view Credential::name() const { return row_of(authentication_).name; }

// A ticket that a domain controller gave is good in itself, so the cause lies between it and the host.
Error Credential::refused(std::string_view offered, std::string_view service, bool bound) const {
    std::string out = fmt::format("the host did not accept the sign-on (it offers: {}); ", offered);
    const bool ticket = login_ && login_->mechanism() != gss::Mechanism::ntlm;
    if (ticket)
        out += fmt::format(
            "does its own account hold the name {} and no other account (`setspn -Q {}`), as `fairway spn` shows; "
            "does its clock agree with the domain's, and does it allow {} (`winrm get winrm/config/service/auth`)?",
            service, service, name());
    else out += "check the account, its password and the authentication in the inventory";
    // MS-WSMV CbtHardeningLevel: Relaxed refuses a wrong binding, Strict also a missing one.
    if (bound)
        out += fmt::format(
            "{} Over TLS a sign-on is bound to the certificate that we were shown (channel binding, "
            "CbtHardeningLevel): where something in between ends TLS with another one than the host's "
            "own, as proxies and load balancers do, the host refuses it; reach the host directly",
            ticket ? "" : ".");
    return {Code::denied, std::move(out)};
}

std::optional<Error> Credential::domain_away() const {
    if (away_ && std::chrono::steady_clock::now() - away_since_ > away_for) away_.reset();
    return away_;
}

void Credential::domain_is_away(const Error& error) const {
    away_ = error;
    away_since_ = std::chrono::steady_clock::now();
}

Result<std::shared_ptr<const Credential>> Credential::obtain(HostAuthentication authentication,
                                                             const Credentials& credentials) {
    const std::shared_ptr<Credential> out(new Credential);
    out->authentication_ = authentication;
    const SchemeRow& row = row_of(authentication);
    if (authentication == HostAuthentication::certificate) {
        out->header_ = mutual_tls;
        return out;
    }
    if (credentials.is_password()) {
        const auto secret = obtain_secret(password_source(credentials));
        if (!secret) return tl::unexpected(secret.error());
        const std::string_view password = (*secret)->text();
        if (!row.mechanism) {
            if (const auto written = write_basic(credentials.principal, password, out->header_); !written)
                return tl::unexpected(written.error());
        } else {
            auto login = gss::login_with_password(*row.mechanism, credentials.principal, password);
            if (!login) return tl::unexpected(login.error());
            out->login_ = std::move(*login);
        }
        // Kerberos has shown the password to a domain controller already.
        const bool proved = row.mechanism && *row.mechanism != gss::Mechanism::ntlm;
        out->trial_ = proved ? Trial::none : Trial::unproved;
        return out;
    }
    if (!row.mechanism || *row.mechanism == gss::Mechanism::ntlm)
        return fail(Code::bad_input,
                    fmt::format("{} needs a user and a password: name where it is under `credentials`", row.name));
    auto login = credentials.form == Credentials::Form::keytab
                     ? gss::login_from_keytab(*row.mechanism, credentials.path, credentials.principal)
                     : gss::login_from_cache(*row.mechanism, credentials.path);
    if (!login) return tl::unexpected(login.error());
    out->login_ = std::move(*login);
    return out;
}

}  // namespace fairway::wmi
