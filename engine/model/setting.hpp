// A row of the catalogue: everything that is to be known of one setting or fact, so that the policy
// language, the schema, the planner, the reports and the manual are all printed from one place.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/model/value.hpp"

namespace fairway {

enum class Kind { host, computer };    // a Hyper-V host as WMI knows it; its account in the directory
enum class Stage { directory, host };  // where a change of it is made; see plan/order

// All that differs between the two: whoever would ask "host or not?" asks for a column instead.
struct KindRow {
    Kind kind;
    std::string_view name;     // in documents and results
    std::string_view section;  // all of them, in documents
    std::string_view noun;     // what is counted and spoken of
    std::string_view whose;    // before an object's name
    std::string_view change;   // of one of its settings, in words
    Stage stage;
    bool in_directory;   // its values stand at an account, of which the directory keeps identity and stamps
    bool tells_rights;   // whether the caller may write is told before it writes
    bool long_sets;      // a set is shown as its size
    bool written_whole;  // a write that comes late brings all of the object's settings with it
    std::string_view ends_late_writes;  // what rules out that one still comes; or empty
};
inline constexpr std::array<KindRow, 2> all_kinds = {{
    {.kind = Kind::host,
     .name = "host",
     .section = "hosts",
     .noun = "host",
     .whose = "host",
     .change = "host change",
     .stage = Stage::host,
     .in_directory = false,
     .tells_rights = false,
     .long_sets = false,
     .written_whole = true,
     .ends_late_writes = "Restart-Service WinRM"},
    {.kind = Kind::computer,
     .name = "computer",
     .section = "computers",
     .noun = "account",
     .whose = "the account of",
     .change = "directory change",
     .stage = Stage::directory,
     .in_directory = true,
     .tells_rights = true,
     .long_sets = true,
     .written_whole = false,
     .ends_late_writes = ""},
}};
constexpr const KindRow& row_of(Kind kind) { return all_kinds[static_cast<std::size_t>(kind)]; }

enum class Type { boolean, integer, word, set };
enum class Access {
    managed,    // a policy may want it
    fact,       // only read
    by_command  // a command of its own writes it, and no policy wants it
};
// Of a change: plan/risk says which. No policy allows what is forbidden.
enum class Risk { low, medium, high, critical, forbidden };
inline constexpr std::array all_risks = {Risk::low, Risk::medium, Risk::high, Risk::critical, Risk::forbidden};
enum class Undo { exact, by_element };  // put back as one value; or element by element, beside others' changes
enum class Atomic { yes, no };          // no: a write takes several requests and can be torn by a crash

// What the elements of a set are. The policy's forms, whose a name is, and risks go by it.
enum class ElementForm {
    plain,      // texts that no rule can want: of facts
    services,   // service principal names of others
    own_names,  // service principal names of the account itself
    accounts,
    networks
};

// What may come of a change, where plan/risk has no rows about the setting that decide it.
struct Stake {
    Risk risk{};
    std::string_view when, because;
};

// Whether a change of it could break a migration that runs on the host meanwhile.
enum class Disturbs { never, when_off, always };

struct Setting {
    std::string_view name;
    Kind kind;
    Type type;
    Access access = Access::managed;
    std::array<std::string_view, 2> words = {"no", "yes"};  // how a boolean is shown: false, true
    std::span<const std::string_view> choices = {};         // of a word; empty: any text
    std::int64_t least = 0, most = 0;                       // of an integer, both inclusive
    std::string_view unit = "";
    Key key = Key::whole;  // of a set's elements
    ElementForm elements = ElementForm::plain;
    std::string_view element = "";  // of a set: what its elements look like
    // Of a set: how many elements it holds at most, and from how many on it is time to think; 0: no limit is known.
    std::size_t most_elements = 0, many_elements = 0;
    std::string_view capacity = "";  // why, and what to do instead
    int rank = 0;                    // order of changes within one object, from 1 on; 0: of a fact
    Undo undo = Undo::exact;
    Atomic atomic = Atomic::yes;
    std::optional<Disturbs> disturbs = {};  // of a managed setting
    bool of_cluster = false;                // on a node of a failover cluster the cluster sets it, again and again
    std::optional<Stake> stake = {};
    bool worked_out = false;  // a fact that no provider holds: the engine makes it of others (run/vanished)
    bool of_caller = false;   // a fact about whoever asks, and not about the object that it is asked at
    std::string_view doc = "";
    std::string_view source = "";    // the property or attribute behind it
    std::string_view cmdlet = "";    // what an administrator would type for it; the name only
    std::string_view argument = "";  // of the cmdlet, where `command` is one for many settings
    bool replaces_list = false;      // the command names all that shall stay, so it is shown in full
    // The full command that a change equals, for a reviewer to read; never run.
    std::string (*command)(const Setting& row, std::string_view object, const Value& before,
                           const Value& after) = nullptr;
};

bool disturbs(const Setting& setting, const Value& after);

std::string_view name(Kind kind);
std::string_view name(Type type);
std::string_view name(Access access);
std::string_view name(Risk risk);
std::string_view name(Stage stage);
std::string_view name(Undo undo);

// "kerberos", "on", "4", "a, b, c and 25 more", for people.
std::string show(const Setting& setting, const Value& value);

}  // namespace fairway
