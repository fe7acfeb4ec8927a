// Replies that no standard allows, or that come once in a thousand: what a client's wire must survive.
// A test asks for one by name; each function spoils what is in its reach and leaves the rest alone.
#pragma once

#include <chrono>
#include <string>

#include "seal.hpp"
#include "wsman.hpp"

namespace lab {

// The connection ends, and nothing was done.
inline const std::string kCutBeforeRequest = "cut-before-request";

// Whether there is misbehaviour of that name.
[[nodiscard]] bool is_mischief(const std::string& how);
[[nodiscard]] bool is_before_winrm(const std::string& how);
// Refused before it has any effect: the reply that takes the place of an answer; nothing for all other misbehaviour.
[[nodiscard]] std::optional<Reply> refused_at_once(const Mischief& mischief, Host& host, const std::string& envelope);

// SOAP: a fault in a fault in a fault, a reply to somebody else's request.
void spoil(const Mischief& mischief, Host& host, const std::string& envelope, Reply& reply);
// The sealed message: cut, changed by one bit, or `last` once more.
void spoil(const Mischief& mischief, const std::string& last, HttpBody& sealed);
// The whole reply as bytes of HTTP, for what a proper library would not write; empty: write it properly.
[[nodiscard]] std::string spoiled_bytes(const Mischief& mischief, const std::string& head_and_body);

}  // namespace lab
