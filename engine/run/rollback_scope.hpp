// Which part of a run is put back? Hosts, waves, settings, and single values of lists; what is named together must all
// fit. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/run.hpp"
#include "engine/model/want.hpp"

namespace fairway {

// Nothing said: all of the run.
struct RollbackScope {
    std::optional<std::set<std::string>> only = {};  // hosts; empty: all, those too that the inventory has no more
    std::set<std::string> except = {};
    std::vector<std::string> settings = {};          // none: all
    std::optional<std::set<Address>> of_waves = {};  // what some waves changed; empty: all
    std::vector<std::string> values = {};            // elements of lists; none: all, and what is no list

    bool is_part() const;
    bool covers(const Address& address) const;
    // An element of a list by its key, or the whole of another value (an empty one).
    bool covers(const Address& address, std::string_view element) const;
};

// What the run's plan changes in these waves. Code::bad_input: it has no such wave.
Result<std::set<Address>> addresses_of_waves(const Run& run, const std::vector<std::int64_t>& waves);

// Code::bad_input: the run's plan neither adds nor takes such a value.
Result<void> knows_its_values(const Run& run, const std::vector<std::string>& values);

// Leaves of the wants to put the run back what the scope covers.
void narrow(Desired& wants, const RollbackScope& scope, const Run& run);

}  // namespace fairway
