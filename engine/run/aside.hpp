// What a run goes on without: what is in doubt or cannot be read, hosts that the caller leaves out, hosts that failed,
// and what rests on them.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/run/settling.hpp"

namespace fairway {

// What the caller bears.
struct Tolerance {
    std::size_t failures = 1;                    // a run stops at so many hosts that failed; not 0
    Amount of_phase = {};                        // and at so many of the hosts of one phase; empty: it does not count
    std::map<std::string, std::string> without;  // hosts that are left out, and the word that leaves them out
    std::map<std::string, std::string> domains;  // migration domain of each host that is in one
};

// Hosts that failed, by their phase in the plan.
using Failed = std::map<std::size_t, std::set<std::string>>;

// What a change came to. One that the run did not get to is unchanged; one that it passed over is skipped.
enum class Fate { unchanged, changed, failed, skipped, in_doubt };

// The changes of a plan by number, and why some of them are not made now.
class Aside {
public:
    Aside(const Plan& plan, Tolerance tolerance);

    void done(std::size_t number) { fates_.at(number) = Fate::changed; }
    bool is_done(std::size_t number) const { return fates_.at(number) == Fate::changed; }
    bool contains(std::size_t number) const { return fates_.at(number) != Fate::unchanged && !is_done(number); }

    // With all that is still to be made of its object, and what rests on its host.
    void leave_object(const LeftOut& one);
    void leave_by_choice();
    // May the run go on, if these hosts failed too?
    bool bears(const Failed& more) const;
    // Which phase of the plan has the change.
    std::size_t phase_of(const Change& change) const { return phases_.at(&change); }
    std::size_t phase_at(std::size_t number) const { return phase_of(*changes_[number]); }
    // The change failed, and with it its host. False: it is one too many, and the run stops here.
    bool goes_on_after(std::size_t number, bool in_doubt);
    // Before the first write: the change cannot be made. Because of its own host: that one is passed over; because of
    // what it rests on at another: only the change is.
    void leave_failed(const Change& change, const std::string& because_of, const Error& why);

    // A wave before this phase of which nothing was made or can be, so that the next one goes by nothing: a canary, or
    // one of several hosts. Null: there is none; a rollback puts back what it can.
    const Phase* untried_before(const Plan& plan, std::size_t phase) const;

    const std::vector<LeftOut>& left_out() const { return left_out_; }
    const std::vector<Fate>& fates() const { return fates_; }

private:
    void pass_over(std::size_t number, const std::string& why);
    void skip(const std::string& host, const std::string& why);
    bool skip_own(const std::string& host, const std::string& why);  // whether something of it is missing
    void skip_resting_on(const std::string& host);

    std::vector<const Change*> changes_;
    Tolerance tolerance_;
    std::map<std::string, std::vector<std::size_t>> of_host_;
    std::map<std::string, std::vector<std::size_t>> takes_in_;  // removals that paths of a migration domain may rest on
    std::vector<Fate> fates_;
    std::size_t borne_of(std::size_t phase) const;  // at so many failed hosts of it, the run ends

    std::unordered_map<const Change*, std::size_t> phases_;
    std::vector<std::set<std::string_view>> hosts_of_phase_;
    Failed failed_;
    std::vector<LeftOut> left_out_;
};

}  // namespace fairway
