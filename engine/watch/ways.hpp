// The ways to tell somebody, as rows: what `--tell` takes, and which form a message has on that way. How it is sent is
// elsewhere. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/watch/message.hpp"

namespace fairway::watch {

enum class WayKind { webhook, mail, command };

struct Way;
struct WayRow {
    WayKind kind;
    std::string_view name, argument;  // as --tell takes them
    Result<void> (*read)(std::string_view argument, Way& out);
    std::string (*body)(const News& news, const About& about, const Way& way);
};
std::span<const WayRow> way_table();

struct Url {
    bool tls = true;
    std::string host;  // a name or an IP address, without brackets
    std::uint16_t port = 443;
    std::string target;  // path and query
};

struct Way {
    const WayRow* row = nullptr;
    std::string key;                        // in the state; the same for the same words of --tell, and no address in it
    std::string shown;                      // for people; of an address that may be secret, the host alone
    Url url = {};                           // webhook
    std::string address = {};               // mail
    std::vector<std::string> command = {};  // command: a program by its path, and its arguments
};

// https, verified; http to this machine alone.
Result<Url> parse_url(std::string_view text);
// NAME=ARGUMENT of --tell. Code::bad_input.
Result<Way> parse_way(const std::string& text);

std::string body_of(const Way& way, const News& news, const About& about);

}  // namespace fairway::watch
