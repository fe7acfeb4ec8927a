// How names become text that a directory server parses: distinguished names (RFC 4514) and search
// filters (RFC 4515), built from values that are escaped on the way. A Filter cannot be made
// from loose text, so a host's name can never become part of the question itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::ldap {

// One step of a distinguished name, e.g. {"CN", "Directory Service"}.
struct Rdn {
    std::string_view type;
    std::string_view value;
};

// The steps, nearest first, above `base`, which is a name already (from the rootDSE) or empty.
std::string dn(std::span<const Rdn> steps, std::string_view base);
std::string escape_dn_value(std::string_view value);

// "corp.example" is the naming context DC=corp,DC=example (RFC 2247).
std::string naming_context(std::string_view domain);

class Filter {
public:
    static Filter present(std::string_view attribute);
    static Filter equal(std::string_view attribute, std::string_view value);
    static Filter equal_bytes(std::string_view attribute, std::string_view bytes);  // RFC 4515: \xx each
    static Filter at_least(std::string_view attribute, std::int64_t number);
    static Filter begins(std::string_view attribute, std::string_view start);  // RFC 4515: (attribute=start*)
    static Filter ordered(std::string_view attribute, std::string_view sign, std::string_view value);  // >= or <=
    static Filter like(std::string_view attribute, std::span<const std::string> pieces);  // with * between them
    static Filter by_rule(std::string_view attribute, std::string_view rule, std::string_view value);
    static Filter not_of(const Filter& part);
    static Filter all_of(const std::vector<Filter>& parts);
    static Filter any_of(const std::vector<Filter>& parts);

    const std::string& text() const { return text_; }

private:
    explicit Filter(std::string text) : text_(std::move(text)) {}
    static Filter joined(char sign, const std::vector<Filter>& parts);
    std::string text_;
};

// Filters that together find what any of the parts finds, with `most` parts in each at most.
std::vector<Filter> any_of_each(std::span<const Filter> parts, std::size_t most);

// A computer's account name is its NetBIOS name and a dollar sign.
std::string account_name(std::string_view host);

// "ldap://host:port"; refuses what is no host name or address, because the library would take a list.
Result<std::string> server_uri(std::string_view scheme, std::string_view host, unsigned port);

}  // namespace fairway::ldap
