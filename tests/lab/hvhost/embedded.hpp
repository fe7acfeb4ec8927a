// Embedded instances: CIM-XML text inside a string parameter [DSP0201, DSP0203].
// Tolerates what hosts themselves write (QUALIFIER, PROPAGATED, CLASSORIGIN), refuses everything else.
#pragma once

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

// Nothing when the text is not one INSTANCE of CIM-XML.
[[nodiscard]] std::optional<Embedded> parse_embedded(std::string_view text);

// Strings and uint16/uint32 arrays are all that the host writes itself (Msvm_Error).
[[nodiscard]] std::string embedded_error(std::string_view message_id, std::string_view message);

}  // namespace lab
