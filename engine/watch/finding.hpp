// What `watch` remembers of a finding: whom it is about, what was found, and who wrote that. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/want.hpp"

namespace fairway::watch {

enum class Sort {
    value,   // a setting that is not as a rule wants it
    estate,  // a fault of the estate (model/estate_finding); `setting` is its name
    unread,  // a host or an account that could not be read, or not all of it
    audit    // the audit itself came to no result
};
inline constexpr std::array all_sorts = {Sort::value, Sort::estate, Sort::unread, Sort::audit};
std::string_view name(Sort sort);

// Which finding it is. An account is known by its SID where the audit read that, whatever it is called.
struct Subject {
    Sort sort{};
    std::string object, sid, kind, setting, rule;

    friend bool operator==(const Subject&, const Subject&) = default;
};

// Whose the value is that was found, as far as replication and the journal say it.
struct Wrote {
    std::string whose = "unknown";  // ours, somebody else, unknown
    std::string because, run, who, ticket;
    std::string controller;    // the domain controller where it was changed last; empty: of no account
    std::int64_t changed = 0;  // when, by the clock of that one; 0: not known

    friend bool operator==(const Wrote&, const Wrote&) = default;
};

struct Detail {
    Severity severity{};
    std::string because, held, wanted;
    Wrote wrote = {};

    friend bool operator==(const Detail&, const Detail&) = default;
};

struct Noticed {
    Subject subject;
    Detail detail;
};

// What an audit says of a finding that was there before and that it does not have.
enum class Fate { complies, excepted, absent, not_asked, unread };
inline constexpr std::array all_fates = {Fate::complies, Fate::excepted, Fate::absent, Fate::not_asked, Fate::unread};
std::string_view name(Fate fate);
std::string_view words(Fate fate);  // "complies again"

// One audit.
struct Seen {
    bool whole = true;    // false: it came to no result, so it says nothing of any finding
    std::string because;  // why not
    std::vector<Noticed> findings;
    std::map<std::int64_t, Fate> fates;  // of open findings, by their number; one that is missing here is not asked for
};

}  // namespace fairway::watch
