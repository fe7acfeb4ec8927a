// See event_query.hpp.
#include "providers/wmi/events/event_query.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>

#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

constexpr std::size_t most_channels = 32, most_providers = 8, most_ids = 256, most_name = 256;
// The service takes about twenty comparisons in one Select and calls the query invalid beyond that (WMI-82), so many
// ids become several Selects; their results are one.
constexpr std::size_t comparisons = 20;
constexpr std::size_t time_comparisons = 2;

std::string stamp(std::int64_t seconds) {
    std::string out = show_time(seconds);  // 2026-11-22T04:10:00Z
    out.insert(out.size() - 1, ".000");
    return out;
}

// XPath 1.0 has no escapes: a literal stands in whichever quotes it does not hold.
std::string literal(std::string_view value) {
    const char quote = value.find('\'') == std::string_view::npos ? '\'' : '"';
    return fmt::format("{}{}{}", quote, value, quote);
}

std::string select(const EventQuery& query, std::span<const std::uint32_t> ids) {
    std::vector<std::string> terms, names, numbers, times;
    for (const std::string& provider : query.providers) names.push_back("@Name=" + literal(provider));
    for (const std::uint32_t id : ids) numbers.push_back(fmt::format("EventID={}", id));
    if (query.since) times.push_back(fmt::format("@SystemTime>='{}'", stamp(*query.since)));
    if (query.until) times.push_back(fmt::format("@SystemTime<'{}'", stamp(*query.until)));
    if (!names.empty()) terms.push_back(fmt::format("Provider[{}]", text::join(names, " or ")));
    if (!numbers.empty()) terms.push_back(fmt::format("({})", text::join(numbers, " or ")));
    if (!times.empty()) terms.push_back(fmt::format("TimeCreated[{}]", text::join(times, " and ")));
    return terms.empty() ? "*" : fmt::format("*[System[{}]]", text::join(terms, " and "));
}

auto wrong(std::string text) { return fail(Code::bad_input, "a question about events cannot be asked: " + text); }

}  // namespace

Result<void> check(const EventQuery& query) {
    if (query.channels.empty() || query.channels.size() > most_channels)
        return wrong(fmt::format("it must name 1 to {} channels", most_channels));
    if (query.providers.size() > most_providers || query.ids.size() > most_ids)
        return wrong(fmt::format("it names more than {} providers or {} ids", most_providers, most_ids));
    for (const auto* names : {&query.channels, &query.providers}) {
        for (const std::string& name : *names) {
            if (name.empty() || name.size() > most_name)
                return wrong("a channel or provider has no name, or a very long one");
            if (name.find('\'') != std::string::npos && name.find('"') != std::string::npos)
                return wrong("a name has both kinds of quotes");
        }
    }
    for (const std::uint32_t id : query.ids)
        if (id > 0xffff) return wrong(fmt::format("there is no event {}; ids have 16 bits", id));
    for (const auto& time : {query.since, query.until})
        if (time && (*time < 0 || *time > 253402300799)) return wrong("a time lies before 1970 or after 9999");
    if (query.since && query.until && *query.since >= *query.until)
        return wrong("its end does not lie after its start");
    if (query.batch == 0 || query.most == 0 || query.wait.count() < 1)
        return wrong("it asks for no events or gives no time");
    return {};
}

void write_query_list(xml::Writer& out, const EventQuery& query) {
    const std::size_t each = comparisons - time_comparisons - query.providers.size();
    out.open("QueryList").open("Query", {{"Id", "0"}});
    for (const std::string& channel : query.channels) {
        std::span<const std::uint32_t> ids(query.ids);
        do {
            const auto now = ids.first(std::min(each, ids.size()));
            out.leaf("Select", select(query, now), {{"Path", channel}});
            ids = ids.subspan(now.size());
        } while (!ids.empty());
    }
    out.close().close();
}

}  // namespace fairway::wmi
