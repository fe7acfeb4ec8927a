// A Recollection as bytes: a log of records, so that what changed is a few bytes at its end. A record that is torn or
// damaged ends the log; the mark of a later USN stands behind the accounts that it holds for, so what is left is older,
// and true. Pure.
//
//   file    "fairway recollection 2\n", then records
//   record  length u32, checksum u64 of the payload, payload      (all numbers little-endian)
//   payload 'h' viewer, invocation, full_s i64, settings          once, first
//           's' texts, in the order of sets              the words of indexed sets: hosts of one domain share most
//           'a' name, guid, a value for each setting              the last one of a name counts
//           'f' name                                              forget it
//           'm' usn i64                                           all changes up to it are above
//   text    length u32, bytes;  list: count u32, texts;  value: 0 nothing, 1 boolean, 2 integer, 3 text, 4 set,
//           5 set as a list of u32, ascending places among the words
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "providers/ldap/recall/recollection.hpp"

namespace fairway::ldap {

std::string print_recollection(const Recollection& known);
// What a later state adds to the log: these names and the new mark.
std::string print_changes(const Recollection& known, std::span<const std::string> names);

struct ParsedRecollection {
    Recollection known;
    bool whole = true;  // false: its end is torn, so nothing may be added to it
};
// Empty: nothing in it can be used.
std::optional<ParsedRecollection> parse_recollection(std::string_view bytes);

}  // namespace fairway::ldap
