// What is asked of a host on first contact, and what was heard? Only questions, each by the messages that the rest of
// the program sends, and some that it does not send, to see what a host makes of them. Whoever judges gets the texts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/recording.hpp"
#include "engine/model/inventory.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/transport/line.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {

// Beside what of a class there is, which is asked for as the rest of the program does.
enum class Special {
    setting_again,     // on another connection
    no_class,          // a class that no host has
    no_namespace,      // a namespace that no host has
    columns,           // a query that names columns, against the alphabet
    either,            // a query with LIKE and OR
    mandatory_locale,  // a Locale that must be understood
    one_by_one,        // an enumeration that says nothing of how many
    released,          // that enumeration is released, and then asked for more
    with_references,
    by_reference,    // the first of these objects, by the reference beside it
    method,          // a method that only reads, of what every host has
    method_in_vain,  // the same of what no host has
    memory,          // of two VMs
    listening,       // on which ports
    ping,            // of the host's domain
    resolver_cache,  // what is known of it then
    ping_of_nobody,  // a name that does not exist
    events,
    many_events,  // a query that takes several Selects
    no_channel,
    in_the_clear,  // not sealed, on a connection of its own
    stranger,      // a request without a sign-on
    long_head      // the same with 17 KB of headers
};
using Question = std::variant<Source, Special>;

struct Heard {
    std::string request;
    Result<std::string> answer;
    unsigned status = 0;               // of HTTP; 0: no answer
    std::optional<std::int64_t> date;  // of HTTP; see Steps
    std::size_t number = 0;            // in the record
};

struct Evidence {
    std::string host;                              // its NetBIOS name
    std::uint16_t port = 0;                        // that it is spoken to on
    Steps steps;                                   // of the connection
    std::string note_of_sign_on, note_of_message;  // as they are recorded
    std::map<Question, std::vector<Heard>> heard;

    // The answer to the nth exchange of a question; faults are answers. Error: there is none, or it was not asked.
    Result<soap::Reply> reply(Question question, std::size_t nth = 0) const;
    // The same, and a fault is an Error.
    Result<soap::Reply> success(Question question, std::size_t nth = 0) const;
    // All objects that a question brought.
    Result<Instances> instances(Question question) const;
};

// Where connections come from.
struct Lines {
    Loop& loop;
    std::function<Result<std::unique_ptr<Line>>(const Host& host)> open;
};

// Asks everything over `line`, which is open, and over connections of its own.
Evidence ask_everything(const Lines& lines, Line& line, const Host& host, const Recording& record);

}  // namespace fairway::wmi
