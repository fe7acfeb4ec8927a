// A connection to a directory server that learns nothing of us and is believed little: no sign-on, small answers,
// little patience. For questions before and beside the session proper.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "providers/ldap/wire/names.hpp"

struct ldap;

namespace fairway::ldap {

class Anonymous {
public:
    Anonymous() = default;
    ~Anonymous();
    Anonymous(const Anonymous&) = delete;
    Anonymous& operator=(const Anonymous&) = delete;

    // host: a name or an address. The socket; negative if there is none.
    int connect(const std::string& host, unsigned port, std::chrono::milliseconds patience);
    // Over that socket: the first value of an attribute of the root entry, if that fits the filter.
    Result<std::optional<std::string>> root_value(const Filter& filter, const std::string& attribute,
                                                  std::chrono::milliseconds patience);

protected:
    ::ldap* library() { return ld_; }

private:
    ::ldap* ld_ = nullptr;
};

}  // namespace fairway::ldap
