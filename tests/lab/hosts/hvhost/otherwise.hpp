// A host that is not as it is assumed to be (ASSUMED.md): one word for each assumption that no property of an object
// shows. A test asks for it by name and sees whether the program notices.
#pragma once

#include <set>
#include <string>

#include "seal.hpp"
#include "wsman.hpp"

namespace lab {

[[nodiscard]] bool is_otherwise(const std::string& word);
// The request as this host takes it.
[[nodiscard]] std::string as_heard(const std::set<std::string>& words, std::string envelope);
// What this host refuses and others do not.
[[nodiscard]] std::optional<Reply> refused_otherwise(const std::set<std::string>& words, Host& host,
                                                     const std::string& envelope);
// The reply as this host gives it.
void say_otherwise(const std::set<std::string>& words, Host& host, const std::string& envelope, Reply& reply);
void seal_otherwise(const std::set<std::string>& words, HttpBody& sealed);

}  // namespace lab
