// See start_points.hpp.
#include "engine/paths/start_points.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway {
namespace {

constexpr std::string_view only_for_remote = "protocol transition";

// What is left of the conditions if protocol transition does not count, or does.
StartPoint judged(std::string_view name, const End& from, const End& to, bool remote) {
    std::vector<std::string> closed, unknown;
    for (const ConditionRow& row : conditions()) {
        if (!remote && row.name == only_for_remote) continue;
        const PathState state = row.state(from, to);
        if (state == PathState::closed) closed.emplace_back(row.name);
        if (state == PathState::unknown) unknown.emplace_back(row.name);
    }
    if (!closed.empty()) return {name, PathState::closed, "because of " + text::join(closed, ", ")};
    if (!unknown.empty()) return {name, PathState::unknown, "not known: " + text::join(unknown, ", ")};
    return {name, PathState::open, "every condition holds"};
}

StartPoint from_here(const End& from, const End& to) {
    if (from.authentication == setting::credssp)
        return {"here", PathState::closed,
                fmt::format("{} uses credssp, and a network logon from here brings it no credentials to pass on",
                            from.host->name)};
    return judged("here", from, to, true);
}

StartPoint at_source(const End& from, const End& to) {
    StartPoint out = judged("source", from, to, false);
    if (out.state != PathState::open) return out;
    if (from.authentication == setting::credssp)
        out.why = fmt::format("{} uses credssp, which passes on the credentials of whoever is signed on there",
                              from.host->name);
    else if (from.transition == false)
        out.why = "protocol transition is not needed there (reported by users, not documented)";
    return out;
}

}  // namespace

std::vector<StartPoint> start_points(const End& from, const End& to) {
    return {from_here(from, to), at_source(from, to)};
}

}  // namespace fairway
