// See estate_finding.hpp.
#include "engine/model/estate_finding.hpp"

#include "engine/model/want.hpp"

namespace fairway {
namespace {

struct FaultRow {
    std::string_view name;
    Severity severity;
};

// In the order of EstateFault.
constexpr std::array<FaultRow, all_estate_faults.size()> fault_rows = {{
    {"left_out", Severity::medium},
    {"no_hyperv", Severity::medium},
    {"name_claimed", Severity::high},
    {"two_domains", Severity::medium},
    {"lone_host", Severity::medium},
    {"exception_unused", Severity::medium},
    {"rule_unused", Severity::medium},
    {"paths_closed", Severity::high},
    {"odd_delegation", Severity::medium},
    {"no_peers", Severity::medium},
    {"vanished_class", Severity::medium},
    {"glass_open", Severity::high},
    {"glass_past", Severity::critical},
}};

const FaultRow& row(EstateFault fault) { return fault_rows.at(static_cast<std::size_t>(fault)); }

}  // namespace

std::string_view name(EstateFault fault) { return row(fault).name; }
Severity severity_of(EstateFault fault) { return row(fault).severity; }

}  // namespace fairway
