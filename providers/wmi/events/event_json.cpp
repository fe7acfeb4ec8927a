// See event_file.hpp. What PowerShell's ConvertTo-Json writes of Get-WinEvent: one object, or a list of them. Each is parsed by
// itself, so that a file that was cut still tells what it has.
#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/events/event_file.hpp"
#include "providers/wmi/wsman/cim_datetime.hpp"

namespace fairway::wmi {
namespace {

constexpr std::size_t most_parameters = 1000;
// What stands in place of a parameter where the depth was too small.
constexpr std::string_view type_name = "System.Diagnostics.Eventing.Reader.EventProperty";

// Where the object that begins at `from` ends, behind its brace; npos: it does not.
std::size_t end_of_object(std::string_view text, std::size_t from) {
    std::size_t depth = 0;
    bool in_text = false;
    for (std::size_t at = from; at < text.size(); ++at) {
        const char c = text[at];
        if (in_text) {
            if (c == '\\') ++at;
            else if (c == '"') in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

std::string text_of(const Json& json, const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::uint64_t number_of(const Json& json, const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
}

// Windows PowerShell: "/Date(1595374458918)/", milliseconds since 1970 in UTC. PowerShell 7: ISO 8601.
bool take_time(const std::string& text, Event& out) {
    constexpr std::string_view begin = "/Date(", end = ")/";
    out.time = text;
    if (text.starts_with(begin) && text.ends_with(end)) {
        const std::string_view digits = std::string_view(text).substr(begin.size(), text.size() - begin.size() - end.size());
        const auto ms = text::number<std::int64_t>(digits.substr(0, digits.find_first_of("+-", 1)));
        constexpr std::int64_t furthest = 253'402'300'799'000;  // the end of the year 9999
        if (!ms || *ms > furthest || *ms < -furthest) return false;
        out.time_us = *ms * 1000;
        return true;
    }
    const auto time = cim::parse_datetime(text);
    if (time && !time->interval) out.time_us = time->us;
    else out.zoneless = true;
    return true;
}

std::string shown(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() || value.is_boolean() ? print_json(value, -1) : std::string();
}

// {"Value": …}, or a value that ConvertTo-Json flattened.
void take_parameters(const Json& json, Event& out, EventFile& file) {
    const auto list = json.find("Properties");
    if (list == json.end() || !list->is_array()) return;
    for (const Json& one : *list) {
        if (out.data.size() >= most_parameters) return;
        const Json* value = &one;
        if (one.is_object()) {
            const auto it = one.find("Value");
            if (it == one.end()) continue;
            value = &*it;
        }
        if (value->is_string() && value->get_ref<const std::string&>().starts_with(type_name)) {
            file.without_parameters = true;
            return;
        }
        out.data.push_back({{}, shown(*value)});
    }
}

bool take_event(std::string_view text, EventFile& file) {
    const auto json = parse_json(text, {.bytes = 4u << 20, .depth = 16});
    if (!json || !json->is_object()) return false;
    Event out;
    out.provider = text_of(*json, "ProviderName");
    out.channel = text_of(*json, "LogName");
    out.computer = text_of(*json, "MachineName");
    out.message = text_of(*json, "Message");
    out.id = static_cast<std::uint32_t>(number_of(*json, "Id"));
    out.level = static_cast<std::uint32_t>(number_of(*json, "Level"));
    out.record = number_of(*json, "RecordId");
    if (out.provider.empty() || json->find("Id") == json->end()) return false;
    if (!take_time(text_of(*json, "TimeCreated"), out)) return false;
    take_parameters(*json, out, file);
    file.events.push_back(std::move(out));
    return true;
}

}  // namespace

EventFile read_event_json(std::string_view text) {
    EventFile out;
    for (auto at = text.find('{'); at != std::string_view::npos && out.events.size() < most_events;) {
        const auto end = end_of_object(text, at);
        if (end == std::string_view::npos) {
            out.cut = true;
            break;
        }
        if (!take_event(text.substr(at, end - at), out) && out.unreadable++ == 0)
            out.why = "an entry of it is no event as ConvertTo-Json writes them: Id, ProviderName and TimeCreated are missing";
        at = text.find('{', end);
    }
    return out;
}

}  // namespace fairway::wmi
