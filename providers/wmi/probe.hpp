// Can this host be reached and read, and if not, at which step does it stop and why? Tried once, without patience, by
// the same line, questions and words as every other command; nothing is written on the host. What was said can be
// kept for fixtures, with everything replaced in it that names a place or a person.
#pragma once

#include <functional>
#include <string>

#include "engine/model/inventory.hpp"
#include "engine/model/probe.hpp"

namespace fairway::wmi {

// Called with each exchange in the clear, as it was said: the request's action in one word, both texts.
using Record = std::function<void(const std::string& action, const std::string& request, const std::string& reply)>;

Probe probe(const Inventory& inventory, const Host& host, const Record& record = {});

// Names, addresses, identifiers and accounts replaced by made-up ones, the same by the same.
class Redaction {
public:
    explicit Redaction(const Inventory& inventory);
    std::string operator()(std::string_view text);

private:
    std::string stand_in(const std::string& kind, const std::string& text);

    std::vector<std::pair<std::string, std::string>> names_;  // longest first
    std::vector<std::pair<std::string, std::string>> seen_;
};

}  // namespace fairway::wmi
