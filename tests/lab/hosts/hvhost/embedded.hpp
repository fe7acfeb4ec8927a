// Embedded instances: CIM-XML text inside a string parameter [DSP0201, DSP0203].
// Tolerates what hosts themselves write (QUALIFIER, PROPAGATED, CLASSORIGIN), refuses everything else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cim.hpp"

namespace lab {

struct EmbeddedProperty {
    std::string name;
    std::string type;
    bool array = false;
    std::optional<std::vector<std::string>> values;  // nothing: no VALUE, which is NULL
};

struct Embedded {
    std::string class_name;
    std::vector<EmbeddedProperty> properties;
};

// Which code the host answers to a text with a named reference (&amp; and its like) in a VALUE; nothing: there is none.
// r4sd/go-wsman (CLAUDE.md, commit 031f6e2) measured 32768 for &amp; and 32773 for &lt; on a host, which took &#34;.
// INFERENCE: the other three names are refused as &lt; is, and all numbers are taken.
[[nodiscard]] std::optional<std::uint64_t> refused_reference(std::string_view text);

// Nothing when the text is not one INSTANCE of CIM-XML.
[[nodiscard]] std::optional<Embedded> parse_embedded(std::string_view text);

// Strings and uint16/uint32 arrays are all that the host writes itself (Msvm_Error).
[[nodiscard]] std::string embedded_error(std::string_view message_id, std::string_view message);

}  // namespace lab
