// Which events of which logs are asked for? Typed values, and the QueryList that MS-WSMV 2.2.4.24 makes of them:
// XPath within XML, each escaped in its own way. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/wmi/wsman/xml.hpp"

namespace fairway::wmi {

struct EventQuery {
    std::vector<std::string> channels;        // all in one subscription; at least one
    std::vector<std::string> providers = {};  // empty: every one
    std::vector<std::uint32_t> ids = {};      // empty: every one
    // Seconds since 1970, UTC, by the host's clock: from `since` on and before `until`.
    std::optional<std::int64_t> since = {}, until = {};

    bool rendered = false;      // the host's texts too; they cost it time and are in its language
    bool skip_missing = false;  // channels that are missing or denied are passed over, and nothing says which
    std::size_t batch = 100;    // MaxElements
    std::size_t most = 5000;    // no further batch is asked for beyond this
    // How long the host may look for the next batch (MaxTime). When it finds nothing in that time we take it that
    // there is nothing more; so too short a time, over a long log with a narrow filter, loses events.
    std::chrono::seconds wait{15};

    // Nothing but channels: then record numbers follow one another, and a gap can be seen.
    bool all() const { return providers.empty() && ids.empty() && !since && !until; }
};

// Error: the query cannot be asked: nothing or too much is named, a name has both kinds of quotes.
Result<void> check(const EventQuery& query);
// <QueryList>…; the query must be one that check() takes.
void write_query_list(xml::Writer& out, const EventQuery& query);

}  // namespace fairway::wmi
