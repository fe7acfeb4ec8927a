// See blackout.hpp.
#include "engine/diagnosis/blackout.hpp"

#include <algorithm>
#include <cstdlib>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

constexpr std::uint32_t done = 20415, done_after_long = 20417;
constexpr std::int64_t whole_s = 1;  // clocks are read in whole seconds
constexpr std::size_t place_of_id = 1, place_of_seconds = 2;

// "0.5", and "0,5" where the host's language writes it so; an hour at most.
std::optional<std::chrono::milliseconds> seconds_in(std::string_view value) {
    const std::size_t point = value.find_first_of(".,");
    const auto whole = text::number<std::int64_t>(value.substr(0, point));
    if (!whole || *whole < 0 || *whole > 3600) return std::nullopt;
    std::int64_t out = *whole * 1000;
    if (point == value.npos) return std::chrono::milliseconds(out);
    std::string digits(value.substr(point + 1, 3));
    digits.resize(3, '0');
    const auto part = text::number<std::int64_t>(digits);
    if (!part || *part < 0) return std::nullopt;
    return std::chrono::milliseconds(out + *part);
}

std::optional<std::chrono::milliseconds> take(std::vector<Blackout>& logged, const DoneMove& move) {
    auto best = logged.end();
    const auto off = [&](const Blackout& one) { return std::abs(one.time_us / 1'000'000 - move.ended); };
    for (auto it = logged.begin(); it != logged.end(); ++it) {
        const std::int64_t at = it->time_us / 1'000'000;
        const bool of_move =
            text::same_folded(it->vm, move.vm) && at >= move.began - whole_s && at <= move.ended + whole_s;
        if (of_move && (best == logged.end() || off(*it) < off(*best))) best = it;
    }
    if (best == logged.end()) return std::nullopt;
    const std::chrono::milliseconds out = best->length;
    logged.erase(best);
    return out;
}

}  // namespace

std::vector<Blackout> blackouts(std::span<const LogEvent> events) {
    std::vector<Blackout> out;
    for (const LogEvent& event : events) {
        const bool says = event.id == done || event.id == done_after_long;
        if (!says || event.provider != "Microsoft-Windows-Hyper-V-VMMS" || event.data.size() <= place_of_seconds)
            continue;
        if (const auto length = seconds_in(event.data[place_of_seconds].value))
            out.push_back({event.data[place_of_id].value, event.time_us, *length});
    }
    return out;
}

std::vector<std::optional<std::chrono::milliseconds>> lengths_of(std::span<const DoneMove> moves,
                                                                 LoggedBlackouts logged) {
    std::vector<std::optional<std::chrono::milliseconds>> out(moves.size());
    for (const auto end : {&DoneMove::from, &DoneMove::to}) {
        for (std::size_t i = 0; i < moves.size(); ++i)
            if (!out[i]) out[i] = take(logged[moves[i].*end], moves[i]);
    }
    return out;
}

}  // namespace fairway
