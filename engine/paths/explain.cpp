// See explain.hpp.
#include "engine/paths/explain.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway {
namespace {

// Why a condition is unknown: the first error among what it rests on; empty: everything was read. What nobody asked for
// comes last, because another value decides whether it matters.
std::string first_error(const ConditionRow& row, const End& from, const End& to, const Snapshot& snapshot) {
    std::string not_asked;
    for (const Setting* rests : row.rests_on)
        for (const End* end : {&from, &to}) {
            const Address address{end->host->name, rests};
            const Reading& reading = snapshot.at(address);
            if (reading && *reading) continue;
            std::string why = reading ? fmt::format("{} has no {}", end->host->name, rests->name)
                                      : fmt::format("{} of {}: {}", rests->name, end->host->name, reading.error().text);
            if (snapshot.readings.contains(address)) return why;
            if (not_asked.empty()) not_asked = std::move(why);
        }
    return not_asked;
}

std::string in_words(const Setting& setting, const Value& value) {
    if (const bool* on = std::get_if<bool>(&value)) return std::string(setting.words[*on ? 1 : 0]);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* word = std::get_if<std::string>(&value)) return *word;
    const Set& set = *as_set(value);
    return set.size() == 1 ? std::string(*set.begin()) : fmt::format("{} values", set.size());
}

// What a condition that is unknown rests on and was read. Where only the source's authentication is missing, what the
// directory says is said as it would count with Kerberos.
std::string what_is_known(const ConditionRow& row, const End& from, const End& to, const Snapshot& snapshot) {
    const bool asks_for_kerberos =
        row.rests_on.size() > 1 && !from.authentication &&
        std::find(row.rests_on.begin(), row.rests_on.end(), &setting::migration_authentication) != row.rests_on.end();
    if (asks_for_kerberos) {
        End with_kerberos = from;
        with_kerberos.authentication = setting::kerberos;
        if (const PathState then = row.state(with_kerberos, to); then != PathState::unknown)
            return fmt::format("if {} uses kerberos, {}: {}", from.host->name, name(then),
                               row.evidence(with_kerberos, to));
    }
    std::vector<std::string> parts;
    for (const Setting* rests : row.rests_on)
        for (const End* end : {&from, &to})
            if (const Reading& reading = snapshot.at({end->host->name, rests}); reading && *reading)
                parts.push_back(
                    fmt::format("{} of {} is {}", rests->name, end->host->name, in_words(*rests, **reading)));
    return text::join(parts, ", ");
}

void tell_unknown(Condition& condition, const ConditionRow& row, const End& from, const End& to,
                  const Snapshot& snapshot) {
    condition.evidence = first_error(row, from, to, snapshot);
    for (const Setting* rests : row.rests_on)
        for (const End* end : {&from, &to})
            if (const auto it = snapshot.readings.find({end->host->name, rests});
                it != snapshot.readings.end() && !it->second)
                condition.unread.push_back(it->first);
    if (condition.unread.empty()) return;
    condition.known = what_is_known(row, from, to, snapshot);
    if (!condition.known.empty()) condition.evidence = condition.known + "; " + condition.evidence;
}

}  // namespace

Path explain(const End& from, const End& to, const Snapshot& snapshot) {
    Path path{.from = from.host->name, .to = to.host->name, .state = state(from, to), .conditions = {}, .unread = {}};
    for (const ConditionRow& row : conditions()) {
        Condition condition{.name = row.name, .state = row.state(from, to), .evidence = {}, .fix = {}};
        if (condition.state == PathState::unknown) tell_unknown(condition, row, from, to, snapshot);
        if (condition.evidence.empty()) condition.evidence = row.evidence(from, to);
        if (condition.state == PathState::closed) condition.fix = row.fix(from, to);
        for (const Address& address : condition.unread)
            if (std::find_if(path.unread.begin(), path.unread.end(),
                             [&](const auto& one) { return one.first == address; }) == path.unread.end())
                path.unread.emplace_back(address, snapshot.at(address).error().text);
        path.conditions.push_back(std::move(condition));
    }
    path.starts = start_points(from, to);
    return path;
}

}  // namespace fairway
