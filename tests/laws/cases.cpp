// Generated cases: two to four hosts in one or two migration domains, worlds with anything in them, and
// policies of every comparator. Small, because small worlds hold the bugs and many of them run in a second.
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "providers/memory/physics.hpp"
#include "tests/laws/worlds.hpp"

namespace fairway::laws {
namespace {

const std::vector<std::string> foreign_names = {"MSSQLSvc/sql01:1433", "cifs/FS01", "http/web", "CIFS/hv99"};
// Names of the migration service that are no host's; a rule that gives a host's name to another is refused.
const std::vector<std::string> further_names = {"Microsoft Virtual System Migration Service/alias",
                                                "Microsoft Virtual System Migration Service/ALIAS.lab.example"};
const std::vector<std::string> networks = {"any", "10.20.0.0/24", "10.9.0.0/16 metric 5", "10.20.0.0/16",
                                           "fd00:20::/64"};

std::vector<std::string> names_pool(const Inventory& inventory) {
    std::vector<std::string> out = foreign_names;
    for (const Host& host : inventory.hosts)
        for (ServiceClass service : {ServiceClass::cifs, ServiceClass::migration})
            for (std::string& name : both_names(service, host)) out.push_back(std::move(name));
    return out;
}

Set some_of(Dice& dice, const std::vector<std::string>& pool, std::size_t keep_one_in) {
    std::vector<std::string> out;
    for (const std::string& element : pool)
        if (dice.one_in(keep_one_in)) out.push_back(element);
    return Set(std::move(out));
}

Inventory make_inventory(Dice& dice) {
    Inventory out;
    out.estate = "lab";
    out.file = "inventory.yaml";
    const std::size_t hosts = 2 + dice.below(3);
    const std::size_t domains = hosts == 4 && dice.one_in(2) ? 2 : 1;
    for (std::size_t d = 0; d < domains; ++d) out.domains.push_back({fmt::format("d{}", d), {}, {}});
    for (std::size_t i = 0; i < hosts; ++i) {
        Host host;
        host.name = fmt::format("HV{:02}", i + 1);
        host.dns = fmt::format("hv{:02}.lab.example", i + 1);
        host.account_domain = "lab.example";
        if (dice.one_in(2)) host.tags = {"odd"};
        MigrationDomain& domain = out.domains[i % domains];
        host.domain = domain.name;
        domain.hosts.push_back(host.name);
        out.hosts.push_back(std::move(host));
    }
    return out;
}

// Mostly both families; now and then one alone, or one that leads to neighbours or nowhere.
Set make_addresses(Dice& dice, char index) {
    const std::vector<std::string> pool = {fmt::format("10.20.0.{}", index),
                                           fmt::format("fd00:20::{}", index),
                                           fmt::format("169.254.7.{}", index),
                                           fmt::format("fe80::{}", index),
                                           "127.0.0.1",
                                           "::1"};
    return dice.one_in(4) ? some_of(dice, pool, 3) : Set({pool[0], pool[1]});
}

memory::World make_world(Dice& dice, const Inventory& inventory) {
    memory::World world;
    world.estate = inventory.estate;
    for (const Host& host : inventory.hosts) {
        world.objects.emplace_back(Kind::host, host.name);
        world.objects.emplace_back(Kind::computer, host.name);
        for (const Setting* row : catalogue()) {
            // An older host lacks a property now and then.
            if (row->access != Access::managed || (row->type != Type::set && dice.one_in(30))) continue;
            world.values.insert_or_assign(Address{host.name, row}, make_value(dice, *row, inventory));
        }
        const auto index = host.name.back();
        const auto put = [&](const Setting& row, Value value) {
            world.values.insert_or_assign(Address{host.name, &row}, std::move(value));
        };
        // Facts that are not there now and then, or say something else.
        const auto mostly = [&](const Setting& row, Value value) {
            if (!dice.one_in(20)) put(row, std::move(value));
        };
        mostly(setting::host_domain, std::string(dice.one_in(12) ? "other.example" : "lab.example"));
        mostly(setting::account_dns_name, dice.one_in(12) ? std::string("old.lab.example") : host.dns);
        if (dice.one_in(2)) put(setting::account_sid, "S-1-5-21-1-2-3-" + host.name.substr(2));
        if (dice.one_in(2)) put(setting::host_running_migrations, std::int64_t{0});
        if (dice.one_in(8)) put(setting::host_cluster, std::string(dice.one_in(2) ? "CLU01" : "CLU02"));
        if (dice.one_in(2)) put(setting::host_credential_guard, dice.one_in(3));
        put(setting::host_addresses, make_addresses(dice, index));
        put(setting::account_flags, dice.one_in(12)  ? Set({"accountdisable"})
                                    : dice.one_in(4) ? Set()
                                                     : Set({"workstation_trust_account"}));
        if (dice.one_in(12)) put(setting::caller_delegable, make_value(dice, setting::caller_delegable, inventory));
        put(setting::host_machines, Set({"vm" + host.name, "fairway-canary"}));
        memory::settle_listeners(world, host.name);
    }
    // A host that is known by another full name was known by the inventory's once, and the account is still there: what
    // a rule takes from an account's names would make the lists' values vanish only for the next plan.
    for (const Host& host : inventory.hosts)
        if (const auto known = world.values.find({host.name, &setting::account_dns_name});
            known == world.values.end() || known->second != Value(host.dns))
            world.others.push_back({.dn = "CN=old" + host.name,
                                    .account = "old" + host.name + "$",
                                    .dns = host.dns,
                                    .object_class = "computer",
                                    .names = {"HOST/" + host.dns}});
    // Who else is there, so that some of the foreign names are somebody's.
    const auto account = [&](const char* name, std::vector<std::string> names) {
        if (dice.one_in(2)) return;
        world.others.push_back({.dn = std::string("CN=") + name,
                                .account = name,
                                .dns = {},
                                .object_class = "x",
                                .names = std::move(names)});
    };
    account("SQL01$", {});
    account("FS01$", {"HOST/fs01"});
    account("svc-web", {"HTTP/Web"});
    account("svc-files", {"host/HV99"});
    return world;
}

RuleWant make_want(Dice& dice, const Setting& row, const Inventory& inventory, int line) {
    RuleWant want{.setting = &row, .comparator = dice.among(comparators_for(row)), .operand = {}, .where = {line, 1}};
    if (&row == &setting::delegation_allowed_principals && !dice.one_in(3)) {
        want.operand = PeerAccounts();
        return want;
    }
    if (&row == &setting::delegation_services && dice.one_in(3)) want.comparator = Comparator::vanished;
    const bool names = &row == &setting::delegation_services || &row == &setting::spn_migration;
    if (want.comparator == Comparator::vanished) {
        want.operand = Value(Set());
    } else if (want.comparator == Comparator::without) {
        want.operand = make_patterns(dice);
    } else if (names && !dice.one_in(3)) {
        const Of of = &row == &setting::spn_migration ? Of::self : Of::peers;
        ComputedNames computed{.services = {ServiceClass::migration}, .of = of, .also = {}};
        if (of == Of::peers) computed.services.insert(computed.services.begin(), ServiceClass::cifs);
        if (of == Of::peers && dice.one_in(3)) computed.also = {"cifs/FS01"};
        want.operand = std::move(computed);
    } else if (&row == &setting::spn_migration) {
        want.operand = some_of(dice, further_names, 2);
    } else {
        want.operand = make_value(dice, row, inventory);
    }
    return want;
}

}  // namespace

// Mostly the standard's wishes, so that paths really open; else anything.
Policy make_policy(Dice& dice, const Inventory& inventory) {
    Policy policy;
    policy.name = "law";
    policy.file = "policy.yaml";
    int line = 1;
    // Mostly a few wants, so that ten thousand worlds pass quickly; now and then many.
    const std::size_t one_want_in = dice.one_in(10) ? 3 : 7;
    const std::size_t rules = 1 + dice.below(3);
    for (std::size_t r = 0; r < rules; ++r) {
        Rule rule;
        rule.id = fmt::format("r{}", r);
        rule.severity = static_cast<Severity>(dice.below(4));
        rule.where = {line++, 1};
        if (dice.one_in(4)) rule.select = {Select::By::name, "HV0*"};
        for (const Setting* row : catalogue())
            if (row->access == Access::managed && dice.one_in(one_want_in))
                rule.wants.push_back(make_want(dice, *row, inventory, line++));
        policy.rules.push_back(std::move(rule));
    }
    if (dice.one_in(4))
        policy.exceptions.push_back({.host = inventory.hosts[0].name,
                                     .setting = &setting::migration_authentication,
                                     .rule = {},
                                     .owner = "o",
                                     .reason = "r",
                                     .until = dice.one_in(2) ? 1'900'000'000 : 1'700'000'000,
                                     .until_text = "u",
                                     .where = {line, 1}});
    return policy;
}

Rollout make_rollout(Dice& dice) {
    Rollout out;
    out.canary.count = static_cast<std::int64_t>(dice.below(3));
    if (out.canary.count == 0 || dice.one_in(2)) out.waves = {{WaveSize::By::percent, 50}};
    out.per = dice.one_in(2) ? Rollout::Per::estate : Rollout::Per::migration_domain;
    out.order = dice.one_in(2) ? Rollout::Order::paths : Rollout::Order::name;
    return out;
}

std::vector<Comparator> comparators_for(const Setting& row) {
    if (&row == &setting::delegation_services)
        return {Comparator::equals, Comparator::includes, Comparator::within, Comparator::without,
                Comparator::vanished};
    if (row.type == Type::set && row.key == Key::whole)
        return {Comparator::equals, Comparator::includes, Comparator::within, Comparator::without};
    if (row.type == Type::set) return {Comparator::equals, Comparator::includes, Comparator::within};
    if (row.type == Type::integer) return {Comparator::equals, Comparator::at_least, Comparator::at_most};
    return {Comparator::equals};
}

Value make_patterns(Dice& dice) {
    static const std::vector<std::string> patterns = {"cifs/*",      "CIFS/hv0?",     "*/FS*",  "*/HV02*",
                                                      "Micro*/HV?1", "*.lab.example", "MSSQL*", "no/such"};
    return some_of(dice, patterns, 3);
}

Value make_value(Dice& dice, const Setting& row, const Inventory& inventory) {
    switch (row.type) {
        case Type::boolean: return dice.one_in(2);
        case Type::integer: return static_cast<std::int64_t>(dice.below(5));
        case Type::word: return std::string(row.choices[dice.below(row.choices.size())]);
        case Type::set: break;
    }
    if (&row == &setting::migration_networks) return some_of(dice, networks, 3);
    if (&row == &setting::spn_migration) {
        std::vector<std::string> own;
        for (const Host& host : inventory.hosts)
            for (std::string& name : both_names(ServiceClass::migration, host)) own.push_back(std::move(name));
        return some_of(dice, own, 2);
    }
    if (&row == &setting::delegation_allowed_principals) {
        // Seldom a group, since it makes paths unknown, and then nothing is learnt of them.
        if (dice.one_in(20)) return Set({"Domain Computers"});
        std::vector<std::string> accounts = {"HV99$", "gmsa$"};
        for (const Host& host : inventory.hosts) accounts.push_back(account_of(host, host.account_domain));
        return some_of(dice, accounts, 2);
    }
    // An empty list is a case of its own for protocol transition.
    if (dice.one_in(4)) return Set();
    return some_of(dice, names_pool(inventory), 2);
}

Case make_case(Dice& dice) {
    Inventory inventory = make_inventory(dice);
    memory::World world = make_world(dice, inventory);
    Policy policy = make_policy(dice, inventory);
    std::optional<Rollout> rollout = dice.one_in(2) ? std::nullopt : std::optional(make_rollout(dice));
    return {std::move(world), std::move(inventory), std::move(policy), std::move(rollout)};
}

}  // namespace fairway::laws
