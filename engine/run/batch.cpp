// See batch.hpp.
#include "engine/run/batch.hpp"

#include <fmt/format.h>
#include <set>

#include "engine/plan/baseline.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/settle.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

constexpr int most_tries = 5;  // of a list that others edit

// What the address holds now, if the change can be made of it; else why not.
Result<Value> usable(const Flight& flight, const Snapshot& snapshot) {
    const Change& change = *flight.change;
    for (const auto& premise : change.premises)
        if (auto gone = broken(*premise, snapshot.at(premise->address))) return tl::unexpected(std::move(*gone));
    const Reading& now = snapshot.at(change.address);
    const auto off = out_of_step(change, now);
    if (off && !(flight.torn && now && *now)) return tl::unexpected(*off);
    return **now;
}

std::vector<Flight*> pointers(std::span<Flight> flights) {
    std::vector<Flight*> out;
    for (Flight& flight : flights) out.push_back(&flight);
    return out;
}

Snapshot seen(std::span<Flight* const> flights, Reader& reader) {
    std::set<Address> asked;
    for (const Flight* flight : flights) {
        asked.insert(flight->change->address);
        for (const auto& premise : flight->change->premises) asked.insert(premise->address);
    }
    return reader.read(std::vector<Address>(asked.begin(), asked.end()));
}

// Sends the writes and gives those back that came too late and may be tried again.
std::vector<Flight*> send(std::span<Flight* const> flights, Writer& writer, const MayBegin& may_begin) {
    std::vector<Value> wanted;
    std::vector<Write> writes;
    wanted.reserve(flights.size());
    for (const Flight* flight : flights) {
        const Change& change = *flight->change;
        wanted.push_back(flight->held == change.before ? change.after : lay_over(change, flight->held));
        writes.push_back({change.address, flight->held, wanted.back()});
    }
    std::vector<Flight*> late;
    writer.write_all(writes, may_begin, [&](std::size_t i, std::optional<Result<void>> answer) {
        Flight& flight = *flights[i];
        if (!answer) return;
        flight.begun = true;
        flight.wrote = std::move(*answer);
        flight.overtaken = !flight.wrote && flight.wrote.error().code == Code::stale;
        flight.moved = moved(*flight.change, flight.held);
        if (!flight.wrote && !flight.failing()) late.push_back(&flight);
    });
    return late;
}

// Those that can still be made are to be sent once more.
void look_again(std::vector<Flight*>& late, Reader& reader) {
    const Snapshot snapshot = seen(late, reader);
    std::erase_if(late, [&](Flight* flight) {
        Result<Value> now = usable(*flight, snapshot);
        if (now) flight->held = std::move(*now);
        else flight->wrote = fail(now.error().code, now.error().text + "; " + flight->wrote.error().text);
        return !now;
    });
}

}  // namespace

// A reply that was lost, late or unreadable says nothing.
bool Flight::refused() const {
    return !wrote && wrote.error().code != Code::unreachable && wrote.error().code != Code::protocol;
}

std::string Flight::note() const {
    if (!begun) return "not sent: the run stopped before";
    return !wrote ? wrote.error().text : lost ? lost->text : std::string();
}

Error Flight::why_not_done() const {
    Error out = !wrote ? wrote.error()
                : lost ? *lost
                       : Error{Code::stale, "the write was accepted, but the value read back is another"};
    const std::string where = in_words(change->address);
    if (!out.text.starts_with(where)) out.text = fmt::format("{}: {}", where, out.text);
    return out;
}

void look(std::span<Flight> flights, Reader& reader) {
    const Snapshot snapshot = seen(pointers(flights), reader);
    for (Flight& flight : flights) {
        Result<Value> now = usable(flight, snapshot);
        if (now) flight.held = std::move(*now);
        else flight.off = std::move(now.error());
    }
}

void write(std::span<Flight> flights, Reader& reader, Writer& writer, const MayBegin& may_begin) {
    std::vector<Flight*> next = pointers(flights);
    for (int tries = 1; !next.empty(); ++tries) {
        next = send(next, writer, may_begin);
        if (tries == most_tries) break;
        if (!next.empty()) look_again(next, reader);
    }
}

void read_back(std::span<Flight> flights, Reader& reader) {
    std::vector<Address> asked;
    for (const Flight& flight : flights)
        if (flight.begun) asked.push_back(flight.change->address);
    const Snapshot snapshot = asked.empty() ? Snapshot() : reader.read(asked);
    for (Flight& flight : flights) {
        flight.outcome = Outcome::not_done;
        if (!flight.begun) continue;
        const Reading& now = snapshot.at(flight.change->address);
        if (!now) flight.lost = now.error();
        if (!flight.overtaken) flight.outcome = settle(*flight.change, now, flight.refused());
    }
}

}  // namespace fairway
