// Which attribute a setting lives in, what its values mean, and which modifications bring about a
// change. Pure: attribute values in, canonical values or modifications out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/snapshot.hpp"
#include "providers/ldap/wire/entry.hpp"

namespace fairway::ldap {

enum class Form {
    set,     // all values of the attribute
    slice,   // the values of one service class; the others are neither shown nor touched
    bit,     // one bit of userAccountControl
    flags,   // the names of all its bits
    folded,  // one text, in lower case
    sid,     // the account's own SID, as text
    acting,  // SIDs as texts, out of a security descriptor; their names are found elsewhere (principals.hpp)
};

// What it takes to write the attribute beside, or instead of, write-property.
enum class Guard {
    none,
    privilege,  // SeEnableDelegationPrivilege as well: MS-ADTS 3.1.1.5.3.1.1 of the list, MS-SAMR 3.1.1.8.10 of flags
    validated_write,  // that will do (MS-ADTS 3.1.1.5.3.1.1.4), and allowedAttributesEffective does not count it
};

struct Row {
    const Setting* setting;
    std::string_view attribute;
    Form form;
    Guard guard;                          // of a fact: none
    std::uint32_t mask = 0;               // of a bit
    std::string_view service_class = {};  // of a slice
};

std::span<const Row> rows();
const Row* find_row(const Setting* setting);  // null: not a thing of the directory

// The canonical value; `values` is empty when the account has no such attribute.
Result<Held> decode(const Row& row, std::span<const std::string> values);

// What one modify request must say so that `before` becomes `after`, given the values that are there
// now. Code::stale, naming what differs, unless a scalar is still `before`, or every element that is to
// go is there and every element that is to come is not. The request repeats the old values, so that the
// server holds the same precondition once more, at the moment of the write (MS-ADTS 3.1.1.5.3).
// Empty: there is nothing to do.
Result<std::vector<Modification>> encode(const Row& row, const Value& before, const Value& after,
                                         std::span<const std::string> current);

}  // namespace fairway::ldap
