// The judges of what is asked beside settings, for a diagnosis and for trial moves; see assumptions.hpp.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "engine/base/guid.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/contact/assumptions.hpp"
#include "providers/wmi/hyperv/machines.hpp"
#include "providers/wmi/sights/questions.hpp"

namespace fairway::wmi::judge {
namespace {

// What Win32_PingStatus says of the name; an Error: it does not.
Result<std::uint64_t> resolved(const Evidence& seen, Special question) {
    const auto answer = seen.instances(question);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->size() != 1) return fail(Code::protocol, fmt::format("{} objects came", answer->size()));
    const auto status = answer->front().integer("PrimaryAddressResolutionStatus");
    if (!status) return tl::unexpected(status.error());
    if (!*status) return fail(Code::protocol, "PrimaryAddressResolutionStatus is missing");
    return **status;
}

// Those of the virtual machines, without the host itself.
Instances machines_in(const Evidence& seen) {
    Instances out = seen.instances(Source::machines).value_or(Instances{});
    std::erase_if(out, [](const cim::Instance& one) { return !is_machine(one); });
    return out;
}

// A number up to `most`.
bool is_code(const cim::Instance& of, const char* property, std::uint64_t most) {
    const auto value = of.integer(property);
    return value && *value && **value <= most;
}

}  // namespace

Judgement clock(const Evidence& seen) {
    const auto all = seen.instances(Source::operating_system);
    if (!all) return untried(all.error());
    const auto shown = read_clock(*all);
    if (!shown) return refuted(shown.error().text);
    if (shown->finest > 1) return refuted("LocalDateTime has whole seconds alone");
    constexpr std::int64_t apart = 5;
    const auto date = seen.heard.at(Source::operating_system).front().date;
    if (!date) return untried("the answer has no header Date to compare it with");
    const std::int64_t ahead = shown->ms / 1000 - *date;
    return std::abs(ahead) <= apart ? holds("with its zone, and what the header Date says")
                                    : refuted(fmt::format("it is {} s ahead of the header Date", ahead));
}

Judgement pings(const Evidence& seen) {
    constexpr std::uint64_t no_such_name = 11001;
    for (const Special question : {Special::ping, Special::ping_of_nobody})
        if (auto no = unanswered(seen, question)) return *no;
    const auto known = resolved(seen, Special::ping), unknown = resolved(seen, Special::ping_of_nobody);
    if (!known) return refuted(known.error().text);
    if (!unknown) return refuted(unknown.error().text);
    if (*unknown != no_such_name) return refuted(fmt::format("a name that does not exist has the status {}", *unknown));
    if (*known == no_such_name) return untried("the host does not resolve the name of its domain");
    if (*known != 0) return refuted(fmt::format("the name of its domain has the status {}", *known));
    const auto shown = seen.instances(Special::ping).and_then(read_ping);
    if (!shown) return refuted(shown.error().text);
    return holds(shown->address.empty() ? "0 and 11001; nobody answered the ping" : "0 with an address, and 11001");
}

Judgement resolver_cache(const Evidence& seen) {
    const auto known = resolved(seen, Special::ping);
    if (!known || *known != 0) return untried("the host did not look up the name of its domain");
    if (auto no = unanswered(seen, Special::resolver_cache)) return *no;
    const auto records = seen.instances(Special::resolver_cache);
    if (!records) return untried(records.error());
    const auto addresses = read_resolver_cache(*records);
    if (!addresses.empty()) return holds(fmt::format("{} addresses of its domain", addresses.size()));
    return refuted(
        fmt::format("the name was looked up just now, and none of {} records has an address", records->size()));
}

Judgement listening_ports(const Evidence& seen) {
    if (auto no = unanswered(seen, Special::listening)) return *no;
    const auto ports = seen.instances(Special::listening).and_then(read_listening);
    if (!ports) return refuted(ports.error().text);
    return ports->contains(seen.port) ? holds(fmt::format("{} ports, {} among them", ports->size(), seen.port))
                                      : refuted(fmt::format("{} is not among the {} ports, and the host answers there",
                                                            seen.port, ports->size()));
}

Judgement memory(const Evidence& seen) {
    const Instances machines = machines_in(seen);
    if (machines.empty()) return untried("the host shows no VM");
    if (auto no = unanswered(seen, Special::memory)) return *no;
    const auto found = seen.instances(Special::memory);
    if (!found) return untried(found.error());
    if (found->empty()) return refuted("none came, and the host has a VM");
    for (const cim::Instance& one : *found) {
        const std::string units = one.text("AllocationUnits").value_or(std::string(mebibytes));
        if (!text::same_folded(units, mebibytes)) return refuted(fmt::format("AllocationUnits is `{}`", units));
        const auto quantity = one.integer("VirtualQuantity");
        if (!quantity || !*quantity || **quantity == 0) return refuted("VirtualQuantity is no number");
    }
    return holds(fmt::format("so for {} VMs", found->size()));
}

Judgement migration_jobs(const Evidence& seen) {
    if (auto no = unanswered(seen, Source::migration_jobs)) return *no;
    const auto jobs = seen.instances(Source::migration_jobs);
    if (!jobs) return untried(jobs.error());
    if (jobs->empty()) return untried("they can be enumerated, and there is no move now");
    const Instances machines = machines_in(seen);
    for (const cim::Instance& job : *jobs) {
        const std::string of = job.text("VirtualSystemName").value_or("");
        const bool known = std::any_of(machines.begin(), machines.end(), [&](const cim::Instance& one) {
            return text::same_folded(of, one.text("ElementName").value_or(""));
        });
        if (!is_guid(of) && !known) return refuted(fmt::format("VirtualSystemName is `{}`", of));
    }
    return holds(fmt::format("so for {} moves", jobs->size()));
}

Judgement cluster_nodes(const Evidence& seen) {
    const auto nodes = seen.instances(Source::cluster_nodes);
    if (!nodes || nodes->empty()) return untried("the host shows no cluster");
    const auto own = std::find_if(nodes->begin(), nodes->end(), [&](const cim::Instance& node) {
        return text::same_folded(node.text("Name").value_or(""), seen.host);
    });
    if (own == nodes->end()) return refuted("no node has the host's short name");
    constexpr std::uint64_t joining = 3, drain_failed = 3;  // the last of each
    if (!is_code(*own, "State", joining)) return refuted("State is none of 0 to 3");
    if (!is_code(*own, "NodeDrainStatus", drain_failed)) return refuted("NodeDrainStatus is none of 0 to 3");
    return holds(fmt::format("one of {} nodes", nodes->size()));
}

Judgement enabled_state(const Evidence& seen) {
    const auto all = seen.instances(Source::machines);
    if (!all) return untried(all.error());
    const auto own = std::find_if(all->begin(), all->end(), [](const cim::Instance& one) { return !is_machine(one); });
    if (own == all->end()) return untried("Hyper-V does not show the host itself");
    const auto state = own->integer("EnabledState");
    return state && *state == state_running ? holds("the host itself runs, and has 2")
                                            : refuted("the host itself runs, and has another number");
}

}  // namespace fairway::wmi::judge
