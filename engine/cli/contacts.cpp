// See contacts.hpp.
#include "engine/cli/contacts.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/caller.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"

namespace fairway::cli {
namespace {

std::string not_remembered(std::string_view why) {
    return fmt::format("warning: the journal does not remember this probe, so apply will ask for it again: {}\n",
                       text::printable(why));
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

}  // namespace fairway::cli
