// What a rule asks of one address, and how it is compared. The comparators' meaning: plan/comparators.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostic.hpp"
#include "engine/model/premise.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/value.hpp"

namespace fairway {

enum class Severity { low, medium, high, critical };
std::string_view name(Severity severity);

enum class Comparator {
    equals,    // any type: just this
    includes,  // sets: at least these
    within,    // sets: at most these
    without,   // sets: nothing that fits one of these patterns
    vanished,  // sets of services: nothing of these classes (none: of any) for computers that are gone; which these
               // are, the snapshot says
    at_least,  // integers
    at_most,   // integers
    restore,   // rollback: what we wrote (`from`) is to become the operand again; others' changes stay
};

// An upper bound of sets that is defined by what it forbids.
inline bool forbids(Comparator comparator) {
    return comparator == Comparator::without || comparator == Comparator::vanished;
}

// What another run changed after the one that is rolled back, so that it is that run's now.
struct TakenOver {
    std::string run;
    Set values;  // of a set: these elements; empty: the whole value

    friend bool operator==(const TakenOver&, const TakenOver&) = default;
};

struct Want {
    Comparator comparator{};
    Value operand;
    std::optional<Value> from;  // restore only: what the run left; empty when that is in doubt
    std::string rule;           // id of the rule, or of the run that is rolled back
    Severity severity = Severity::medium;
    std::string exception;  // who answers for a deviation and until when; empty: nobody does
    Place where;            // of the rule's want in the policy
    // Why nothing may be written for it, whatever is held: it names somebody of whom it is not known who that is
    // (plan/identity). Empty: nothing stands in the way.
    std::optional<Error> doubt = {};
    bool only_new = false;  // of a doubt: what is held already is left without a word
    // Restore only:
    Premises premises = {};  // what must hold for it to be the run's address still
    bool partly = false;     // not all of its writes are known to be done
    Set put_back = {};       // elements that are not wanted back: a rollback of the run did that, or they are not meant
    std::vector<TakenOver> taken_over = {};  // what belongs to other runs now
};

// Usually one want for an address; several where rules agree on it (at least these, at most those).
using Desired = std::map<Address, std::vector<Want>>;

std::string_view name(Comparator comparator);

}  // namespace fairway
