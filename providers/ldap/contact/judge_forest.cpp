// The judges of what controllers and their forest show; see assumptions.hpp.
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/accounts/registered_names.hpp"
#include "providers/ldap/contact/assumptions.hpp"
#include "providers/ldap/controller/ping.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap::judge {
namespace {

// RFC 4120 7.5.9.
constexpr std::uint32_t unknown_service = 7, wrong_realm = 68;

std::optional<std::int64_t> time_in(const Result<Entry>& root) {
    return root ? parse_time_s(first_value(*root, "currentTime")) : std::nullopt;
}

bool has(const Entry& entry, std::string_view attribute, std::string_view value) {
    const Attribute* found = find(entry, attribute);
    return found != nullptr && std::any_of(found->values.begin(), found->values.end(),
                                           [&](const auto& one) { return text::same_folded(one, value); });
}

// What the KDC said of the controller's name; nothing: a ticket, or another refusal.
std::optional<Judgement> no_ticket(const Heard& heard) {
    if (!heard.ticket) return untried("the sign-on here is a simple one, so no KDC is asked");
    if (!*heard.ticket) return untried(heard.ticket->error());
    return std::nullopt;
}

}  // namespace

Judgement servers(const Heard& heard) {
    const auto servers = heard.entries(Subject::servers), settings = heard.entries(Subject::server_settings);
    if (!servers) return untried(servers.error());
    if (!settings) return untried(settings.error());
    if (settings->empty()) return untried("no server is shown");
    for (const Entry& one : *settings) {
        const auto server = std::find_if(servers->begin(), servers->end(), [&](const Entry& other) {
            return text::same_folded(one.dn, "CN=NTDS Settings," + other.dn);
        });
        if (server == servers->end()) return refuted("NTDS settings are not below a server object");
        for (const char* attribute : {"serverReference", "dNSHostName"})
            if (first_value(*server, attribute).empty()) return refuted(fmt::format("a server has no {}", attribute));
    }
    return holds(fmt::format("so for {} servers", settings->size()));
}

Judgement catalogue(const Heard& heard) {
    const auto account = heard.one(Subject::account_by_name);
    const auto found = heard.entries(Subject::catalogue);
    if (!account) return untried(account.error());
    if (!found) return untried(found.error());
    const bool there = std::any_of(found->begin(), found->end(),
                                   [&](const Entry& one) { return text::same_folded(one.dn, account->dn); });
    return there ? holds("the account was found") : refuted("the account is not found");
}

Judgement ping(const Heard& heard) {
    const auto answer = heard.entries(Subject::ping);
    if (!heard.entries(Subject::root_of_strangers)) return untried("nobody without a sign-on is answered here");
    if (!answer) return refuted(answer.error().text);
    return answer->empty() ? refuted("it is not answered") : holds("it is answered");
}

Judgement names_in_ping(const Heard& heard) {
    const auto answer = heard.one(Subject::ping);
    if (!answer) return untried(answer.error());
    const auto pong = parse_pong(first_value(*answer, ping_attribute));
    if (!pong) return refuted(pong.error().text);
    return text::same_folded(pong->domain, heard.domain)
               ? holds("all eight were read")
               : refuted(fmt::format("it names the domain `{}`", pong->domain));
}

Judgement controller_names(const Heard& heard) {
    const auto accounts = heard.entries(Subject::controllers);
    if (!accounts) return untried(accounts.error());
    if (accounts->empty()) return untried("no account of a controller is shown");
    for (const Entry& one : *accounts) {
        const std::string host = first_value(one, dns_attribute);
        if (!has(one, "servicePrincipalName", fmt::format("ldap/{}/{}", host, heard.domain)))
            return refuted(fmt::format("a controller (`{}`) does not hold it", host));
    }
    if (auto no = no_ticket(heard)) return *no;
    const auto status = (*heard.ticket)->status;
    if (status == unknown_service) return refuted("the KDC does not know the name");
    if (status) return untried(fmt::format("the KDC answers with its error {}", *status));
    return holds(fmt::format("{} controllers hold it, and the KDC gave a ticket", accounts->size()));
}

Judgement realm(const Heard& heard) {
    if (auto no = no_ticket(heard)) return *no;
    const auto status = (*heard.ticket)->status;
    if (status == wrong_realm) return refuted("the KDC knows no such realm");
    return holds("a KDC of that realm answered");
}

Judgement deleted_objects(const Heard& heard) {
    const auto container = heard.entries(Subject::deleted_container), inside = heard.entries(Subject::deleted);
    if (!container && container.error().code == Code::unreachable) return untried(container.error());
    if (!inside && inside.error().code == Code::unreachable) return untried(inside.error());
    const bool shown = container && container->size() == 1 && find(container->front(), "objectGUID") != nullptr;
    const bool others = inside && std::any_of(inside->begin(), inside->end(), [](const Entry& one) {
                            return !text::matches("CN=Deleted Objects,*", one.dn);  // the container itself
                        });
    if (!shown && others) return refuted("the container is hidden, and what is in it is not");
    if (!shown) return holds("both are hidden from this account");
    return others ? holds("both are shown") : untried("the container is shown, and nothing is in it");
}

Judgement recycle_bin(const Heard& heard) {
    constexpr std::string_view show_recycled = "1.2.840.113556.1.4.2064";
    const auto root = heard.one(Subject::root), partitions = heard.one(Subject::partitions);
    if (!root) return untried(root.error());
    if (find(*root, "supportedControl") == nullptr) return untried("supportedControl is not shown");
    if (has(*root, "supportedControl", show_recycled)) return holds("the controller knows the control");
    if (!partitions) return untried(partitions.error());
    const Attribute* features = find(*partitions, "msDS-EnabledFeature");
    const bool bin = features != nullptr &&
                     std::any_of(features->values.begin(), features->values.end(),
                                 [](const auto& one) { return text::matches("CN=Recycle Bin Feature,*", one); });
    return bin ? refuted("the recycle bin is enabled, and the controller does not know the control")
               : holds("neither the control nor the bin");
}

Judgement clock(const Heard& heard) {
    constexpr std::int64_t apart = 60;  // both were asked within this
    const auto open = heard.one(Subject::root_of_strangers), signed_on = heard.one(Subject::root);
    if (!open && open.error().code == Code::unreachable) return untried(open.error());
    const auto told = time_in(open);
    if (!told) return refuted("it is not shown without a sign-on, or is no time");
    const auto again = time_in(signed_on);
    if (!again) return untried("there is no connection with a sign-on to compare it with");
    const std::int64_t between = *again - *told;
    return std::abs(between) <= apart ? holds(fmt::format("two readings, {} s apart", between))
                                      : refuted(fmt::format("two readings are {} s apart", between));
}

Judgement mappings(const Heard& heard) {
    const auto settings = heard.one(Subject::forest_settings);
    if (!settings) return untried(settings.error());
    const Attribute* mappings = find(*settings, "sPNMappings");
    if (mappings == nullptr) return untried("it is not shown");
    for (const NameAlias& one : parse_mappings(mappings->values))
        if (text::same_folded(one.of, "host") &&
            std::any_of(one.classes.begin(), one.classes.end(),
                        [](const std::string& service) { return text::same_folded(service, "cifs"); }))
            return holds("cifs is among its classes");
    return refuted("cifs is not served by HOST");
}

}  // namespace fairway::ldap::judge
