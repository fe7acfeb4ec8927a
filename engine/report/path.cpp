// See path.hpp.
#include "engine/report/path.hpp"

#include <fmt/format.h>

namespace fairway::report {
namespace {

std::string mend(const Address& address) {
    return fmt::format("{} {} {}", name(address.kind()), address.object, address.setting->name);
}

Paint paint_of(PathState state) {
    return state == PathState::open ? Paint::good : state == PathState::closed ? Paint::bad : Paint::warn;
}

std::string_view mark(PathState state) {
    return state == PathState::open ? "✓" : state == PathState::closed ? "✗" : "?";
}

}  // namespace

std::string text(const Path& path, const Style& style) {
    std::string out = fmt::format("{} → {}: {}\n", path.from, path.to, style(paint_of(path.state), name(path.state)));
    for (const Condition& condition : path.conditions) {
        out += fmt::format("  {} {}  {}\n", style(paint_of(condition.state), mark(condition.state)),
                           style.pad(std::string(condition.name), 19), fairway::text::printable(condition.evidence));
        if (condition.mend.setting) out += fmt::format("{}mend: {}\n", std::string(25, ' '), mend(condition.mend));
    }
    return out + "  not looked at: whether port 6600 is filtered; a trial move tells (`verify` makes one)\n";
}

Json json(const Path& path) {
    Json out = {{"from", path.from}, {"to", path.to}, {"state", name(path.state)}, {"conditions", Json::array()}};
    for (const Condition& condition : path.conditions) {
        Json one = {{"name", condition.name}, {"state", name(condition.state)}, {"evidence", condition.evidence}};
        if (condition.mend.setting)
            one["mend"] = {{"object", condition.mend.object}, {"setting", condition.mend.setting->name}};
        out["conditions"].push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway::report
