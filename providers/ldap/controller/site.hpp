// In which site of Active Directory is this machine? A domain controller says by the address that the question comes
// from (ping.hpp); it is asked over TCP, without a sign-on, so what it says is used for an order and for nothing else.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "providers/ldap/controller/srv.hpp"

namespace fairway::ldap {

// Of the first few of a domain's controllers, the first that answers says it. Empty: nobody does, we are in no site, or
// its name is none that could be looked up. patience: with connecting, and again with the answer.
std::string own_site(const std::string& domain, std::span<const ServiceRecord> controllers,
                     std::chrono::milliseconds patience = std::chrono::seconds(1));

}  // namespace fairway::ldap
