// See rehearsal.hpp.
#include "engine/report/rehearsal.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/address.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t others_named = 10;

std::string other_lines(const Rehearsed& rehearsed, const Style& style) {
    std::string out;
    for (std::size_t i = 0; i < rehearsed.others.size() && i < others_named; ++i)
        out += style(Paint::warn, "! " + fairway::text::printable(rehearsed.others[i])) + "\n";
    if (rehearsed.others.size() > others_named)
        out += fmt::format("and {} more; --output json and the plan file name all\n",
                           rehearsed.others.size() - others_named);
    return out;
}

std::string exact_words(const Rehearsed& rehearsed) {
    return fmt::format("{} of {} put back exactly", rehearsed.exact,
                       count(rehearsed.exact + rehearsed.others.size(), "change"));
}

std::string work_words(const Rehearsal::Work& work) {
    return fmt::format("{} and {}", count(work.readings, "reading"), count(work.writes, "write"));
}

Json work_json(const Rehearsal::Work& work, std::int64_t ms) {
    return {{"readings", work.readings}, {"writes", work.writes}, {"ms", ms}};
}

std::string paths_words(const Plan& back) {
    std::int64_t closes = 0;
    for (const Phase& phase : back.phases) closes += phase.closes;
    const PathCount& last = back.phases.empty() ? back.paths : back.phases.back().paths;
    return fmt::format("Paths open on the way back: {} before, {} after it; its steps close up to {}.", back.paths.open,
                       last.open, count(static_cast<std::size_t>(closes), "open path"));
}

}  // namespace

std::string text(const Rehearsal& rehearsal, const PlanFile& plan, const Estimate& time, const Style& style) {
    const Rehearsed all = outcome(rehearsal);
    std::string out =
        wrapped(fmt::format("Plan {} was applied and rolled back in memory, on what was read now. Nothing "
                            "was written.",
                            plan.id()),
                style, "", 0);
    out += exact_words(all) + ".\n" + other_lines(all, style);
    out +=
        wrapped(fmt::format("Asked of hosts and accounts: {} to apply it, {} to roll it back; each is one request or "
                            "more.",
                            work_words(rehearsal.there), work_words(rehearsal.back)),
                style, "", 0);
    out += time_text(time, {}, style);
    return out + wrapped(paths_words(rehearsal.way_back), style, "", 0);
}

Json json(const Rehearsal& rehearsal, const Estimate& time) {
    Json changes = Json::array();
    for (const Rehearsal::Part& part : rehearsal.parts)
        changes.push_back(
            address_json(part.change->address, {{"put_back", name(part.how)}, {"because", part.because}}));
    return {{"exact", rehearsal.exact()},
            {"changes", std::move(changes)},
            {"apply", work_json(rehearsal.there, time.phase_ms)},
            {"rollback", work_json(rehearsal.back, time.undo_ms)},
            {"assumed", time.assumed}};
}

std::string rehearsed_text(const Plan& plan, const Style& style) {
    if (!plan.rehearsed) return {};
    return fmt::format("Rehearsed: {}\n", exact_words(*plan.rehearsed)) + other_lines(*plan.rehearsed, style);
}

}  // namespace fairway::report
