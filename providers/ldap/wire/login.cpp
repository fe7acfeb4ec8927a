// See login.hpp.
#include "providers/ldap/wire/login.hpp"

#include "providers/sign_on/secret.hpp"

namespace fairway::ldap {

Result<gss::SharedLogin> login_by(const Credentials& from, gss::Mechanism mechanism) {
    if (from.form == Credentials::Form::keytab) return gss::login_from_keytab(mechanism, from.path, from.principal);
    if (!from.is_password()) return gss::login_from_cache(mechanism, from.path);
    const Result<SharedSecret> secret = obtain_secret(password_source(from));
    if (!secret) return tl::unexpected(secret.error());
    return gss::login_with_password(mechanism, from.principal, (*secret)->text());
}

}  // namespace fairway::ldap
