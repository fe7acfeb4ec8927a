// See controllers.hpp.
#include "providers/ldap/controller/controllers.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/controller/site.hpp"
#include "providers/ldap/controller/srv.hpp"
#include "providers/ldap/wire/record.hpp"
#include "providers/ldap/wire/result.hpp"

namespace fairway::ldap {
namespace {

// A name may stand for several controllers; once one has answered, no other may take its place.
template <class W, class Dial>
Result<std::unique_ptr<W>> dial_again(const Dial& dial, const Directory& directory, const Controller& known) {
    Result<std::unique_ptr<W>> wire = dial(directory, known.server);
    if (!wire) return wire;
    const Result<Root> root = read_root(**wire);
    if (!root) return tl::unexpected(root.error());
    if (root->server_object != known.root.server_object)
        return fail(Code::unreachable,
                    fmt::format("{} is answered by {} now, which is another server than before; name one controller in "
                                "the inventory and start again",
                                known.server, root->dns_name));
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

Result<void> check_pin(const Replica& pin, const Controller& found) {
    if (pin.id.empty() || found.invocation == pin.id) return {};
    return fail(Code::refused,
                fmt::format("the run is bound to {} with the database {}, and {} answers with the database {}: it was "
                            "restored or is another server, so what it holds may lack what the run wrote",
                            pin.server, pin.id, found.root.dns_name,
                            found.invocation.empty() ? "that it does not show" : found.invocation));
}

Error away(const Replica& pin, const Error& error) {
    return {error.code, fmt::format("{}; the run wrote at {} only, and what other domain controllers hold may lack it: "
                                    "wait until it answers, or name another with --controller",
                                    error.text, pin.server)};
}

}  // namespace

Replica replica_of(const Controller& controller) {
    return {controller.domain, controller.server, controller.invocation};
}

Controllers::Controllers(Inventory inventory, std::vector<Replica> pinned, SharedRecording recording)
    : inventory_(std::move(inventory)), pinned_(std::move(pinned)), recording_(std::move(recording)) {}

const Replica* Controllers::pin_of(const Directory& directory) const {
    for (const Replica& pin : pinned_)
        if (pin.domain == directory.domain) return &pin;
    return nullptr;
}

template <class W, class Dial>
Result<Controllers::Opened<W>> Controllers::choose(const Directory& directory, const std::string& server, Dial dial) {
    const auto known = std::make_shared<Controller>();
    known->server = server;
    const auto line = std::make_shared<Line<W>>([=]() -> Result<std::unique_ptr<W>> {
        if (known->root.server_object.empty()) return dial(directory, server);
        return dial_again<W>(dial, directory, *known);
    });
    const auto ask = [&](W& wire) -> Result<Controller> {
        Result<Root> root = read_root(wire);
        if (!root) return tl::unexpected(root.error());
        Result<std::string> invocation = read_invocation(wire, root->server_object);
        if (!invocation) return tl::unexpected(invocation.error());
        return Controller{directory.domain, server, std::move(*root), std::move(*invocation)};
    };
    Result<Controller> found = line->repeatable(ask);
    if (!found) return tl::unexpected(found.error());
    if (auto fit = check_root(found->root, directory); !fit) return tl::unexpected(fit.error());
    if (auto own = check_own_name(found->root, directory, server); !own) return tl::unexpected(own.error());
    *known = std::move(*found);
    return Opened<W>{known, line};
}

template <class W, class Dial>
Result<Controllers::Opened<W>> Controllers::open(const Directory& directory, Dial dial) {
    if (const auto it = chosen_.find(directory.domain); it != chosen_.end()) {
        const auto known = it->second;
        return Opened<W>{known, std::make_shared<Line<W>>([=] { return dial_again<W>(dial, directory, *known); })};
    }
    const Replica* pin = pin_of(directory);
    Result<std::vector<std::string>> servers =
        pin ? Result<std::vector<std::string>>({pin->server}) : candidates(directory);
    if (!servers) return tl::unexpected(servers.error());
    std::vector<std::string> reasons;
    for (const std::string& server : *servers) {
        auto opened = choose<W>(directory, server, dial);
        if (opened && pin)
            if (auto same = check_pin(*pin, *opened->controller); !same) return tl::unexpected(same.error());
        if (opened) {
            const Root& root = opened->controller->root;
            log::info(fmt::format("ldap: using {} ({})", server, root.dns_name));
            note(root);
            chosen_.emplace(directory.domain, opened->controller);
            return opened;
        }
        const Error& why = opened.error();
        if (why.code != Code::unreachable && why.code != Code::unsupported) return tl::unexpected(why);
        log::warn(fmt::format("ldap: {}", why.text));
        reasons.push_back(why.text);
    }
    const Error none{Code::unreachable, text::join(reasons, "; ")};
    return tl::unexpected(pin ? away(*pin, none) : none);
}

Result<Controllers::Opened<ReadWire>> Controllers::to_read(const Directory& directory) {
    if (const auto it = to_read_.find(directory.domain); it != to_read_.end()) return it->second;
    auto opened = open<ReadWire>(directory, recorded_reads(dial_to_read, recording_));
    if (!opened) return opened;
    opened->seen = seen_.try_emplace(directory.domain, opened->seen).first->second;
    to_read_.emplace(directory.domain, *opened);
    return opened;
}

Result<Controllers::Opened<Wire>> Controllers::to_write(const Directory& directory) {
    auto opened = open<Wire>(directory, recorded_writes(dial_to_write, recording_));
    if (opened) opened->seen = seen_.try_emplace(directory.domain, opened->seen).first->second;
    return opened;
}

Directory as_catalogue(Directory directory) {
    constexpr std::uint16_t plain = 3268, ldaps = 3269;
    directory.port = directory.tls == Tls::ldaps ? ldaps : plain;
    return directory;
}

Result<std::vector<std::string>> candidates(const Directory& directory) {
    if (!directory.servers.empty()) return directory.servers;
    const auto everywhere = look_up_services(fmt::format("_ldap._tcp.dc._msdcs.{}", directory.domain));
    const std::string site =
        directory.site.empty() && everywhere ? own_site(directory.domain, *everywhere) : directory.site;
    std::vector<Result<std::vector<ServiceRecord>>> found = {everywhere};
    if (!site.empty())
        found.insert(found.begin(),
                     look_up_services(fmt::format("_ldap._tcp.{}._sites.dc._msdcs.{}", site, directory.domain)));
    std::vector<std::string> out;
    std::optional<Error> last;
    for (const auto& records : found) {
        if (!records) last = records.error();
        else
            for (const ServiceRecord& record : *records)
                if (std::find(out.begin(), out.end(), record.host) == out.end()) out.push_back(record.host);
    }
    if (!out.empty()) return out;
    return fail(
        last ? last->code : Code::not_found,
        fmt::format("no domain controller of {} was found by DNS: {}; name `servers` in the inventory's directory, "
                    "or let this machine ask the domain's DNS servers",
                    directory.domain, last ? last->text : "no record"));
}

}  // namespace fairway::ldap
