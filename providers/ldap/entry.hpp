// What travels between us and a directory server, as plain values: entries that come, and the changes
// that go. Knows neither the library that carries them nor what they mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::ldap {

struct Attribute {
    std::string name;  // as the server wrote it, options included ("member;range=0-1499")
    std::vector<std::string> values;
};

struct Entry {
    std::string dn;
    std::vector<Attribute> attributes;
};

// One part of a modify request (RFC 4511 4.6). There is no "replace" on purpose: it overwrites what
// nobody has looked at, so it cannot be said.
struct Modification {
    enum class Kind { add, remove };
    Kind kind{};
    std::string attribute;
    std::vector<std::string> values;  // never empty: "remove" without values would remove them all

    friend bool operator==(const Modification&, const Modification&) = default;
};

}  // namespace fairway::ldap
