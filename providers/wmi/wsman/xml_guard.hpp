// Is this text fit to be given to a lenient XML library at all? One strict walk over the raw bytes, before anything
// is built of them. It knows neither names nor namespaces; that is xml.cpp's.
#pragma once

#include <string_view>

#include "providers/wmi/wsman/xml.hpp"

namespace fairway::wmi::xml {

// Empty: acceptable. Otherwise what is wrong with it: a document type, an entity that is not one of the five, a
// limit that is passed, text outside the root, or an end that comes too early.
std::string_view refusal(std::string_view document, const Limits& limits);

}  // namespace fairway::wmi::xml
