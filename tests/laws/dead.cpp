// See dead.hpp.
#include "tests/laws/dead.hpp"

#include <fmt/format.h>

#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {

void kill(memory::World& world, const std::string& host) {
    for (const Setting* row : catalogue()) {
        if (row->kind != Kind::host || row->worked_out) continue;
        for (const auto on : {memory::Fault::On::read, memory::Fault::On::write})
            world.faults.push_back({.on = on,
                                    .effect = memory::Fault::Effect::unreachable,
                                    .object = host,
                                    .setting = row,
                                    .times = 1'000'000});
    }
}

void revive(memory::World& world) { world.faults.clear(); }

namespace {

bool of(const std::string& host, const Address& address) {
    return address.kind() == Kind::host && address.object == host;
}

// Everywhere but at the dead host the world is as it should be, and what is not so there is in the list.
void all_but(const memory::World& world, const memory::World& wanted, const std::string& host,
             const std::set<Address>& listed, const std::string& when) {
    for (const auto& [address, value] : wanted.values) {
        if (address.setting == &setting::host_listeners) continue;  // follows from the others
        const std::string where = fmt::format("{} {} {}", address.object, address.setting->name, when);
        const bool so = world.values.at(address) == value;
        hold(so || of(host, address), "15 a dead host never locks the others", where);
        hold(so || listed.contains(address), "15 what is left is listed", where);
    }
}

std::string a_host_of(const Plan& plan, Dice& dice) {
    std::vector<std::string> hosts;
    for (const Change* change : numbered(plan))
        if (change->address.kind() == Kind::host) hosts.push_back(change->address.object);
    return hosts.empty() ? std::string() : dice.among(hosts);
}

// Applies the plan until the host dies at that point; the run, or empty.
std::string apply_until_dead(Case& c, const Plan& plan, Journal& journal, const std::string& host, std::size_t when,
                             std::size_t in_flight) {
    LawWriter writer(c.world, in_flight);
    std::size_t point = 0;
    writer.between = [&] {
        if (point++ == when) kill(c.world, host);
    };
    static_cast<void>(apply_to(c, plan, journal, writer));
    return writer.run;
}

}  // namespace

std::size_t a_dead_host(const Case& start, const Plan& plan, Journal& journal, Dice& dice) {
    const std::string host = a_host_of(plan, dice);
    if (host.empty()) return 0;
    Case finished = start;
    LawWriter counter(finished.world, 1 + dice.below(5));
    static_cast<void>(apply_to(finished, plan, journal, counter));
    std::size_t out = 0;
    for (std::size_t point = 0; point < counter.points; ++point, ++out) {
        Case c = start;
        const std::string run = apply_until_dead(c, plan, journal, host, point, counter.in_flight);
        const std::string when = fmt::format("when it dies at point {}", point);
        if (point % 2 == 0) {
            const auto resumed = try_to_resume(c, run, journal);
            std::set<Address> listed;
            for (const Change* change : numbered(plan))
                if (of(host, change->address)) listed.insert(change->address);
            hold(resumed || resumed.error().code == Code::unreachable, "15 a run is continued without the dead host",
                 resumed ? "" : resumed.error().text);
            // Refused is right only where nothing else was left to do.
            all_but(c.world, finished.world, host, listed, "continued " + when);
            if (resumed && resumed->ending != Ending::complete)
                hold(!resumed->left_out.empty() && of(host, resumed->left_out.front().address),
                     "15 what is left is listed", when);
        }
        if (point % 4 != 0) {
            std::set<Address> listed;
            roll_back(c, run, journal, {}, &listed);
            all_but(c.world, start.world, host, listed, "undone " + when);
        }
        revive(c.world);
        roll_back(c, run, journal);
        hold(same(c.world, start.world), "15 the same command does the rest later", when);
    }
    return out;
}

}  // namespace fairway::laws
