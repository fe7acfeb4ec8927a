// See contacts.hpp.
#include "engine/cli/contacts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/caller.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"

namespace fairway::cli {
namespace {

std::string not_remembered(std::string_view why) {
    return fmt::format("warning: the journal does not remember this probe, so apply will ask for it again: {}\n",
                       text::printable(why));
}

// The last probe of each build.
Result<std::map<std::int64_t, Contact>> probed_builds(const Journal* journal) {
    std::map<std::int64_t, Contact> out;
    if (journal == nullptr) return out;
    const auto contacts = journal->contacts();
    if (!contacts) return tl::unexpected(contacts.error());
    for (const Contact& one : *contacts)
        if (one.what == Contact::What::probe && one.build) out.insert_or_assign(*one.build, one);
    return out;
}

std::string with_hosts(const std::vector<std::string>& hosts, std::string_view what) {
    constexpr std::size_t most_named = 5;
    return fmt::format("{}: {}; `fairway probe {} --assume` tries what is assumed of it, by reading alone",
                       text::some(hosts, most_named, text::printable), what, text::printable(hosts.front()));
}

}  // namespace

Contact contact_with(const std::string& host, const Inventory& inventory, Contact::What what) {
    return {.what = what,
            .estate = inventory.estate,
            .host = host,
            .who = account(),
            .machine = machine(),
            .at = system_now()};
}

std::string remember(const Request& request, const Inventory& inventory, const std::vector<FirstContact>& seen) {
    const bool any = std::any_of(seen.begin(), seen.end(), [](const FirstContact& one) { return one.build; });
    if (!any) return {};
    const std::string path = store_path(request);
    const auto lock = lock_store(path, "remembering a probe");
    if (!lock) return not_remembered(lock.error().trouble);
    auto journal = Journal::open_to_append(path);
    if (!journal) return not_remembered(journal.error().text);
    for (const FirstContact& one : seen) {
        if (!one.build) continue;
        Contact contact = contact_with(one.probe.host, inventory, Contact::What::probe);
        contact.build = one.build;
        contact.holds = static_cast<std::int64_t>(one.count(Tried::holds));
        contact.refuted = static_cast<std::int64_t>(one.count(Tried::refuted));
        contact.untried = static_cast<std::int64_t>(one.count(Tried::untried));
        if (const auto noted = journal->note(contact); !noted) return not_remembered(noted.error().text);
    }
    return {};
}

Result<std::vector<std::string>> not_probed(const Plan& plan, const Inventory& inventory, Reader& reader,
                                            const Journal* journal) {
    std::vector<std::string> out;
    if (!inventory.embedded.empty()) return out;
    std::set<Address> asked;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            if (change.address.kind() == Kind::host) asked.insert({change.address.object, &setting::host_build});
    if (asked.empty()) return out;
    const auto probes = probed_builds(journal);
    if (!probes) return tl::unexpected(probes.error());
    if (probes->empty()) {  // then no host need be asked
        std::vector<std::string> hosts;
        for (const Address& address : asked) hosts.push_back(address.object);
        out.push_back(with_hosts(hosts, "no build of Windows was ever probed from here"));
        return out;
    }
    const Snapshot snapshot = reader.read(std::vector<Address>(asked.begin(), asked.end()), {});
    std::map<std::int64_t, std::vector<std::string>> by_build;
    std::vector<std::string> unknown;
    for (const Address& address : asked) {
        const Reading& build = snapshot.at(address);
        if (build && *build) by_build[std::get<std::int64_t>(**build)].push_back(address.object);
        else unknown.push_back(address.object);
    }
    for (const auto& [build, hosts] : by_build) {
        const auto probe = probes->find(build);
        if (probe == probes->end())
            out.push_back(with_hosts(hosts, fmt::format("Windows build {} was never probed from here", build)));
        else if (probe->second.refuted > 0)
            out.push_back(with_hosts(hosts, fmt::format("Windows build {} was probed at {}, and {} of what is assumed "
                                                        "of it was refuted",
                                                        build, show_time(probe->second.at), probe->second.refuted)));
    }
    if (!unknown.empty()) out.push_back(with_hosts(unknown, "the build of Windows cannot be read"));
    return out;
}

Loaded<std::vector<std::string>> warn_not_probed(const Plan& plan, Ground& held, const Stage& stage) {
    auto unknown = not_probed(plan, held.inventory, *held.reader, &held.journal);
    if (!unknown) return tl::unexpected(trouble(unknown.error()));
    if (plan.limits && plan.limits->probed && !unknown->empty())
        return tl::unexpected(trouble(Exit::refused, "refused",
                                      fmt::format("the policy requires hosts that were probed: {}; nothing was written",
                                                  text::join(*unknown, "; "))));
    for (const std::string& one : *unknown) stage.say(fmt::format("warning: {}\n", one));
    return std::move(*unknown);
}

}  // namespace fairway::cli
