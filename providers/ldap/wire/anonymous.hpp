// A connection to a directory server that learns nothing of us and is believed little: no sign-on, small answers,
// little patience. For questions before and beside the session proper.
#pragma once

#include <chrono>
#include <string>

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

protected:
    ::ldap* library() { return ld_; }

private:
    ::ldap* ld_ = nullptr;
};

}  // namespace fairway::ldap
