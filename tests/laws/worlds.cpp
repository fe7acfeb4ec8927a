// See worlds.hpp.
#include "tests/laws/worlds.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "engine/plan/desire.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/own_names.hpp"
#include "engine/run/rollback.hpp"
#include "engine/run/verify.hpp"
#include "providers/memory/edit.hpp"
#include "providers/memory/names.hpp"

namespace fairway::laws {
namespace {

class Values : public Reader {
public:
    explicit Values(const memory::World& world) : world_(world) {}
    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses)
            out.readings.insert_or_assign(address, memory::read_from(world_, address));
        return out;
    }

private:
    const memory::World& world_;
};

class Names : public NameReader {
public:
    explicit Names(const memory::World& world) : world_(world) {}
    Result<RegisteredNames> names(const NameQuestion& question) override {
        if (is_gone()) return fail(Code::unreachable, "the forest does not answer");
        return memory::names_in(world_, question);
    }
    Result<Set> dns_suffixes(const std::string&) override {
        if (is_gone()) return fail(Code::unreachable, "the forest does not answer");
        return Set(world_.dns_suffixes);
    }

private:
    bool is_gone() const {
        return std::any_of(world_.faults.begin(), world_.faults.end(),
                           [](const memory::Fault& fault) { return fault.object == the_forest; });
    }

    const memory::World& world_;
};

template <class T>
T sure(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().text);
    return std::move(*result);
}

Hands hands_on(LawReader& reader, LawWriter& writer, Journal& journal) {
    return {.reader = reader,
            .writer = writer,
            .journal = journal,
            .clock = [] { return std::int64_t{1'800'000'000}; },
            .on_event =
                [&writer](const Event& event) {
                    writer.run = event.run;
                    writer.tick();
                },
            .stop = [] { return false; },
            .in_flight = writer.in_flight};
}

}  // namespace

// splitmix64
std::uint64_t Dice::roll() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

OpenNames names_of(const memory::World& world) {
    return [&world]() -> Result<std::unique_ptr<NameReader>> { return std::make_unique<Names>(world); };
}

LawReader::LawReader(const Case& c)
    : reader_(std::make_unique<OwnNamesReader>(std::make_unique<Values>(c.world), c.inventory.hosts, names_of(c.world)),
              c.inventory.hosts, names_of(c.world)) {}

Snapshot LawReader::read(std::span<const Address> addresses, const Progress&) { return reader_.read(addresses); }

void LawWriter::tick() {
    if (between) between();
    if (points++ == crash_at) throw Crash{};
}

Result<void> LawWriter::make(const Address& address, const Value& before, const Value& after) {
    ++writes;
    if (address.setting->atomic == Atomic::no) {
        // The middle of a write of several requests: what is new is there, what goes is still there.
        const memory::World whole = world_;
        world_.faults.push_back({.on = memory::Fault::On::write,
                                 .effect = memory::Fault::Effect::torn,
                                 .object = address.object,
                                 .setting = address.setting});
        const auto ignored = memory::write_to(world_, address, before, after);
        static_cast<void>(ignored);
        world_.faults = whole.faults;
        // Nobody else writes here: that is played between whole steps only, so the torn world stays the run's own.
        if (points++ == crash_at) throw Crash{};
        world_ = whole;
    }
    return memory::write_to(world_, address, before, after);
}

void LawWriter::write_all(std::span<const Write> batch, const MayBegin& may_begin, const WriteAnswered& answered) {
    std::vector<std::size_t> order(batch.size());
    std::iota(order.begin(), order.end(), 0);
    Dice dice(in_flight + order.size());
    for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[dice.below(left)]);
    for (const std::size_t i : order) {
        if (!may_begin()) {
            answered(i, std::nullopt);
            continue;
        }
        answered(i, make(batch[i].address, batch[i].before, batch[i].after));
        if (order.size() > 1) tick();
    }
}

Journal open_journal() { return sure(Journal::open_to_append(":memory:")); }

Snapshot seen_of(const Case& c, const Desired& desired) {
    LawReader reader(c);
    Snapshot out = observe(reader, scope(desired, c.inventory));
    read_further(c.inventory, out, reader);
    return out;
}

Survey survey_of(const Case& c) {
    Survey nothing;
    nothing.inventory = c.inventory;
    auto wants = desire(c.policy, c.inventory, 1'800'000'000);
    if (!wants) return nothing;
    LawReader reader(c);
    auto seen = survey(c.policy, c.inventory, std::move(*wants), 1'800'000'000, reader);
    // The policy was bound once without a complaint, so it is bound again without one.
    if (!seen) throw std::runtime_error(seen.error().front().text);
    return std::move(*seen);
}

Desired wants_of(const Case& c) { return survey_of(c).desired; }

std::vector<Finding> findings_of(const Case& c) { return survey_of(c).findings; }

Plan plan_of(const Case& c) { return plan_of(c, survey_of(c)); }

Plan plan_of(const Case& c, const Survey& seen) {
    return plan(
        {.purpose = Purpose::apply, .source = c.policy.name, .source_digest = {}, .ticket = {}, .rollout = c.rollout},
        seen.findings, seen.snapshot, seen.inventory);
}

Applied apply_to(Case& c, const Plan& plan, Journal& journal, LawWriter& writer, std::optional<Term> term) {
    LawReader reader(c);
    auto applied = apply(plan, {.who = "law", .host = "lab", .rolls_back = {}, .term = std::move(term)},
                         hands_on(reader, writer, journal));
    if (applied) return *applied;
    Applied refused;
    refused.ending = Ending::failed;
    refused.left = plan.size();
    refused.because = applied.error().text;
    refused.code = applied.error().code;
    return refused;
}

Result<Applied> try_to_resume(Case& c, const std::string& run, Journal& journal) {
    LawReader reader(c);
    LawWriter writer(c.world);
    return resume(run, hands_on(reader, writer, journal));
}

Applied resume_on(Case& c, const std::string& run, Journal& journal) { return sure(try_to_resume(c, run, journal)); }

RolledBack go_back(Case& c, const std::string& id, Journal& journal, LawWriter& writer, const RollbackScope& scope) {
    LawReader reader(c);
    const auto apply_back = [&](const PlanFile& plan) {
        return apply(plan, {.who = "law", .host = "lab", .rolls_back = id}, hands_on(reader, writer, journal));
    };
    return sure(fairway::roll_back({.run = id, .scope = scope}, {.reader = reader,
                                                                 .journal = journal,
                                                                 .inventory = c.inventory,
                                                                 .open_names = names_of(c.world),
                                                                 .clock = [] { return std::int64_t{1'800'000'000}; },
                                                                 .apply = apply_back}));
}

Plan roll_back(Case& c, const std::string& id, Journal& journal, const RollbackScope& scope,
               std::set<Address>* unread) {
    LawWriter writer(c.world);
    const RolledBack back = go_back(c, id, journal, writer, scope);
    if (!back.already.empty()) return {};
    for (const RolledBack::Attempt& attempt : back.attempts) sure(attempt.applied);
    if (unread) {
        for (const LeftOut& one : back.first->left_out) unread->insert(one.address);
        for (const Finding& finding : back.first->findings) unread->erase(finding.address);
    }
    return *back.first->plan;
}

bool same(const memory::World& a, const memory::World& b) { return a.values == b.values && a.objects == b.objects; }

}  // namespace fairway::laws
