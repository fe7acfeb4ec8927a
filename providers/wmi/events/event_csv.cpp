// See event_file.hpp. What PowerShell's Export-Csv writes of Get-WinEvent (RFC 4180): a table whose parameters are type names, so
// that only the message tells what happened, and whose times are of the reader's zone and country.
#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "engine/base/text.hpp"
#include "providers/wmi/events/event_file.hpp"

namespace fairway::wmi {
namespace {

using Record = std::vector<std::string>;

// The record that begins at `at`, which then stands behind it. `whole`: it does not end within quotes.
Record next_record(std::string_view text, std::size_t& at, char separator, bool& whole) {
    Record out(1);
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c != '"') out.back() += c;
            else if (at + 1 < text.size() && text[at + 1] == '"') out.back() += text[++at];
            else quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == separator) {
            out.emplace_back();
        } else if (c == '\n') {
            ++at;
            break;
        } else if (c != '\r') {
            out.back() += c;
        }
    }
    whole = !quoted;
    return out;
}

// "11/28/2026 03:30:00 AM", "28.11.2026 03:30:00", "2026-11-28 03:30:00": the numbers in their order, and whether it is afternoon.
// Which of two numbers is the month is known by AM and PM, by the point, or because the other cannot be one.
std::optional<std::int64_t> local_time(std::string_view text) {
    std::array<int, 6> parts{};
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size() && count < parts.size();) {
        const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), text::is_digit) - text.begin();
        if (static_cast<std::size_t>(end) == at) {
            ++at;
            continue;
        }
        const auto number = text::number<int>(text.substr(at, static_cast<std::size_t>(end) - at));
        if (!number) return std::nullopt;
        parts[count++] = *number;
        at = static_cast<std::size_t>(end);
    }
    if (count < 5) return std::nullopt;
    const bool am = text.find("AM") != std::string_view::npos, pm = text.find("PM") != std::string_view::npos;
    int year = parts[2], month = parts[0], day = parts[1], hour = parts[3];
    if (parts[0] > 31) year = parts[0], month = parts[1], day = parts[2];
    else if (!am && !pm && (text.find('.') != std::string_view::npos || parts[0] > 12)) std::swap(month, day);
    if (am || pm) hour = hour % 12 + (pm ? 12 : 0);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1970 || year > 9999 || !date.ok() || hour > 23 || parts[4] > 59 || parts[5] > 60) return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return ((days * 24 + hour) * 60LL + parts[4]) * 60 + parts[5];
}

std::string cell(const Record& record, const std::map<std::string, std::size_t, std::less<>>& columns, std::string_view name) {
    const auto it = columns.find(name);
    return it == columns.end() || it->second >= record.size() ? std::string() : record[it->second];
}

}  // namespace

EventFile read_event_csv(std::string_view text) {
    EventFile out;
    out.without_parameters = true;
    if (text.starts_with('#')) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const std::string_view heading = text.substr(0, text.find('\n'));
    const auto count = [&](char c) { return std::count(heading.begin(), heading.end(), c); };
    const char separator = count(';') > count(',') ? ';' : ',';
    std::size_t at = 0;
    bool whole = true;
    std::map<std::string, std::size_t, std::less<>> columns;
    for (std::string& name : next_record(text, at, separator, whole)) columns.emplace(std::move(name), columns.size());
    if (!columns.contains("Id") || !columns.contains("ProviderName")) return {};
    while (at < text.size() && out.events.size() < most_events) {
        const Record record = next_record(text, at, separator, whole);
        if (!whole || record.size() < columns.size()) {
            if (!whole || at >= text.size()) out.cut = true;
            else if (out.unreadable++ == 0) out.why = "a line of it has fewer columns than its heading";
            continue;
        }
        const auto id = text::number<std::uint32_t>(cell(record, columns, "Id"));
        if (!id) {
            if (out.unreadable++ == 0) out.why = "a line of it has no number as Id";
            continue;
        }
        Event event;
        event.id = *id;
        event.message = cell(record, columns, "Message");
        event.provider = cell(record, columns, "ProviderName");
        event.channel = cell(record, columns, "LogName");
        event.computer = cell(record, columns, "MachineName");
        event.level = text::number<std::uint32_t>(cell(record, columns, "Level")).value_or(0);
        event.record = text::number<std::uint64_t>(cell(record, columns, "RecordId")).value_or(0);
        event.time = cell(record, columns, "TimeCreated");
        event.zoneless = true;
        event.time_us = local_time(event.time).value_or(0) * 1'000'000;
        out.events.push_back(std::move(event));
    }
    return out;
}

}  // namespace fairway::wmi
