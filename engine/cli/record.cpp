// See record.hpp.
#include "engine/cli/record.hpp"

#include <fmt/format.h>

namespace fairway::cli {
namespace {

// operator@CORP.EXAMPLE, CORP\operator
void know_principal(StandIns& names, std::string_view principal) {
    if (const auto slash = principal.find('\\'); slash != principal.npos) {
        names.know(principal.substr(0, slash), StandIns::Kind::name);
        principal.remove_prefix(slash + 1);
    }
    if (principal.find('=') == principal.npos)
        names.know(principal.substr(0, principal.find('@')), StandIns::Kind::user);
}

}  // namespace

void tell_names(const SharedRecording& recording, const Inventory& inventory) {
    if (!recording) return;
    recording->learn([&](StandIns& names) {
        for (const Directory& directory : inventory.directories) names.know_domain(directory.domain);
        for (const Host& host : inventory.hosts) names.know_host(host.name, host.dns);
        for (const Directory& directory : inventory.directories) {
            for (const std::string& server : directory.servers)
                names.know_host(server.substr(0, server.find('.')), server);
            know_principal(names, directory.credentials.principal);
        }
        for (const Host& host : inventory.hosts) know_principal(names, host.reach.credentials.principal);
    });
}

std::string told(const SharedRecording& recording) {
    if (!recording) return {};
    const std::size_t kept = recording->kept();
    const std::string exchanges = fmt::format("{} exchange{}", kept, kept == 1 ? "" : "s");
    if (recording->trouble())
        return fmt::format("warning: the record ends after {}, because the next file could not be written: {}\n",
                           exchanges, recording->trouble()->text);
    if (kept == 0) return "Nothing was recorded: no host and no domain controller was spoken to.\n";
    return fmt::format(
        "Recorded {} in {}: names, texts, paths, addresses and identifiers were replaced. Read it before "
        "you give it away.\n",
        exchanges, recording->folder());
}

}  // namespace fairway::cli
