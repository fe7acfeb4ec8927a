// Which events a QueryList selects [MS-WSMV 2.2.4.24]: channels, and the part of XPath that collectors use.
// Pure; a query that is not understood is refused and never half obeyed.
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "event_log.hpp"

namespace lab {

using EventTest = std::function<bool(const Event&)>;

struct EventSelect {
    std::string channel;
    EventTest wanted;
};

// Both throw Fault (bad_query). `list` is the QueryList element.
[[nodiscard]] std::vector<EventSelect> read_query_list(const pugi::xml_node& list);
//   * | *[System[EXPRESSION]], with and, or, parentheses, and of: EventID, Level and EventRecordID compared with a
//   number; Provider[@Name='…']; TimeCreated[timediff(@SystemTime) <= MS] and TimeCreated[@SystemTime >= '…'].
[[nodiscard]] EventTest parse_event_xpath(std::string_view text);

}  // namespace lab
