// See whereabouts.hpp.
#include "engine/run/whereabouts.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_look{50}, slowest_look{1000};
constexpr std::chrono::seconds calm_limit{60};    // for what ended somehow
constexpr std::chrono::minutes moving_limit{30};  // for a migration that is seen to run
constexpr int most_unanswered = 3;                // looks while a host does not answer, some ten seconds each

bool has(const Seat& seat) { return seat.seen && seat.seen->machine; }

std::size_t holders(const std::vector<Seat>& seats) {
    return static_cast<std::size_t>(std::count_if(seats.begin(), seats.end(), has));
}

bool anything_moves(const std::vector<Seat>& seats) {
    return std::any_of(seats.begin(), seats.end(), [](const Seat& seat) { return seat.seen && seat.seen->moving; });
}

bool all_answer(const std::vector<Seat>& seats) {
    return std::all_of(seats.begin(), seats.end(), [](const Seat& seat) { return seat.seen.has_value(); });
}

// One end alone has it, and nothing moves; a host that does not answer may still have it.
bool calm(const std::vector<Seat>& seats) { return all_answer(seats) && holders(seats) == 1 && !anything_moves(seats); }

std::vector<Seat> look_at_all(Mover& mover, const std::vector<std::string>& hosts, const std::string& id) {
    std::vector<Seat> out;
    for (const std::string& host : hosts) out.push_back({host, mover.sight(host, id)});
    return out;
}

std::vector<Seat> look_until_calm(Mover& mover, const TrialMove& move, const Sleep& sleep) {
    milliseconds waited{0};
    int unanswered = 0;
    for (milliseconds pause = first_look;; pause = std::min(pause * 3 / 2, slowest_look)) {
        auto seats = look_at_all(mover, {move.from, move.to}, move.id);
        const milliseconds limit = anything_moves(seats) ? milliseconds(moving_limit) : milliseconds(calm_limit);
        if (!all_answer(seats)) ++unanswered;
        if (calm(seats) || waited + pause > limit || unanswered == most_unanswered) return seats;
        sleep(pause);
        waited += pause;
    }
}

// Nothing is asked of a host before it was seen that no planned VM was there, so one that is there now is the move's.
// While the VM itself is seen at the source, nobody needs it.
void clear_planned(Mover& mover, const TrialMove& move, const MoveProof& proof, Account& account) {
    Seat& to = account.seats.back();
    const bool ours = proof.stage != MoveProof::Stage::preparing;
    if (!ours || !to.seen || !to.seen->planned || !has(account.seats.front()) || anything_moves(account.seats)) return;
    const auto gone = mover.remove_planned(move.to, move.id);
    account.done.push_back(gone ? fmt::format("the planned VM that the move left on {} was removed", move.to)
                                : fmt::format("the planned VM that the move left on {} could not be removed: {}",
                                              move.to, gone.error().text));
    if (gone) to.seen = mover.sight(move.to, move.id);
}

std::string words(const Seat& seat) {
    if (!seat.seen) return fmt::format("{} cannot be asked ({})", seat.host, seat.seen.error().text);
    const std::string planned = seat.seen->planned ? " and has a planned one of its id" : "";
    if (!seat.seen->machine) return fmt::format("{} does not have it{}", seat.host, planned);
    return fmt::format("{} has it, {}{}", seat.host, seat.seen->machine->running ? "running" : "not running", planned);
}

}  // namespace

std::string host_of(const Account& account) {
    if (holders(account.seats) != 1) return {};
    return std::find_if(account.seats.begin(), account.seats.end(), has)->host;
}

bool runs(const Account& account) {
    return std::any_of(account.seats.begin(), account.seats.end(),
                       [](const Seat& seat) { return has(seat) && seat.seen->machine->running; });
}

std::string in_words(const Account& account) {
    std::vector<std::string> out;
    for (const Seat& seat : account.seats) out.push_back(words(seat));
    out.insert(out.end(), account.done.begin(), account.done.end());
    return text::join(out, "; ");
}

Account account_for(Mover& mover, const TrialMove& move, const MoveProof& proof, const std::vector<std::string>& others,
                    const Sleep& sleep) {
    Account out{look_until_calm(mover, move, sleep), {}};
    clear_planned(mover, move, proof, out);
    if (holders(out.seats) == 0) {
        auto elsewhere = look_at_all(mover, others, move.id);
        std::move(elsewhere.begin(), elsewhere.end(), std::back_inserter(out.seats));
    }
    return out;
}

}  // namespace fairway
