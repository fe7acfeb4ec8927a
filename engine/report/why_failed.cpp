// See why_failed.hpp.
#include "engine/report/why_failed.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/diagnosis/codes.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t most_events_shown = 3;

std::vector<std::string> shown_codes(const LogEvent& event) {
    std::vector<std::string> out;
    for (const std::uint32_t code : codes_of(event)) out.push_back(show_code(code));
    return out;
}

std::string fix_of(const Condition& condition) {
    if (!condition.fix.setting) return {};
    return fmt::format("{} of {}", condition.fix.setting->name, condition.fix.object);
}

}  // namespace

std::string text(const WhyFailed& why, const std::vector<std::string>& unread, const Style& style) {
    std::string out;
    const auto line = [&](std::string_view label, const std::string& what) {
        out += fmt::format("    {} {}\n", style.pad(std::string(label), 10), fairway::text::printable(what));
    };
    for (const Condition& one : why.closed) {
        const std::string fix = fix_of(one);
        line("closed", fmt::format("{}: {}{}", one.name, one.evidence, fix.empty() ? "" : "; fix: " + fix));
    }
    if (why.code) line("code", show_code(*why.code));
    if (!why.causes.empty())
        line("cause",
             fmt::format("{}: {}; {}", why.causes[0].row->id, why.causes[0].row->says, why.causes[0].row->fix));
    for (std::size_t i = 0; i < why.events.size() && i < most_events_shown; ++i)
        line("event", fmt::format("{} {} at {} {}", why.events[i].computer, why.events[i].id, why.events[i].time,
                                  fairway::text::join(shown_codes(why.events[i]), ", ")));
    if (why.events.size() > most_events_shown)
        line("", fmt::format("and {} more", why.events.size() - most_events_shown));
    for (const std::string& one : unread) line("not read", "events of " + one);
    return out;
}

Json json(const WhyFailed& why, const std::vector<std::string>& unread) {
    Json out = {{"conditions", Json::array()},
                {"code", why.code ? Json(show_code(*why.code)) : Json(nullptr)},
                {"cause", nullptr},
                {"events", Json::array()},
                {"events_unread", unread}};
    for (const Condition& one : why.closed) {
        out["conditions"].push_back({{"name", one.name}, {"evidence", one.evidence}});
        if (one.fix.setting)
            out["conditions"].back()["fix"] = {{"object", one.fix.object}, {"setting", one.fix.setting->name}};
    }
    if (!why.causes.empty()) {
        const Cause& first = why.causes.front();
        out["cause"] = {
            {"id", first.row->id}, {"says", first.row->says}, {"fix", first.row->fix}, {"evidence", first.evidence}};
    }
    for (const LogEvent& event : why.events)
        out["events"].push_back({{"computer", event.computer},
                                 {"channel", event.channel},
                                 {"id", event.id},
                                 {"time", event.time},
                                 {"codes", shown_codes(event)}});
    return out;
}

}  // namespace fairway::report
