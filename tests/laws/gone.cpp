// See gone.hpp.
#include "tests/laws/gone.hpp"

#include <algorithm>
#include <set>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

// Whom a service of a list is for, told again without the engine's index: who is in the world by name, and which
// names are held or served.
bool is_gone(const memory::World& world, const std::string& service) {
    std::set<std::string> hosts, held;
    const auto computer = [&](const std::string& name) {
        hosts.insert(text::fold(name));
        hosts.insert(text::fold(name.substr(0, name.find('.'))));
    };
    for (const auto& [kind, object] : world.objects) {
        if (kind != Kind::computer) continue;
        computer(object);
        held.insert("host/" + text::fold(object));
        const auto dns = world.values.find({object, &setting::account_dns_name});
        if (dns != world.values.end()) computer(std::get<std::string>(dns->second));
        for (const std::string_view name : *as_set(world.values.at({object, &setting::spn_migration})))
            held.insert(text::fold(name));
    }
    for (const NameOwner& owner : world.others) {
        if (!owner.dns.empty()) computer(owner.dns);
        if (owner.account.back() == '$') computer(owner.account.substr(0, owner.account.size() - 1));
        for (const std::string& name : owner.names) held.insert(text::fold(name));
    }
    const std::string name = text::fold(service);
    const auto slash = name.find('/'), colon = name.find(':');
    const std::string type = name.substr(0, slash), host = name.substr(slash + 1, colon - slash - 1);
    const bool served = (type == "cifs" || type == "http") && held.contains("host/" + host);
    return !hosts.contains(host) && !held.contains(name) && !served;
}

// Would the element go by this want, whoever it is for?
bool forbids(const Setting& row, const Want& want, const std::string& element) {
    const auto named = keys(row, want.operand);
    if (want.comparator == Comparator::without) return globbed(named, text::fold(element));
    return (want.comparator == Comparator::within || want.comparator == Comparator::equals) &&
           !named.contains(text::fold(element));
}

}  // namespace

std::size_t only_the_gone_go(const Case& c, const Plan& plan) {
    std::size_t out = 0;
    const Desired wants = wants_of(c);
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            const Setting& row = *change.address.setting;
            if (&row != &setting::delegation_services) continue;
            const auto left = keys(row, change.after), marked = keys(row, Value(taken_as_gone(change)));
            for (const std::string_view held : *as_set(change.before)) {
                const std::string element(held);
                if (left.contains(text::fold(element))) continue;
                const auto& all = wants.at(change.address);
                const bool anyhow =
                    std::any_of(all.begin(), all.end(), [&](const Want& w) { return forbids(row, w, element); });
                hold(anyhow != marked.contains(text::fold(element)), "13 what rests on a host's absence is marked",
                     element);
                hold(anyhow || is_gone(c.world, element), "13 nothing goes as vanished that is somebody's", element);
                out += anyhow ? 0 : 1;
            }
        }
    return out;
}

void the_gone_are_gone(const Case& c) {
    for (const auto& [address, wants] : wants_of(c)) {
        const auto vanished = [](const Want& want) { return want.comparator == Comparator::vanished; };
        if (std::none_of(wants.begin(), wants.end(), vanished)) continue;
        for (const std::string_view held : *as_set(c.world.values.at(address))) {
            const std::string element(held);
            const bool demanded = std::any_of(wants.begin(), wants.end(), [&](const Want& want) {
                return (want.comparator == Comparator::includes || want.comparator == Comparator::equals) &&
                       keys(*address.setting, want.operand).contains(text::fold(element));
            });
            hold(demanded || !is_gone(c.world, element), "1 after apply every want is compliant", element);
        }
    }
}

void a_homecoming(const Case& start, const Plan& plan, Journal& journal, Dice& dice) {
    std::vector<std::pair<Address, std::string>> taken;
    for (const Change* change : numbered(plan))
        for (const std::string_view element : taken_as_gone(*change)) taken.emplace_back(change->address, element);
    if (taken.empty()) return;
    const auto& [address, element] = dice.among(taken);
    for (const bool before : {true, false}) {
        Case c = start;
        LawWriter writer(c.world);
        const auto come_back = [&, named = element] {
            c.world.others.push_back(
                {.dn = "CN=back", .account = "svc-back", .dns = {}, .object_class = "user", .names = {named}});
        };
        std::size_t point = 0;
        if (before) come_back();
        else
            writer.between = [&] {
                if (point++ == 0) come_back();
            };
        const Applied applied = apply_to(c, plan, journal, writer);
        writer.between = nullptr;
        hold(applied.ending == Ending::failed, "13 who came back is left alone", "the run went on");
        hold(!before || writer.writes == 0, "13 who came back is left alone", "a stale plan was begun");
        hold(as_set(c.world.values.at(address))->contains(element), "13 who came back is left alone", element);
        if (!writer.run.empty()) roll_back(c, writer.run, journal);
        hold(same(c.world, start.world), "13 who came back is left alone", "the worlds differ after the rollback");
    }
}

}  // namespace fairway::laws
