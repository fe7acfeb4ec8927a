// See ldap.hpp: what must hold before a handle is given away.
#include "providers/ldap/ldap.hpp"

#include <fmt/format.h>

#include "providers/ldap/accounts/host_finder.hpp"
#include "providers/ldap/accounts/registered_names.hpp"
#include "providers/ldap/accounts/replicas.hpp"
#include "providers/ldap/accounts/rights.hpp"
#include "providers/ldap/controller/controllers.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/wire/record.hpp"

namespace fairway::ldap {
namespace {

Result<void> has_directory(const Controllers& controllers) {
    if (!controllers.inventory().directories.empty()) return {};
    return fail(Code::bad_input, "the inventory names no directory");
}

Result<Domains<ReadWire>> domains_to_read(Controllers& controllers) {
    if (auto named = has_directory(controllers); !named) return tl::unexpected(named.error());
    std::vector<Domain<ReadWire>> domains;
    for (const Directory& directory : controllers.inventory().directories) {
        auto opened = controllers.to_read(directory);
        if (!opened) return tl::unexpected(opened.error());
        domains.push_back(std::move(*opened));
    }
    return Domains(std::move(domains), territory(controllers.inventory()));
}

Result<Domain<ReadWire>> open_catalogue(Inventory inventory, SharedRecording recording) {
    for (Directory& directory : inventory.directories) directory = as_catalogue(std::move(directory));
    Controllers catalogues(std::move(inventory), {}, std::move(recording));
    return catalogues.to_read(catalogues.inventory().directories.front());
}

}  // namespace

std::shared_ptr<Controllers> reach(const Inventory& inventory, std::vector<Replica> pinned, SharedRecording recording) {
    return std::make_shared<Controllers>(inventory, std::move(pinned), std::move(recording));
}

Result<std::unique_ptr<Reader>> open_reader(const std::shared_ptr<Controllers>& controllers,
                                            std::optional<Recall> recall) {
    auto domains = domains_to_read(*controllers);
    if (!domains) return tl::unexpected(domains.error());
    return std::make_unique<DirectoryReader>(std::move(*domains), std::move(recall));
}

Result<std::unique_ptr<RightsReader>> open_rights_reader(const std::shared_ptr<Controllers>& controllers) {
    auto domains = domains_to_read(*controllers);
    if (!domains) return tl::unexpected(domains.error());
    return std::make_unique<DirectoryRights>(std::move(*domains));
}

Result<std::unique_ptr<Replicas>> open_replicas(const std::shared_ptr<Controllers>& controllers) {
    auto domains = domains_to_read(*controllers);
    if (!domains) return tl::unexpected(domains.error());
    return std::make_unique<DirectoryReplicas>(controllers->inventory(), std::move(*domains),
                                               recorded_reads(dial_to_read, controllers->recording()));
}

Result<std::unique_ptr<NameReader>> open_name_reader(const std::shared_ptr<Controllers>& controllers) {
    if (auto named = has_directory(*controllers); !named) return tl::unexpected(named.error());
    // The mappings are not in the catalogue's part of the configuration, so the directory's own port is asked first.
    const Directory& first = controllers->inventory().directories.front();
    auto own = controllers->to_read(first);
    if (!own) return tl::unexpected(own.error());
    const Root& root = own->controller->root;
    auto aliases =
        own->line->repeatable([&](ReadWire& wire) { return read_mappings(wire, root.configuration_context); });
    if (!aliases) return tl::unexpected(aliases.error());
    auto catalogue = open_catalogue(controllers->inventory(), controllers->recording());
    if (catalogue)
        return std::make_unique<RegisteredNameReader>(
            Catalogue{.line = catalogue->line,
                      .base = "",
                      .source = fmt::format("the global catalogue at {}", catalogue->controller->root.dns_name),
                      .caveat = "",
                      .aliases = std::move(*aliases)},
            controllers);
    if (catalogue.error().code != Code::unreachable) return tl::unexpected(catalogue.error());
    return std::make_unique<RegisteredNameReader>(
        Catalogue{.line = own->line,
                  .base = root.default_context,
                  .source = root.dns_name,
                  .caveat = fmt::format("only the domain {} was searched, not the whole forest, because no global "
                                        "catalogue answers: {}",
                                        first.domain, catalogue.error().text),
                  .aliases = std::move(*aliases)},
        controllers);
}

Result<std::unique_ptr<HostFinder>> open_finder(const std::shared_ptr<Controllers>& controllers) {
    if (auto named = has_directory(*controllers); !named) return tl::unexpected(named.error());
    return std::make_unique<DirectoryFinder>(controllers);
}

Result<std::unique_ptr<Writer>> open_writer(const std::shared_ptr<Controllers>& controllers) {
    if (auto named = has_directory(*controllers); !named) return tl::unexpected(named.error());
    std::vector<Domain<Wire>> domains;
    for (const Directory& directory : controllers->inventory().directories) {
        auto opened = controllers->to_write(directory);
        if (!opened) return tl::unexpected(opened.error());
        const Result<std::string> heuristics = opened->line->repeatable(
            [&](Wire& wire) { return read_heuristics(wire, opened->controller->root.configuration_context); });
        if (!heuristics) return tl::unexpected(heuristics.error());
        if (auto fine = check_heuristics(*heuristics); !fine) return tl::unexpected(fine.error());
        opened->seen->keep();
        domains.push_back(std::move(*opened));
    }
    return std::make_unique<DirectoryWriter>(Domains(std::move(domains), territory(controllers->inventory())));
}

}  // namespace fairway::ldap
