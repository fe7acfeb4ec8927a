// What does a domain answer to a request for a service ticket, by the number of its error? Asked with the login's
// ticket-granting ticket alone, so that no ticket got earlier hides what the domain says now.
#pragma once

#include <string>

#include "engine/model/sight.hpp"
#include "providers/sign_on/gss.hpp"

namespace fairway::gss {

// `domain`: the DNS name of the one that holds the service's account. Error: no domain answered, or this login has no
// ticket to ask with.
Result<TicketSeen> ask_ticket(const Login& login, const std::string& domain, const Service& service);

}  // namespace fairway::gss
