// What did reading bring of a domain's accounts, while a run writes them? A run reads each account several times;
// whoever reads it again asks only whether it changed since, and a write that follows at once goes by what was read
// just before. The server compares again when it writes, so nothing depends on how fresh that is.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/value.hpp"
#include "providers/ldap/wire/entry.hpp"

namespace fairway::ldap {

// What attributes mean, once somebody worked it out: sorting a long list takes longer than to ask whether it changed.
using Decoded = std::map<const Setting*, Held>;

class Seen {
public:
    using Clock = std::chrono::steady_clock;
    struct Known {
        Result<Account> account;
        Decoded decoded;
    };

    // From now on; before that nothing is kept, because a command that only reads needs nothing twice.
    void keep() { keeps_ = true; }
    bool keeps() const { return keeps_; }

    // Replaces what was known of it. Errors, and what there is no room for, are not kept.
    void note(const std::string& object, std::span<const std::string> attributes, Known known);
    // Whether all of these attributes were read of it.
    bool find(const std::string& object, std::span<const std::string> attributes) const;
    // The account, if it is the one that was read, and nothing of it changed since; else it is forgotten.
    Known* unchanged(const std::string& object, const std::string& dn, const std::string& change);
    // For a write: what was read, or found unchanged, a moment ago. It is forgotten, as it is about to change.
    std::optional<Account> take(const std::string& object, std::span<const std::string> attributes);
    void forget_all();

private:
    struct Kept {
        Known known;
        std::vector<std::string> attributes;  // in order
        std::size_t bytes = 0;
        Clock::time_point when;
    };
    void forget(const std::string& object);

    std::map<std::string, Kept> kept_;
    std::size_t bytes_ = 0;
    bool keeps_ = false;
};

}  // namespace fairway::ldap
