// A request as it was understood: addressing headers, selectors, body. Refuses what Windows refuses.
// Knows the envelope; does not know what any class or method means.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cim.hpp"
#include "xml.hpp"

namespace lab {

struct Selector {
    std::string name;
    std::string text;
};

struct Request {
    std::unique_ptr<pugi::xml_document> document;  // owns what `body` points into
    pugi::xml_node body;                           // the one element of s:Body, empty for Get
    bool identify = false;

    std::string action;
    std::string message_id;
    std::string resource_uri;
    std::string ns;          // root/virtualization/v2
    std::string class_name;  // or "*"
    std::vector<Selector> selectors;
    std::vector<Selector> options;  // w:OptionSet; nil is empty
    std::string identifier;         // e:Identifier, of a subscription
    std::uint64_t max_envelope = 0;
};

inline constexpr std::uint64_t kServerMaxEnvelope = 500 * 1024;

// Throws Fault; `request.message_id` is filled as early as possible, so that the fault can relate to it.
void read_request(std::string_view text, Request& request);

// The content of an EPR: a:Address and a:ReferenceParameters below `node`. Throws Fault when it is none.
[[nodiscard]] Reference read_reference(const pugi::xml_node& node);

}  // namespace lab
