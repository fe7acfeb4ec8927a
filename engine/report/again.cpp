// See again.hpp.
#include "engine/report/again.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/value_json.hpp"
#include "engine/report/address.hpp"
#include "engine/report/changes.hpp"
#include "engine/report/layout.hpp"
#include "engine/report/plan.hpp"

namespace fairway::report {
namespace {

constexpr std::array all_became = {Became::same, Became::gone, Became::fresh, Became::other};

std::size_t how_many(const std::vector<Revised>& changes, Became became) {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(), [&](const Revised& one) { return one.became == became; }));
}

std::string comparison(const PlanFile& reviewed, const PlanFile& fresh, const std::vector<Revised>& changes,
                       const Style& style) {
    constexpr std::size_t most_named = 8;
    std::string out = fmt::format("Compared with the reviewed plan {}: ", reviewed.id());
    if (reviewed.digest() == fresh.digest()) return out + "it is the same, byte for byte.\n";
    out += fmt::format("{} the same, {} gone, {} new, {} other.", count(how_many(changes, Became::same), "change"),
                       how_many(changes, Became::gone), how_many(changes, Became::fresh),
                       how_many(changes, Became::other));
    const auto moved = std::count_if(changes.begin(), changes.end(), [](const Revised& one) { return one.other_wave; });
    if (moved > 0)
        out += fmt::format(" {} in another wave than before.", count(static_cast<std::size_t>(moved), "change"));
    const Unchanged hosts = unchanged(changes);
    if (!hosts.hosts.empty())
        out += fmt::format(" {} of {} need no second review: {}.", hosts.hosts.size(), count(hosts.of, "host"),
                           fairway::text::some(hosts.hosts, most_named, fairway::text::printable));
    return wrapped(out, style, "", 0);
}

std::string gone_text(const Revised& one, const Style& style) {
    const Change& change = *one.then;
    return wrapped(fmt::format("{} {} {}, was {}: {}", name(change.address.kind()),
                               fairway::text::printable(change.address.object), change.address.setting->name,
                               fairway::text::printable(transition(change)), one.because),
                   style, "    ", 6);
}

std::string other_text(const Revised& one, const Style& style) {
    return text(*one.now, style) +
           style(Paint::warn,
                 wrapped(fmt::format("was {}: {}", fairway::text::printable(transition(*one.then)), one.because), style,
                         "      ", 8));
}

// What is written: a list's values that come and go, everything else whole.
Json written_json(const Change& change) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (!before) return {{"before", to_json(change.before)}, {"after", to_json(change.after)}};
    const Key key = change.address.setting->key;
    return {{"add", to_json(Value(subtract(key, *after, *before)))},
            {"remove", to_json(Value(subtract(key, *before, *after)))}};
}

Json revised_json(const Revised& one) {
    Json more = {{"phase", name(one.phase)}};
    if (one.other_wave) more["other_wave"] = true;
    if (!one.because.empty()) more["because"] = one.because;
    if (one.became != Became::same && one.then) more["was"] = written_json(*one.then);
    if (one.became != Became::same && one.now) more["now"] = written_json(*one.now);
    return address_json(one.address(), more);
}

}  // namespace

std::string again_text(const PlanFile& reviewed, const PlanFile& fresh, const std::vector<Revised>& changes,
                       const Style& style, const Detail& detail) {
    std::string out = "\n" + comparison(reviewed, fresh, changes, style);
    for (const Became became : {Became::gone, Became::fresh, Became::other}) {
        if (how_many(changes, became) == 0) continue;
        out += "\n" + style(Paint::bold, name(became)) + "\n";
        for (const Revised& one : changes) {
            if (one.became != became) continue;
            if (became == Became::gone) out += gone_text(one, style);
            else out += became == Became::fresh ? text(*one.now, style) : other_text(one, style);
        }
    }
    if (detail.full) out += all_changes(*fresh, style, detail);
    return framed(fresh, style, detail, out);
}

Json again_json(const PlanFile& reviewed, const std::vector<Revised>& changes) {
    Json out = {{"plan_id", reviewed.id()}};
    for (const Became became : all_became) {
        Json& list = out[name(became)] = Json::array();
        for (const Revised& one : changes)
            if (one.became == became) list.push_back(revised_json(one));
    }
    out["unchanged_hosts"] = unchanged(changes).hosts;
    return out;
}

}  // namespace fairway::report
