// What is seen of the directory's domains for a diagnosis: their controllers from here, tickets that their KDC gives,
// accounts. Nothing is connected before it is asked for, because what is diagnosed may be that nobody can connect.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <span>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/accounts/replicas.hpp"
#include "providers/ldap/accounts/standing.hpp"
#include "providers/ldap/controller/clock.hpp"
#include "providers/ldap/ldap.hpp"
#include "providers/ldap/wire/login.hpp"
#include "providers/network/ports.hpp"
#include "providers/sign_on/gss_ticket.hpp"

namespace fairway::ldap {
namespace {

constexpr std::array<std::uint16_t, 4> controller_ports = {88, 389, 636, 3268};  // KDC, LDAP, LDAPS, catalogue

Result<gss::Service> service_of(const std::string& name) {
    const auto parts = text::split(name, '/');
    const bool empty = std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return part.empty(); });
    if (parts.size() < 2 || parts.size() > 3 || empty)
        return fail(Code::bad_input, fmt::format("`{}` is no service principal name", text::printable(name)));
    return gss::Service{std::string(parts[0]), std::string(parts[1]),
                        parts.size() == 3 ? std::string(parts[2]) : std::string()};
}

class DomainSights final : public DirectorySights {
public:
    explicit DomainSights(std::shared_ptr<Controllers> controllers) : controllers_(std::move(controllers)) {}

    Result<std::vector<ControllerSeen>> controllers() override {
        std::vector<ControllerSeen> out;
        for (const Directory& directory : controllers_->inventory().directories) {
            const auto servers = servers_of(directory);
            if (!servers) return tl::unexpected(servers.error());
            // A port for LDAPS shows nothing without TLS.
            const std::uint16_t port = directory.tls == Tls::ldaps ? controller_ports[1] : directory.port;
            for (const std::string& server : *servers) {
                auto ports = network::try_ports(server, controller_ports);
                auto clock = clock_at(server, port, ports);
                out.push_back({server, std::move(ports), std::move(clock)});
            }
        }
        return out;
    }

    Result<TicketSeen> ticket(const std::string& name) override {
        const auto service = service_of(name);
        if (!service) return tl::unexpected(service.error());
        const Directory& directory = directory_of(service->host);
        if (directory.bind == Bind::simple)
            return fail(Code::unsupported,
                        "the directory is signed on to by a simple bind, so no KDC can be asked for tickets; write "
                        "`bind: gssapi` and credentials for Kerberos in the inventory");
        const auto login = remembered(logins_, directory.domain,
                                      [&] { return login_by(directory.credentials, gss::Mechanism::krb5); });
        if (!login) return tl::unexpected(login.error());
        return gss::ask_ticket(**login, directory.domain, *service);
    }

    Result<AccountSeen> account(const std::string& name) override {
        std::vector<Domain<ReadWire>> opened;
        for (const Directory& directory : controllers_->inventory().directories) {
            auto domain = open(directory);
            if (!domain) return tl::unexpected(domain.error());
            opened.push_back(std::move(*domain));
        }
        Domains<ReadWire> domains(std::move(opened));
        return find_account(domains, name, system_now());
    }

private:
    // Nobody is waited for again who did not answer.
    static Result<ClockSeen> clock_at(const std::string& server, std::uint16_t port, std::span<const PortSeen> ports) {
        for (const PortSeen& seen : ports)
            if (seen.port == port && seen.answer != PortAnswer::open)
                return fail(Code::unreachable, fmt::format("{}: port {} is {} from here, so its clock is not known",
                                                           server, port, name(seen.answer)));
        return read_clock(server, port, system_now_ms);
    }

    // Got once, or refused once: each try with a wrong password counts towards a lockout, and each with nobody there
    // takes its time.
    template <class Thing, class Get>
    static Result<Thing> remembered(std::map<std::string, Result<Thing>>& held, const std::string& domain, Get get) {
        const auto it = held.find(domain);
        return it != held.end() ? it->second : held.emplace(domain, get()).first->second;
    }
    Result<Domain<ReadWire>> open(const Directory& directory) {
        return remembered(opened_, directory.domain, [&] { return controllers_->to_read(directory); });
    }

    // As they are named in the inventory or by DNS, and all others that the forest knows, if it can be asked.
    Result<std::vector<std::string>> servers_of(const Directory& directory) {
        auto out = candidates(directory);
        const auto opened = open(directory);
        if (!opened) return out;
        const Root& root = opened->controller->root;
        const auto known = opened->line->repeatable(
            [&](ReadWire& wire) { return read_servers(wire, root.configuration_context, root.default_context); });
        if (!out) out.emplace();
        for (const KnownServer& server : known.value_or(std::vector<KnownServer>())) {
            const auto same = [&](const std::string& one) { return text::same_folded(one, server.name); };
            if (std::none_of(out->begin(), out->end(), same)) out->push_back(server.name);
        }
        return out;
    }

    // The one whose domain holds the host's account.
    const Directory& directory_of(const std::string& host) const {
        const Inventory& inventory = controllers_->inventory();
        for (const Host& one : inventory.hosts)
            if (text::same_folded(one.name, host) || text::same_folded(one.dns, host))
                for (const Directory& directory : inventory.directories)
                    if (directory.domain == one.account_domain) return directory;
        return inventory.directories.front();
    }

    std::shared_ptr<Controllers> controllers_;
    std::map<std::string, Result<gss::SharedLogin>> logins_;
    std::map<std::string, Result<Domain<ReadWire>>> opened_;
};

}  // namespace

Result<std::unique_ptr<DirectorySights>> open_sights(const std::shared_ptr<Controllers>& controllers) {
    if (controllers->inventory().directories.empty()) return fail(Code::bad_input, "the inventory names no directory");
    return std::make_unique<DomainSights>(controllers);
}

}  // namespace fairway::ldap
