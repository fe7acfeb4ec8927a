// See replicas.hpp. Facts: LDAP-21 and LDAP-22.
#include "providers/ldap/accounts/replicas.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/codec.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view blob_attribute = "replPropertyMetaData";
constexpr std::string_view xml_attribute = "msDS-ReplAttributeMetaData";
constexpr std::size_t most_servers = 10'000;

// What of a name is its naming context: from the first DC= on.
std::string_view context_of(std::string_view folded) {
    for (auto at = folded.find(",dc="); at != std::string_view::npos; at = folded.find(",dc=", at + 1))
        if (at > 0 && folded[at - 1] != '\\') return folded.substr(at + 1);
    return {};
}

// The object that holds the NTDS settings: everything behind the first comma, as CN=NTDS Settings has none in it.
std::string above(const std::string& dn) {
    const auto comma = dn.find(',');
    return comma == std::string::npos ? std::string() : dn.substr(comma + 1);
}

Result<std::vector<Entry>> every(ReadWire& wire, const std::string& base, std::string_view object_class,
                                 std::vector<std::string> attributes) {
    const Search search{base, Scope::subtree, Filter::equal("objectClass", object_class), std::move(attributes),
                        entries_per_page};
    std::vector<Entry> out;
    const auto read = search_all(wire, std::span(&search, 1), [&](std::vector<Entry> page) -> Result<void> {
        std::move(page.begin(), page.end(), std::back_inserter(out));
        if (out.size() > most_servers) return fail(Code::protocol, "the forest has more than 10000 servers");
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    return out;
}

ChangeStamp plain(const Stamp& stamp) { return {stamp.version, stamp.time, show_guid(stamp.dsa), stamp.usn}; }

// Empty: the account came without stamps.
Result<std::optional<Stamps>> stamps_of(const Account& account) {
    const auto blob = account.of(blob_attribute);
    const auto xml = account.of(xml_attribute);
    if (blob.empty() && xml.empty()) return std::optional<Stamps>();
    auto stamps = blob.empty() ? collect_stamps({xml.begin(), xml.end()}) : parse_property_meta_data(blob.front());
    if (!stamps) return tl::unexpected(stamps.error());
    return std::optional(std::move(*stamps));
}

void answer(const Result<std::optional<Stamps>>& stamps, const std::vector<Address>& addresses, ChangeStamps& out) {
    for (const Address& address : addresses) {
        Result<std::optional<ChangeStamp>> one;
        if (!stamps) {
            one = about(address.object, stamps.error());
        } else if (!*stamps) {
            one = about(address.object, {Code::denied,
                                         "its replPropertyMetaData is not shown to us; reading it takes "
                                         "read-property on that attribute"});
        } else if (const auto it = (*stamps)->find(find_row(address.setting)->attribute); it != (*stamps)->end()) {
            one = std::optional(plain(it->second));
        }
        out.insert_or_assign(address, std::move(one));
    }
}

// The accounts' stamps by one attribute; those that came without are left.
Result<void> read_by(ReadWire& wire, const std::string& context, std::string_view attribute, const Asked& asked,
                     ChangeStamps& out, Asked& left) {
    const std::vector<std::string> attributes = {std::string(attribute)};
    return read_accounts(
        wire, context, objects_of(asked), attributes, [&](const std::string& host, const Result<Account>& account) {
            const auto& [object, addresses] = *asked.find(host);
            const auto stamps =
                account ? stamps_of(*account) : Result<std::optional<Stamps>>(tl::unexpected(account.error()));
            answer(stamps, addresses, out);
            if (stamps && !*stamps) left.emplace(object, addresses);
            else left.erase(object);
        });
}

}  // namespace

// The configuration names everybody who takes part in replication, whatever DNS knows of them: NTDS settings objects
// below the servers of the sites (MS-ADTS 6.1.1.2.2.1.2). A server without settings has been a controller once.
Result<std::vector<KnownServer>> read_servers(ReadWire& wire, const std::string& configuration_context,
                                              const std::string& context) {
    const std::string sites = "CN=Sites," + configuration_context;
    auto servers = every(wire, sites, "server", {"dNSHostName", "serverReference"});
    if (!servers) return tl::unexpected(servers.error());
    auto settings = every(wire, sites, "nTDSDSA", {"invocationId"});
    if (!settings) return tl::unexpected(settings.error());
    std::map<std::string, const Entry*> by_name;
    for (const Entry& entry : *servers) by_name.emplace(text::fold(entry.dn), &entry);
    std::vector<KnownServer> out;
    for (const Entry& entry : *settings) {
        const auto it = by_name.find(text::fold(above(entry.dn)));
        if (it == by_name.end()) continue;
        // The controller's own account, which is of its domain.
        if (context_of(text::fold(first_value(*it->second, "serverReference"))) != text::fold(context)) continue;
        const std::string dns = first_value(*it->second, "dNSHostName");
        const auto invocation = parse_guid(first_value(entry, "invocationId"));
        out.push_back({printable(text::fold(dns.empty() ? it->second->dn : dns)),
                       invocation ? show_guid(*invocation) : std::string(), entry.dn});
    }
    std::sort(out.begin(), out.end(), [](const KnownServer& a, const KnownServer& b) { return a.name < b.name; });
    return out;
}

// The blob first: both Active Directory and Samba keep it, and it is the smaller form by far.
Result<ChangeStamps> read_stamps(ReadWire& wire, const std::string& context, const Asked& asked) {
    ChangeStamps out;
    Asked without, still;
    if (auto read = read_by(wire, context, blob_attribute, asked, out, without); !read)
        return tl::unexpected(read.error());
    if (!without.empty())
        if (auto read = read_by(wire, context, xml_attribute, without, out, still); !read)
            return tl::unexpected(read.error());
    return out;
}

// Servers of the inventory that the configuration does not know by that name: another name of a known one, or a
// stranger.
void DirectoryReplicas::add_named(std::size_t domain, const std::vector<KnownServer>& known, std::vector<Holder>& out) {
    const Directory& directory = inventory_.directories[domain];
    const Controller& own = *own_[domain].controller;
    for (const std::string& server : directory.servers) {
        const auto called = [&](const KnownServer& one) { return text::same_folded(one.name, server); };
        if (std::any_of(known.begin(), known.end(), called)) continue;
        if (text::same_folded(server, own.server)) continue;
        const auto said = line_to(domain, server).repeatable([](ReadWire& wire) { return read_root(wire); });
        const auto same = [&](const KnownServer& one) {
            return said && text::same_folded(one.settings, said->server_object);
        };
        if (std::any_of(known.begin(), known.end(), same)) continue;
        if (said && !text::same_folded(said->default_context, own.root.default_context)) continue;
        out.push_back({{directory.domain, server, {}}, false});
    }
}

Result<std::vector<Holder>> DirectoryReplicas::all() {
    std::vector<Holder> out;
    for (std::size_t i = 0; i < own_.size(); ++i) {
        const Controller& own = *own_[i].controller;
        out.push_back({replica_of(own), true});
        const auto known = own_[i].line->repeatable([&](ReadWire& wire) {
            return read_servers(wire, own.root.configuration_context, own.root.default_context);
        });
        if (!known) return tl::unexpected(known.error());
        for (const KnownServer& server : *known)
            if (!text::same_folded(server.settings, own.root.server_object))
                out.push_back({{own.domain, server.name, server.invocation}, false});
        add_named(i, *known, out);
    }
    return out;
}

Line<ReadWire>& DirectoryReplicas::line_to(std::size_t domain, const std::string& server) {
    const auto it = lines_.find(server);
    if (it != lines_.end()) return it->second;
    const Directory& directory = inventory_.directories[domain];
    return lines_.emplace(server, Line<ReadWire>([this, &directory, server] { return dial_(directory, server); }))
        .first->second;
}

Result<ChangeStamps> DirectoryReplicas::stamps(const Replica& replica, std::span<const Address> addresses) {
    for (std::size_t i = 0; i < own_.size(); ++i) {
        const Controller& own = *own_[i].controller;
        if (own.domain != replica.domain) continue;
        Line<ReadWire>& line = replica == replica_of(own) ? *own_[i].line : line_to(i, replica.server);
        const Asked asked = own_.sorted(addresses)[i];
        return line.repeatable([&](ReadWire& wire) { return read_stamps(wire, own.root.default_context, asked); });
    }
    return fail(Code::bad_input, fmt::format("{} is of no domain of the inventory", replica.server));
}

}  // namespace fairway::ldap
