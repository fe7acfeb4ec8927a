// A conversation with one host: what to send next, and what came back. A value without I/O, so that one loop can run
// hundreds at once and a test can run one by hand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "providers/wmi/wsman/channel.hpp"

namespace fairway::wmi {

// What is known of the host beside its answers.
struct Peer {
    std::string endpoint;  // for a:To
    std::string domain;    // that the sign-on proved, see gss::Handshake::domain; empty: none, or not connected yet
};

class Talk {
public:
    virtual ~Talk() = default;
    virtual const std::string& host() const = 0;  // as the inventory spells it
    // Empty: over.
    virtual std::optional<Request> next(const Peer& peer) = 0;
    virtual void take(const Result<std::string>& answer) = 0;
    virtual std::size_t held() const { return 0; }  // about how many bytes of answers it keeps
};

}  // namespace fairway::wmi
