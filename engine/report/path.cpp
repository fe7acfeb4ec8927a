// See path.hpp.
#include "engine/report/path.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/report/address.hpp"
#include "engine/run/stale.hpp"

namespace fairway::report {
namespace {

Paint paint_of(PathState state) {
    return state == PathState::open ? Paint::good : state == PathState::closed ? Paint::bad : Paint::warn;
}

std::string_view mark(PathState state) {
    return state == PathState::open ? "✓" : state == PathState::closed ? "✗" : "?";
}

// What a condition that is unknown was judged by; why the rest could not be read is said once for all of them.
std::string told(const Condition& condition) {
    if (condition.unread.empty()) return condition.evidence;
    std::vector<std::string> missing;
    for (const Address& address : condition.unread)
        missing.push_back(fmt::format("{} of {}", address.setting->name, address.object));
    return fmt::format("{}{}not read: {}", condition.known, condition.known.empty() ? "" : "; ",
                       fairway::text::join(missing, ", "));
}

std::vector<std::pair<Address, std::string>> causes(const Path& path) {
    std::vector<std::pair<Address, std::string>> out;
    for (const auto& [address, why] : path.unread) {
        const bool known = std::any_of(out.begin(), out.end(), [&, &where = address, &words = why](const auto& one) {
            return one.first.object == where.object && one.first.kind() == where.kind() && one.second == words;
        });
        if (!known) out.emplace_back(address, why);
    }
    return out;
}

std::string start_words(const Path& path, const StartPoint& start) {
    return start.name == "here" ? "started from here" : "signed on at " + path.from;
}

Json start_list(const std::vector<StartPoint>& starts) {
    Json out = Json::array();
    for (const StartPoint& start : starts)
        out.push_back({{"start", start.name}, {"state", name(start.state)}, {"because", start.why}});
    return out;
}

std::string whose(const Address& address) { return fmt::format("{} {}", row_of(address.kind()).whose, address.object); }

}  // namespace

std::string text(const Path& path, const Style& style) {
    std::string out = fmt::format("{} → {}: {}\n", path.from, path.to, style(paint_of(path.state), name(path.state)));
    for (const Condition& condition : path.conditions) {
        out += fmt::format("  {} {}  {}\n", style(paint_of(condition.state), mark(condition.state)),
                           style.pad(std::string(condition.name), 19), fairway::text::printable(told(condition)));
        if (condition.fix.setting) out += fmt::format("{}fix: {}\n", std::string(25, ' '), in_words(condition.fix));
    }
    for (const StartPoint& start : path.starts)
        out += fmt::format("  {}: {}, {}\n", start_words(path, start), style(paint_of(start.state), name(start.state)),
                           fairway::text::printable(start.why));
    for (const auto& [address, why] : causes(path))
        out += style(Paint::warn,
                     fmt::format("  {} could not be read: {}", whose(address), fairway::text::printable(why))) +
               "\n";
    return out + "  not looked at: whether port 6600 is filtered; a trial move shows it (`verify` makes one)\n";
}

std::string starts_text(const Path& path, const Style& style) {
    std::string out;
    if (path.starts[0].state == path.starts[1].state) return out;
    for (const StartPoint& start : path.starts)
        out += fmt::format("{} → {} {}: {}, {}\n", path.from, path.to, start_words(path, start),
                           style(paint_of(start.state), name(start.state)), fairway::text::printable(start.why));
    return out;
}

Json starts_json(const Path& path) {
    return {{"from", path.from}, {"to", path.to}, {"starts", start_list(path.starts)}};
}

Json json(const Path& path) {
    Json out = {{"from", path.from}, {"to", path.to}, {"state", name(path.state)}, {"conditions", Json::array()}};
    for (const Condition& condition : path.conditions) {
        Json one = {{"name", condition.name}, {"state", name(condition.state)}, {"evidence", condition.evidence}};
        if (condition.fix.setting)
            one["fix"] = {{"object", condition.fix.object}, {"setting", condition.fix.setting->name}};
        out["conditions"].push_back(std::move(one));
    }
    out["unread"] = Json::array();
    out["starts"] = start_list(path.starts);
    for (const auto& [address, why] : path.unread) out["unread"].push_back(address_json(address, {{"because", why}}));
    return out;
}

}  // namespace fairway::report
