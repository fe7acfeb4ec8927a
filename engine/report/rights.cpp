// See rights.hpp.
#include "engine/report/rights.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/address.hpp"

namespace fairway::report {
namespace {

// Changes of one kind of object, by what is known of the right to make them.
struct Tally {
    std::size_t all = 0;
    std::map<May, std::size_t> by_may;
    std::map<May, std::map<std::string, std::size_t>> by_words;
};

Tally tally(const Plan& plan, const Rights& rights, Kind kind) {
    Tally out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            if (change.address.kind() != kind) continue;
            const auto it = rights.find(change.address);
            const Right right = it == rights.end() ? Right{} : it->second;
            ++out.all;
            ++out.by_may[right.may];
            ++out.by_words[right.may][right.words];
        }
    return out;
}

std::string of(std::size_t part, std::size_t all, std::string_view noun) {
    return part == all ? count(all, noun) : fmt::format("{} of {}", part, count(all, noun));
}

std::string refused(const Rights& rights, Kind kind, const Style& style) {
    std::string out;
    for (const auto& [address, right] : rights)
        if (right.may == May::no && address.kind() == kind)
            out += "  " + style(Paint::bad, "✗") +
                   fmt::format(" {} {} {}: {}\n", name(kind), fairway::text::printable(address.object),
                               address.setting->name, fairway::text::printable(right.words));
    return out;
}

std::string text_of(const Tally& of_kind, const Rights& rights, Kind kind, const Style& style) {
    const std::string_view noun = row_of(kind).change;
    const auto number = [&](May may) {
        const auto it = of_kind.by_may.find(may);
        return it == of_kind.by_may.end() ? std::size_t{0} : it->second;
    };
    const std::size_t no = number(May::no), fine = number(May::yes) + number(May::by_default);
    std::string out;
    if (no > 0)
        out += style(Paint::bad, fmt::format("! The caller may not make {}; an apply by it is refused:",
                                             of(no, of_kind.all, noun))) +
               "\n" + refused(rights, kind, style);
    // That hosts in a file may be changed goes without saying; live ones never say.
    if (fine > 0 && row_of(kind).tells_rights) {
        out += fmt::format("The caller may make {}{}", fine == of_kind.all && fine > 1 ? "all " : "",
                           of(fine, of_kind.all, noun));
        const auto hung = of_kind.by_words.find(May::by_default);
        if (hung != of_kind.by_words.end())
            for (const auto& [words, times] : hung->second)
                out += fmt::format(" ({} of them {})", times, fairway::text::printable(words));
        out += ".\n";
    }
    const auto open = of_kind.by_words.find(May::unknown);
    if (open == of_kind.by_words.end()) return out;
    for (const auto& [words, times] : open->second)
        out += style(row_of(kind).tells_rights ? Paint::warn : Paint::dim,
                     fmt::format("? Whether the caller may make {} is not known: {}", of(times, of_kind.all, noun),
                                 fairway::text::printable(words))) +
               "\n";
    return out;
}

}  // namespace

std::string text(const Plan& plan, const Rights& rights, const Style& style) {
    std::string out;
    for (const Stage stage : {Stage::directory, Stage::host})  // in the order of writing
        for (const KindRow& row : all_kinds) {
            if (row.stage != stage) continue;
            const Tally of_kind = tally(plan, rights, row.kind);
            if (of_kind.all > 0) out += text_of(of_kind, rights, row.kind, style);
        }
    return out;
}

Json json(const Rights& rights) {
    std::vector<std::pair<Address, Json>> entries;
    for (const auto& [address, right] : rights)
        entries.emplace_back(address, Json{{"may", name(right.may)}, {"because", right.words}});
    return addresses_json(entries);
}

}  // namespace fairway::report
