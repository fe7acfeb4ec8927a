// See trials.hpp.
#include "engine/run/trials.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>

#include "engine/base/text.hpp"
#include "engine/plan/tour.hpp"
#include "engine/run/admission.hpp"

namespace fairway {
namespace {

constexpr std::chrono::milliseconds first_step{50}, slowest_step{1000};

// One VM on its way.
struct VmTour {
    const MigrationDomain* domain;
    Machine vm;
    std::string home, at;
    std::vector<Leg> legs;
    std::size_t next = 0;
    bool broken = false, over = false;
    bool stays = false;    // it is not taken home: that failed, or it does not run
    bool storage = false;  // some move took its storage along, so the way home does too
    std::unique_ptr<Moving> moving = {};
    Trial trial = {};  // what is under way
};

class Walking {
public:
    Walking(Mover& mover, const TrialWatch& watch, std::vector<VmTour> walks, Rooms rooms, Trials& out)
        : mover_(mover), watch_(watch), walks_(std::move(walks)), rooms_(std::move(rooms)), out_(out) {}

    void run() {
        auto pause = first_step;
        while (std::any_of(walks_.begin(), walks_.end(), [](const VmTour& walk) { return !walk.over; })) {
            bool waits = true;
            for (VmTour& walk : walks_)
                if (!walk.over && advance(walk)) waits = false;
            if (!waits) pause = first_step;
            else watch_.sleep(std::exchange(pause, std::min(pause * 3 / 2, slowest_step)));
        }
        for (const VmTour& walk : walks_) out_.vms.push_back({walk.vm.name, walk.vm.id, walk.home, walk.at});
    }

    void stop() { stopped_ = true; }

private:
    // Whether anything began or ended.
    bool advance(VmTour& walk) {
        if (!walk.moving) return begin(walk);
        const auto end = walk.moving->step();
        walk.trial.proof = walk.moving->proof();
        if (!end) {
            if (watch_.moving) watch_.moving(walk.trial);
            return false;
        }
        finish(walk, *end);
        return true;
    }

    bool begin(VmTour& walk) {
        const bool goes_home = walk.broken || stopped_ || walk.next == walk.legs.size();
        if (goes_home && (walk.at.empty() || walk.at == walk.home || walk.stays)) {
            walk.over = true;
            return true;
        }
        const Leg leg = goes_home ? Leg{walk.at, walk.home, walk.storage} : walk.legs[walk.next];
        if (!rooms_.take(leg)) return false;
        if (!goes_home) ++walk.next;
        walk.storage = walk.storage || leg.storage;
        walk.trial = {.move = {walk.vm.name, leg.from, leg.to, leg.storage, walk.vm.id},
                      .proof = {},
                      .home = goes_home,
                      .number = goes_home ? 0 : walk.next,
                      .of = walk.legs.size(),
                      .began = watch_.clock()};
        walk.moving = mover_.begin(walk.trial.move);
        if (watch_.moving) watch_.moving(walk.trial);
        return true;
    }

    void finish(VmTour& walk, const Result<void>& end) {
        walk.moving.reset();
        walk.trial.ended = watch_.clock();
        rooms_.give_back({walk.trial.move.from, walk.trial.move.to, walk.trial.move.storage});
        if (end) walk.at = walk.trial.move.to;
        else lose(walk, end.error());
        out_.trials.push_back(walk.trial);
        if (!watch_.ended(walk.trial)) stopped_ = true;
    }

    // A VM that does not run is left where it is: what it needs now is a person.
    void lose(VmTour& walk, const Error& error) {
        walk.broken = true;
        walk.trial.failed = error;
        std::vector<std::string> others;
        for (const std::string& host : walk.domain->hosts)
            if (host != walk.trial.move.from && host != walk.trial.move.to) others.push_back(host);
        walk.trial.account = account_for(mover_, walk.trial.move, walk.trial.proof, others, watch_.sleep);
        walk.at = host_of(*walk.trial.account);
        walk.stays = walk.trial.home || !runs(*walk.trial.account);
    }

    Mover& mover_;
    const TrialWatch& watch_;
    std::vector<VmTour> walks_;
    Rooms rooms_;
    Trials& out_;
    bool stopped_ = false;
};

}  // namespace

Trials try_moves(const Inventory& inventory, const TrialMoves& wanted, std::uint64_t seed, Mover& mover,
                 const TrialWatch& watch) {
    Trials out;
    std::vector<VmTour> walks;
    Rooms rooms;
    bool stopped = false;
    const auto refuse = [&](const MigrationDomain& domain, const std::string& vm, const Error& error) {
        out.trials.push_back({.move = {vm, domain.name, domain.name, wanted.storage != TrialMoves::Storage::no},
                              .proof = {},
                              .failed = error});
        stopped = !watch.ended(out.trials.back()) || stopped;
    };
    for (const MigrationDomain& domain : inventory.domains) {
        for (const auto& [vm, found] : admit(domain, wanted, mover)) {
            if (stopped) break;
            if (!found) {
                refuse(domain, vm, found.error());
                continue;
            }
            auto legs = tour(domain.hosts, found->host, wanted, seed);
            if (const auto room = rooms.open(domain.hosts, legs, mover); !room) refuse(domain, vm, room.error());
            else
                walks.push_back({.domain = &domain,
                                 .vm = found->vm,
                                 .home = found->host,
                                 .at = found->host,
                                 .legs = std::move(legs)});
        }
    }
    Walking walking(mover, watch, std::move(walks), std::move(rooms), out);
    if (stopped) walking.stop();
    walking.run();
    return out;
}

}  // namespace fairway
