// What travels between us and a directory server, as plain values: entries that come, and the changes
// that go. Knows neither the library that carries them nor what they mean.
#pragma once

#include <cstddef>
#include <map>
#include <span>
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

// An account as a server holds it: every attribute that was asked for, whole.
struct Account {
    std::string dn;
    std::string name;    // sAMAccountName
    std::string change;  // uSNChanged: the server's own counter of changes, by which slices belong together
    std::map<std::string, std::vector<std::string>> values;  // by the names asked for; missing: no values

    std::span<const std::string> of(std::string_view attribute) const {
        const auto it = values.find(std::string(attribute));
        return it == values.end() ? std::span<const std::string>() : std::span(it->second);
    }
    std::string first(std::string_view attribute) const {  // empty: no value
        const auto all = of(attribute);
        return all.empty() ? std::string() : all.front();
    }
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

// Of one search, all its pages together; of all slices of one attribute; of what is arriving on one connection.
inline constexpr std::size_t most_bytes = 64u << 20;
// Of all searches of one question: 5,000 accounts with their lists and descriptors are some 100 MiB.
inline constexpr std::size_t most_bytes_together = 8 * most_bytes;

// As it came, about: names and values, and some bytes for each.
inline std::size_t size_of(const Entry& entry) {
    constexpr std::size_t frame = 8;
    std::size_t out = entry.dn.size() + frame;
    for (const Attribute& attribute : entry.attributes) {
        out += attribute.name.size() + frame;
        for (const std::string& value : attribute.values) out += value.size() + frame;
    }
    return out;
}

}  // namespace fairway::ldap
