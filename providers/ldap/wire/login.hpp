// Who are we to a directory that wants a Kerberos ticket: the login that its credentials give?
#pragma once

#include "engine/model/inventory.hpp"
#include "providers/sign_on/gss.hpp"

namespace fairway::ldap {

// A password is shown to nobody: it makes the key with which the domain's answer is read.
Result<gss::SharedLogin> login_by(const Credentials& from, gss::Mechanism mechanism);

}  // namespace fairway::ldap
