// Subscribe, Pull and Unsubscribe of the event log in pull mode [DSP0226 10, MS-WSMV 3.1.4.1.30].
// Push modes are refused: they need a listener at the collector.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "event_query.hpp"
#include "host.hpp"
#include "soap.hpp"

namespace lab {

// What goes into the reply: the content of s:Body, and of s:Header beside the addressing.
struct EventReply {
    std::string body;
    std::string header{};
};

class Subscriptions {
public:
    // Each throws Fault.
    [[nodiscard]] EventReply subscribe(Host& host, const Request& request);
    [[nodiscard]] EventReply pull(Host& host, const Request& request);
    [[nodiscard]] EventReply unsubscribe(const Request& request);
    [[nodiscard]] EventReply release(const Request& request);

private:
    using Positions = std::map<std::string, std::uint64_t>;
    struct Open {
        std::string id;  // what Unsubscribe names
        std::vector<EventSelect> selects;
        Positions done;      // the last record that was looked at, by channel
        Positions bookmark;  // the last record that was sent
        bool send_bookmarks = false;
        bool rendered = false;
        bool cdata = false;
    };

    [[nodiscard]] Open take(const std::string& context);
    void keep(const std::string& context, Open open);

    std::mutex lock_;
    std::map<std::string, Open> open_;  // by enumeration context
};

}  // namespace lab
