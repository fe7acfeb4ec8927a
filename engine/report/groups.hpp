// Equal findings as one: ninety hosts with one wrong setting are one answer, not ninety. Decides nothing else.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/plan.hpp"

namespace fairway::report {

struct Group {
    std::vector<const Finding*> findings;  // one at least; all of one verdict, severity, setting and rule
    std::string because;                   // what they have in common, printable
};

// How many values sets gain and lose, of all that were added: "1 to 5 values missing, 2 values too many".
class ValueCounts {
public:
    void add(Key key, const Set& before, const Set& after);
    std::string in_words(std::string_view added, std::string_view taken) const;  // what is said of either

private:
    struct Range {
        std::size_t least = 0, most = 0;  // of those that are not 0
        void add(std::size_t n);
        std::string in_words(std::string_view what) const;
    };
    Range added_, taken_;
};

// In the order in which the first of each comes. Those of one setting and rule that differ in their reasons only become
// one when there are many of them.
std::vector<Group> grouped(const std::vector<Finding>& findings, const std::function<bool(const Finding&)>& about);
// Each alone.
std::vector<Group> ungrouped(const std::vector<Finding>& findings, const std::function<bool(const Finding&)>& about);

// A reason without the host that it is about: its name and all IP addresses are `…`. What is said of many hosts in the
// same words is one cause.
std::string cause_of(std::string_view because, std::string_view host);

}  // namespace fairway::report
