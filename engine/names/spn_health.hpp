// Are the service principal names of the hosts in order: there, at the right account, in the whole forest only once,
// and written so that somebody asks for them? Pure: what a directory holds comes in as values, findings go out. Nothing
// here is ever repaired; which of two owners is the wrong one, only people know.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/registered_names.hpp"
#include "engine/model/want.hpp"

namespace fairway {

enum class NameFault {
    no_account,        // the host's own account is not there, or hidden
    missing,           // needed, and nobody holds it
    elsewhere,         // held, but not by whom it belongs to
    duplicate,         // held by several accounts
    alias_duplicate,   // held by one account as itself, by another through an alias (cifs/X beside HOST/X)
    disabled,          // held by an account that is disabled
    ghost,             // it speaks of a computer that no account stands for
    malformed,         // written so that no client asks for it
    twice,             // one account holds it in several spellings
    stale_delegation,  // a host may delegate to it, and nobody holds it or is its computer
};
inline constexpr std::array all_name_faults = {
    NameFault::no_account, NameFault::missing, NameFault::elsewhere, NameFault::duplicate, NameFault::alias_duplicate,
    NameFault::disabled,   NameFault::ghost,   NameFault::malformed, NameFault::twice,     NameFault::stale_delegation};
std::string_view name(NameFault fault);

struct NameHolder {
    std::string account, dn, object_class;
    bool enabled = true;
};

// One fault of one or more names that share its cause, in words for people.
struct NameFinding {
    NameFault fault{};
    Severity severity{};
    std::string host = {};  // of the inventory, whom it concerns; empty: none of them
    std::vector<std::string> names;
    std::vector<NameHolder> holders = {};    // everybody known to hold them
    std::string should = {};                 // the account that should; empty: nobody, or nobody knows
    std::vector<std::string> through = {};   // alias_duplicate: the names that serve them at `should`
    std::string detail = {};                 // malformed: what is odd; ghost, stale_delegation: the computer
    std::string because = {};                // what is wrong and why it matters
    std::string advice = {};                 // what to do
    std::vector<std::string> commands = {};  // for a person to read and type; never run
};

enum class NameState { registered, aliased, missing, elsewhere, duplicate };
std::string_view name(NameState state);

// A name that a host needs, and how it stands with it.
struct NeededName {
    std::string name;
    NameState state{};
    std::string by = {};  // aliased: the name it is served by; elsewhere, duplicate: accounts
};

struct HostNames {
    std::string host;
    std::string dn;  // of its account; empty: none was found
    std::vector<NeededName> names;
};

struct NameHealth {
    std::vector<HostNames> hosts;  // in the order of the hosts given
    std::vector<NameFinding> findings;
};

// The service classes that only Hyper-V hosts register (WMI-70).
std::span<const std::string_view> hyperv_classes();

// What to ask a directory about these hosts; `wide`: and about every name of Hyper-V's classes in the forest.
NameQuestion question_about(std::span<const Host> hosts, bool wide);

// What to ask further before anything can be called a ghost or vanished: who the computers are that Hyper-V's names
// and the lists of delegation speak of, and who holds the names in those lists.
inline constexpr std::size_t most_further = 20'000;  // computers; who asks about so many has not asked about all
NameQuestion further_question(const RegisteredNames& names);

// The same for the same names, in whatever order a server gives them.
NameHealth judge_names(std::span<const Host> hosts, RegisteredNames names);

}  // namespace fairway
