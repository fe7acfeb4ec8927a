// See ldap.hpp: what must hold before a handle is given away.
#include "providers/ldap/ldap.hpp"

#include "providers/ldap/controllers.hpp"
#include "providers/ldap/handles.hpp"

namespace fairway::ldap {
namespace {

Result<void> has_directory(const Controllers& controllers) {
    if (!controllers.inventory().directories.empty()) return {};
    return fail(Code::bad_input, "the inventory names no directory");
}

}  // namespace

std::shared_ptr<Controllers> reach(const Inventory& inventory, std::vector<Replica> pinned) {
    return std::make_shared<Controllers>(inventory, std::move(pinned));
}

Result<std::unique_ptr<Reader>> open_reader(const std::shared_ptr<Controllers>& controllers,
                                            std::optional<Recall> recall) {
    if (auto named = has_directory(*controllers); !named) return tl::unexpected(named.error());
    std::vector<Domain<ReadWire>> domains;
    for (const Directory& directory : controllers->inventory().directories) {
        auto opened = controllers->to_read(directory);
        if (!opened) return tl::unexpected(opened.error());
        domains.push_back(std::move(*opened));
    }
    return std::make_unique<DirectoryReader>(std::move(domains), territory(controllers->inventory()),
                                             std::move(recall));
}

Result<std::unique_ptr<Writer>> open_writer(const std::shared_ptr<Controllers>& controllers) {
    if (auto named = has_directory(*controllers); !named) return tl::unexpected(named.error());
    std::vector<Domain<Wire>> domains;
    for (const Directory& directory : controllers->inventory().directories) {
        auto opened = controllers->to_write(directory);
        if (!opened) return tl::unexpected(opened.error());
        const Result<std::string> heuristics = opened->line.repeatable(
            [&](Wire& wire) { return read_heuristics(wire, opened->controller->root.configuration_context); });
        if (!heuristics) return tl::unexpected(heuristics.error());
        if (auto fine = check_heuristics(*heuristics); !fine) return tl::unexpected(fine.error());
        domains.push_back(std::move(*opened));
    }
    return std::make_unique<DirectoryWriter>(std::move(domains), territory(controllers->inventory()));
}

}  // namespace fairway::ldap
