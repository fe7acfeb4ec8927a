// The generated worlds of the laws: an estate in memory, a provider over it that can be cut off at any
// point, and the engine's loop in a few calls. No files, no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/journal/journal.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/policy.hpp"
#include "engine/provider.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/rollback.hpp"
#include "engine/run/rollback_scope.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/vanished.hpp"
#include "providers/memory/world.hpp"

namespace fairway::laws {

struct Crash {};  // the power went

// Everything that one law is about: what is, what is wanted, and who the hosts are.
struct Case {
    memory::World world;
    Inventory inventory;
    Policy policy;
    std::optional<Rollout> rollout = {};
};

// Numbers from a seed, the same on every machine.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t roll();
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(roll() % n); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T>
    const T& among(const std::vector<T>& all) {
        return all[below(all.size())];
    }

private:
    std::uint64_t state_;
};

Case make_case(Dice& dice);
Policy make_policy(Dice& dice, const Inventory& inventory);
// A value that fits the row; of a set, elements that look like it.
std::vector<Comparator> comparators_for(const Setting& row);
Value make_patterns(Dice& dice);  // operand of `without`
Value make_value(Dice& dice, const Setting& setting, const Inventory& inventory);

class LawReader : public Reader {
public:
    explicit LawReader(const Case& c);
    Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) override;

private:
    VanishedReader reader_;
};

// Counts the points where the power can go: the events of the engine (before a write and after it, before
// and after its journalling), through `tick`, the middle of a write that takes several requests, and between the writes
// of a batch, which are made in any order.
class LawWriter : public Writer {
public:
    explicit LawWriter(memory::World& world, std::size_t at_once = 1) : in_flight(at_once), world_(world) {}
    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override;
    void tick();

    std::size_t in_flight;  // most changes at once; the order in which they are made is drawn from it
    std::string run;        // that the engine began, as its events name it
    std::size_t writes = 0;
    std::size_t points = 0;           // that were passed
    std::size_t crash_at = SIZE_MAX;  // the point at which Crash is thrown
    std::function<void()> between;    // called at every point: somebody else

private:
    Result<void> make(const Address& address, const Value& before, const Value& after);

    memory::World& world_;
};

Journal open_journal();
OpenNames names_of(const memory::World& world);

Survey survey_of(const Case& c);
Snapshot seen_of(const Case& c, const Desired& desired = {});  // what is wanted, and all that paths rest on
Desired wants_of(const Case& c);
std::vector<Finding> findings_of(const Case& c);
Plan plan_of(const Case& c);
Plan plan_of(const Case& c, const Survey& seen);

// Applies to c.world; Crash passes through.
Applied apply_to(Case& c, const Plan& plan, Journal& journal, LawWriter& writer, std::optional<Term> term = {});
Applied resume_on(Case& c, const std::string& run, Journal& journal);
// As above, where it may be refused.
Result<Applied> try_to_resume(Case& c, const std::string& run, Journal& journal);
RolledBack go_back(Case& c, const std::string& run, Journal& journal, LawWriter& writer,
                   const RollbackScope& scope = {});
// Gives the rollback's plan, and what it wants to put back and cannot read.
Plan roll_back(Case& c, const std::string& run, Journal& journal, const RollbackScope& scope = {},
               std::set<Address>* unread = nullptr);

// A fault of this object: the forest cannot be asked about names.
inline const std::string the_forest = "forest";

// Planted faults aside: those are used up.
bool same(const memory::World& a, const memory::World& b);

}  // namespace fairway::laws
