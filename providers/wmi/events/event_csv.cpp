// See event_file.hpp. What PowerShell's Export-Csv writes of Get-WinEvent (RFC 4180): a table whose parameters are type
// names, so that only the message tells what happened, and whose times are of the reader's zone and country.
#include <algorithm>
#include <map>

#include "engine/base/text.hpp"
#include "providers/wmi/events/event_clock.hpp"
#include "providers/wmi/events/event_file.hpp"
#include "providers/wmi/wsman/cim_datetime.hpp"

namespace fairway::wmi {
namespace {

using Record = std::vector<std::string>;
using Columns = std::map<std::string, std::size_t, std::less<>>;

constexpr std::size_t most_cells = 256;  // of a line; Get-WinEvent has 27

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
        } else if (c == '"' && out.back().empty()) {
            quoted = true;
        } else if (c == separator && out.size() < most_cells) {
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

std::string cell(const Record& record, const Columns& columns, std::string_view name) {
    const auto it = columns.find(name);
    return it == columns.end() || it->second >= record.size() ? std::string() : record[it->second];
}

Result<LogEvent> read_line(const Record& record, const Columns& columns) {
    if (record.size() < columns.size()) return fail(Code::bad_input, "a line of it has fewer columns than its heading");
    const auto id = text::number<std::uint32_t>(cell(record, columns, "Id"));
    if (!id) return fail(Code::bad_input, "a line of it has no number as Id");
    LogEvent out;
    out.id = *id;
    out.message = cell(record, columns, "Message");
    out.provider = cell(record, columns, "ProviderName");
    out.channel = cell(record, columns, "LogName");
    out.computer = cell(record, columns, "MachineName");
    out.level = text::number<std::uint32_t>(cell(record, columns, "Level")).value_or(0);
    out.record = text::number<std::uint64_t>(cell(record, columns, "RecordId")).value_or(0);
    out.time = cell(record, columns, "TimeCreated");
    const auto time = cim::parse_datetime(out.time);
    out.zoneless = !time || time->interval;
    if (!out.zoneless) out.time_us = time->us;
    return out;
}

// Which column is where; what stands between them is the one of the usual characters that the heading has most of.
Columns read_heading(std::string_view line, char& separator) {
    const auto fewer = [&](char a, char b) {
        return std::count(line.begin(), line.end(), a) < std::count(line.begin(), line.end(), b);
    };
    separator = std::max({',', ';', '\t'}, fewer);
    std::size_t at = 0;
    bool whole = true;
    Columns out;
    for (std::string& name : next_record(line, at, separator, whole)) out.emplace(std::move(name), out.size());
    return out;
}

std::string_view without_line(std::string_view text) {
    return text.substr(std::min(text.find('\n'), text.size() - 1) + 1);
}

}  // namespace

EventFile read_event_csv(std::string_view text) {
    EventFile out;
    out.without_parameters = true;
    if (text.starts_with('#') || text.starts_with("sep=")) text = without_line(text);  // the type, or a hint for Excel
    char separator = ',';
    const Columns columns = read_heading(text.substr(0, text.find('\n')), separator);
    if (!columns.contains("Id") || !columns.contains("TimeCreated")) return {};
    if (!columns.contains("ProviderName")) {
        out.unreadable = 1;
        out.why = "its heading has no column ProviderName; export it too, or all columns";
        return out;
    }
    bool whole = true;
    for (std::size_t at = std::min(text.find('\n'), text.size() - 1) + 1;
         at < text.size() && out.events.size() < most_events;) {
        const Record record = next_record(text, at, separator, whole);
        if (whole && record.size() == 1 && record[0].empty()) continue;
        auto event = read_line(record, columns);
        if (!whole || (at >= text.size() && record.size() < columns.size())) {
            out.cut = true;
        } else if (event) {
            out.events.push_back(std::move(*event));
        } else if (out.unreadable++ == 0) {
            out.why = event.error().text;
        }
    }
    read_local_times(out.events);
    return out;
}

}  // namespace fairway::wmi
