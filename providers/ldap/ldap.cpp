// See ldap.hpp: which server is chosen, and what must hold before a handle is given away.
#include "providers/ldap/ldap.hpp"

#include <fmt/format.h>
#include <chrono>
#include <cstdlib>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/registered_names.hpp"
#include "providers/ldap/result.hpp"

namespace fairway::ldap {
namespace {

template <class W>
struct Opened {
    Line<W> line;
    Root root;
};

// A name may stand for several controllers; once one has answered (its dsServiceName is kept in `pinned`),
// no other may take its place, because what it holds may be older or newer.
template <class W, class Dial>
Result<std::unique_ptr<W>> dial_pinned(const Dial& dial, const Directory& directory, const std::string& server,
                                       const std::string& pinned) {
    Result<std::unique_ptr<W>> wire = dial(directory, server);
    if (!wire || pinned.empty()) return wire;
    const Result<Root> root = read_root(**wire);
    if (!root) return tl::unexpected(root.error());
    if (root->server_object != pinned)
        return fail(Code::unreachable,
                    fmt::format("{} is answered by {} now, which is another server than before; name "
                                "one controller in the inventory and start again",
                                server, root->dns_name));
    return wire;
}

// For people who look for the cause of what Kerberos says later.
void note(const Root& root) {
    constexpr std::int64_t noticeable_s = 60;  // Kerberos gives up at 300
    log::debug(fmt::format("ldap: {} offers {}", root.dns_name, printable(text::join(root.mechanisms, " "))));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t ahead_s =
        std::chrono::duration_cast<std::chrono::seconds>(now).count() - root.time_s.value_or(0);
    if (root.time_s && std::abs(ahead_s) > noticeable_s)
        log::warn(fmt::format("ldap: the clocks of this machine and {} differ by {} s", root.dns_name, ahead_s));
}

// Only what cannot be reached makes us try the next: a server that says no would be overruled otherwise.
template <class W, class Dial>
Result<Opened<W>> open_first(const Inventory& inventory, Dial dial) {
    if (!inventory.directory || inventory.directory->servers.empty())
        return fail(Code::bad_input, "the inventory names no directory server");
    const Directory& directory = *inventory.directory;
    std::vector<std::string> reasons;
    for (const std::string& server : directory.servers) {
        const auto pinned = std::make_shared<std::string>();
        Line<W> line([=] { return dial_pinned<W>(dial, directory, server, *pinned); });
        Result<Root> root = line.repeatable([](W& wire) { return read_root(wire); });
        Result<void> fit;
        if (!root) fit = tl::unexpected(root.error());
        else fit = check_root(*root, directory);
        if (fit) {
            *pinned = root->server_object;
            log::info(fmt::format("ldap: using {} ({})", server, root->dns_name));
            note(*root);
            return Opened<W>{std::move(line), std::move(*root)};
        }
        if (fit.error().code != Code::unreachable) return tl::unexpected(fit.error());
        log::warn(fmt::format("ldap: {}", fit.error().text));
        reasons.push_back(fit.error().text);
    }
    return fail(Code::unreachable, text::join(reasons, "; "));
}

// The ports of a global catalogue (MS-ADTS 3.1.1.3.1.2). StartTLS works on the first as on 389.
constexpr std::uint16_t catalogue_port = 3268, catalogue_ldaps_port = 3269;

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const Inventory& inventory) {
    auto opened = open_first<ReadWire>(inventory, dial_to_read);
    if (!opened) return tl::unexpected(opened.error());
    return std::make_unique<DirectoryReader>(std::move(opened->line), std::move(opened->root));
}

Result<std::unique_ptr<NameReader>> open_name_reader(const Inventory& inventory) {
    // The mappings are not in the catalogue's part of the configuration, so the directory's own port is asked first.
    auto own = open_first<ReadWire>(inventory, dial_to_read);
    if (!own) return tl::unexpected(own.error());
    auto aliases =
        own->line.repeatable([&](ReadWire& wire) { return read_mappings(wire, own->root.configuration_context); });
    if (!aliases) return tl::unexpected(aliases.error());
    Inventory forest = inventory;
    forest.directory->port = forest.directory->tls == Tls::ldaps ? catalogue_ldaps_port : catalogue_port;
    auto catalogue = open_first<ReadWire>(forest, dial_to_read);
    if (catalogue)
        return std::make_unique<RegisteredNameReader>(
            Catalogue{.line = std::move(catalogue->line),
                      .base = "",
                      .source = fmt::format("the global catalogue at {}", catalogue->root.dns_name),
                      .caveat = "",
                      .aliases = std::move(*aliases)});
    if (catalogue.error().code != Code::unreachable) return tl::unexpected(catalogue.error());
    return std::make_unique<RegisteredNameReader>(
        Catalogue{.line = std::move(own->line),
                  .base = own->root.default_context,
                  .source = own->root.dns_name,
                  .caveat = fmt::format("only the domain {} was searched, not the whole forest, because no global "
                                        "catalogue answers: {}",
                                        inventory.directory->domain, catalogue.error().text),
                  .aliases = std::move(*aliases)});
}

Result<std::unique_ptr<Writer>> open_writer(const Inventory& inventory) {
    auto opened = open_first<Wire>(inventory, dial_to_write);
    if (!opened) return tl::unexpected(opened.error());
    const Result<std::string> heuristics =
        opened->line.repeatable([&](Wire& wire) { return read_heuristics(wire, opened->root.configuration_context); });
    if (!heuristics) return tl::unexpected(heuristics.error());
    if (auto fine = check_heuristics(*heuristics); !fine) return tl::unexpected(fine.error());
    return std::make_unique<DirectoryWriter>(std::move(opened->line), std::move(opened->root));
}

}  // namespace fairway::ldap
