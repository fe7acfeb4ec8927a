// See event_file.hpp. What PowerShell's ConvertTo-Json writes of Get-WinEvent: one object, or a list of them. Each is
// parsed by itself, so that a file that was cut still tells what it has.
#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/events/event_clock.hpp"
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

// Windows PowerShell: "/Date(1595374458918)/", milliseconds since 1970 in UTC, or {"value": that, "DateTime": …}.
// PowerShell 7: ISO 8601.
bool take_time(const Json& written, LogEvent& out) {
    const std::string text = written.is_object()   ? text_of(written, "value")
                             : written.is_string() ? written.get<std::string>()
                                                   : "";
    constexpr std::string_view begin = "/Date(", end = ")/";
    out.time = text;
    if (text.starts_with(begin) && text.ends_with(end)) {
        const std::string_view digits =
            std::string_view(text).substr(begin.size(), text.size() - begin.size() - end.size());
        const auto ms = text::number<std::int64_t>(digits.substr(0, digits.find_first_of("+-", 1)));
        constexpr std::int64_t furthest = 253'402'300'799'000;  // the end of the year 9999
        if (!ms || *ms > furthest || *ms < -furthest) return false;
        out.time_us = *ms * 1000;
        return true;
    }
    const auto time = cim::parse_datetime(text);
    out.zoneless = !time || time->interval;
    if (!out.zoneless) out.time_us = time->us;
    return !text.empty();
}

std::string shown(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() || value.is_boolean() ? print_json(value, -1) : std::string();
}

// {"Value": …}, or a value that ConvertTo-Json flattened.
void take_parameters(const Json& json, LogEvent& out, EventFile& file) {
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

Result<LogEvent> read_object(std::string_view text, EventFile& file) {
    const auto json = parse_json(text, {.bytes = 4u << 20, .depth = 16});
    if (!json) return tl::unexpected(json.error());
    LogEvent out;
    out.provider = text_of(*json, "ProviderName");
    out.channel = text_of(*json, "LogName");
    out.computer = text_of(*json, "MachineName");
    out.message = text_of(*json, "Message");
    out.id = static_cast<std::uint32_t>(number_of(*json, "Id"));
    out.level = static_cast<std::uint32_t>(number_of(*json, "Level"));
    out.record = number_of(*json, "RecordId");
    if (out.provider.empty() || !json->contains("Id") || !take_time(json->value("TimeCreated", Json()), out))
        return fail(
            Code::bad_input,
            "an entry of it is no event as ConvertTo-Json writes them: Id, ProviderName or TimeCreated is missing");
    take_parameters(*json, out, file);
    return out;
}

// Windows PowerShell puts some lists into an object of their own: {"value": [ … ], "Count": 2}.
std::string_view within_value(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n", key = "\"value\"";
    const auto skip = [&](std::size_t from) { return std::min(text.find_first_not_of(blanks, from), text.size()); };
    const auto name = skip(1);
    if (!text.starts_with('{') || !text.substr(name).starts_with(key)) return text;
    const auto colon = skip(name + key.size());
    const auto list = skip(std::min(colon + 1, text.size()));
    return text.substr(colon).starts_with(':') && text.substr(list).starts_with('[') ? text.substr(list) : text;
}

}  // namespace

EventFile read_event_json(std::string_view text) {
    EventFile out;
    text = within_value(text);
    for (auto at = text.find('{'); at != std::string_view::npos && out.events.size() < most_events;) {
        const auto end = end_of_object(text, at);
        if (end == std::string_view::npos) {
            out.cut = true;
            break;
        }
        if (auto event = read_object(text.substr(at, end - at), out)) {
            out.events.push_back(std::move(*event));
        } else if (out.unreadable++ == 0) {
            out.why = event.error().text;
        }
        at = text.find('{', end);
    }
    read_local_times(out.events);
    return out;
}

}  // namespace fairway::wmi
