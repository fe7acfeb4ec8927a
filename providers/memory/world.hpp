// An embedded estate: a world in a file. Its text form, and what it holds. Pure; the file is memory.cpp's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/event.hpp"
#include "engine/model/registered_names.hpp"
#include "engine/model/rights.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/stamp.hpp"

namespace fairway::memory {

// A fault that tests and demonstrations plant. Read faults stay; write faults are used up.
struct Fault {
    enum class On { read, write };
    enum class Effect {
        unreachable,  // an Error, nothing done
        denied,       // the same, with another code
        lost_reply,   // done, then an Error
        torn,         // a write of several requests: the first half is done, then an Error
        ignored,      // answered with success, nothing done
        complaint,    // done, and the object says that it failed
        dies,         // done, and from then on the object does not answer
    };
    On on{};
    Effect effect{};
    std::string object;                // of this object only
    const Setting* setting = nullptr;  // of this setting only; null: any
    std::int64_t skip = 0;             // this many pass before it strikes
    std::int64_t times = 1;            // and then it strikes so often
    std::optional<Kind> kind = {};     // of an object of this kind only
};

// What the caller may not write, or not surely; everything else may be written. A refused write is refused when it is
// tried as well.
struct Reserve {
    std::string object;
    const Setting* setting = nullptr;  // of this setting only; null: any of its account in the directory
    May may{};
};

// A copy of the computers' settings. The first is read and written; the others show a change `late_s` after it.
struct Copy {
    std::string server, id;
    std::int64_t late_s = 0;
    bool reachable = true;
};

struct World {
    std::string estate;
    std::map<Address, Value> values;                    // no entry: the property is not there
    std::vector<std::pair<Kind, std::string>> objects;  // those that exist, in the file's order
    std::vector<std::string> dns_suffixes;              // that the domain allows in full names, beside its own name
    std::vector<NameOwner> others;  // accounts that are none of the computers, for their service principal names
    std::vector<Reserve> rights;
    std::vector<Copy> copies;               // empty: there is one, and nobody asks about changes
    std::map<Address, ChangeStamp> stamps;  // of computers' settings, where there are copies
    std::vector<Fault> faults;
    std::vector<LogEvent> events;  // that hosts logged, whatever the time is now

    bool has(Kind kind, std::string_view object) const;
};

Result<World> parse_world(std::string_view text);
std::string print_world(const World& world);

}  // namespace fairway::memory
