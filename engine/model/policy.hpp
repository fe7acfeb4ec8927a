// The declared standard: rules with their reasons, and exceptions with their ends. Still about "the hosts
// of the rule", not about one host: desire (engine/plan) binds it to an inventory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/diagnostic.hpp"
#include "engine/model/rollout.hpp"
#include "engine/model/run_rules.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/want.hpp"

namespace fairway {

struct NamedHost {
    std::string name;  // of the inventory, without case
    Place where;
};

// Which hosts a rule is about. `pattern` is a tag, a migration domain's name or a host name with * and ?.
struct Select {
    enum class By { all, tag, migration_domain, name, hosts, all_but };
    By by = By::all;
    std::string pattern = {};
    std::vector<NamedHost> hosts = {};  // of the last two: these, or all but these
};

enum class ServiceClass { cifs, migration };
enum class Of { peers, self };  // the other hosts of the migration domain, or the host itself

// Service principal names that are worked out for each host: every service by short and by full name.
struct ComputedNames {
    std::vector<ServiceClass> services;
    Of of = Of::peers;
    std::vector<std::string> also;  // and these, as they stand
};

// The accounts of the other hosts of the migration domain.
struct PeerAccounts {};

using Operand = std::variant<Value, ComputedNames, PeerAccounts>;

struct RuleWant {
    const Setting* setting = nullptr;
    Comparator comparator{};
    Operand operand;
    Place where;
};

struct Rule {
    std::string id;  // unique in the policy
    std::string why;
    Severity severity = Severity::medium;
    Select select;
    std::vector<RuleWant> wants;
    Place where;
};

// A deviation that somebody answers for, until it ends. It covers one setting of one host.
struct Exception {
    std::string host;
    const Setting* setting = nullptr;
    std::string rule;  // or empty: every rule
    std::string owner, reason;
    std::int64_t until = 0;  // seconds since 1970, UTC
    std::string until_text;  // as the document has it
    Place where;
};

// What a plan must stay within; a plan that does not is refused. model/limits has a row for each.
struct Limits {
    Amount hosts = {};             // of the inventory, that change
    Risk risk = Risk::high;        // the highest that is allowed
    Amount paths_closed = {};      // open paths that steps close on the way
    Amount values_removed = {};    // from lists in the directory
    bool rollbacks = false;        // rollbacks are held to them too, as far as the policy states them
    bool risk_by_default = false;  // the policy states no risk, so rollbacks are not held to it
    bool probed = false;           // assumptions were tried on a host of the same build, and none was refuted

    friend bool operator==(const Limits&, const Limits&) = default;
};

// A file of which the policy has rules and exceptions.
struct IncludedFile {
    std::string file;
    std::string digest;  // SHA-256 of its bytes
};

struct Policy {
    std::string name, owner, why;
    std::string file;
    std::string digest;  // SHA-256 of the document's bytes, hexadecimal; with those of the files that it includes
    std::vector<IncludedFile> included = {};  // in its order
    std::vector<Rule> rules;
    std::vector<Exception> exceptions;
    Limits limits;
    std::optional<Rollout> rollout;  // empty: all hosts in one phase
    RunRules run_rules;
    std::optional<TrialMoves> moves;

    const std::string& file_of(Place place) const {
        return place.file == 0 ? file : included[static_cast<std::size_t>(place.file) - 1].file;
    }
};

}  // namespace fairway
