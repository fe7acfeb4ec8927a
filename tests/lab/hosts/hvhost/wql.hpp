// The small part of WQL that clients of this host use:
//   SELECT * | a, b FROM Class [WHERE x = 'y' | x LIKE 'y%' [AND ...] [OR ...]]
//   ASSOCIATORS OF {Class.Key="v",...} [WHERE [AssocClass = X] [ResultClass = Y]]
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cim.hpp"

namespace lab {

struct Condition {
    std::string name;
    std::string text;
    bool begins = false;  // LIKE, of which only a beginning is understood
};

struct Select {
    std::vector<std::string> columns;  // empty: *
    std::string class_name;
    std::vector<std::vector<Condition>> where;  // one of these, with all of its conditions; none: everything
};

struct Associators {
    std::string class_name;
    Keys keys;
    std::string assoc_class;
    std::string result_class;
};

using Query = std::variant<Select, Associators>;

// Throws Fault (bad_query).
[[nodiscard]] Query parse_wql(std::string_view text);

}  // namespace lab
