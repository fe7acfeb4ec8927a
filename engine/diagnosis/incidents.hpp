// Which move does an event belong to: from where to where, and which VM? Events name them in values and texts of any
// language, so a host is known by its name and a VM by its id. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/diagnosis/cause_table.hpp"
#include "engine/model/event.hpp"

namespace fairway {

struct Move {
    std::string from, to;   // short names in upper case; empty: not known
    std::string vm, vm_id;  // as they came, the id in upper case; empty: not known
    std::int64_t at_us = 0;
};

// The row of an event by its provider and id; null: there is none.
const EventRow* find_event(const LogEvent& event);
bool is_of_hyper_v(const LogEvent& event);

class Incidents {
public:
    Incidents(std::span<const LogEvent> events, std::span<const std::string> hosts);

    // The move that a failure belongs to, as far as the events tell.
    Move of(const LogEvent& event) const;
    // Whether a later event says that the VM did move.
    bool made_good(const Move& failed) const;

private:
    struct Mentions {
        std::vector<std::string> hosts;  // others than the one that wrote it
        std::string vm_id;
        std::vector<std::string> names;  // values, and what is in quotes: a VM's name may be among them
    };
    using LastDone = std::unordered_map<std::string, std::int64_t>;
    using Place = std::vector<Move>::const_iterator;
    static void note_last(LastDone& last, const std::string& vm, std::int64_t at_us);
    // Those from the first moment to the last; `moves` are by time.
    static std::pair<Place, Place> around(const std::vector<Move>& moves, std::int64_t first_us, std::int64_t last_us);
    void learn_hosts(const LogEvent& event);
    void learn_move(const LogEvent& event);
    Mentions mentions(const LogEvent& event) const;
    static std::string last_of(const Mentions& said);
    const Move* started(const LogEvent& event, const Mentions& said) const;
    bool is_host(const std::string& name) const { return hosts_.contains(name); }

    std::set<std::string, std::less<>> hosts_;
    std::vector<Move> starts_, frames_;   // by time
    LastDone done_by_id_, done_by_name_;  // when each VM moved last
    std::vector<Move> frames_of_winrm_;   // who could not be reached, by the events beside one that has the code
};

}  // namespace fairway
