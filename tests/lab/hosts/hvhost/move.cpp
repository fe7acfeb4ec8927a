// The steps of a move in the order in which Hyper-V meets them; codes from the failure catalogue.
// INFERENCE marks a code that no source names for this case.
#include "move.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "base64.hpp"
#include "directory.hpp"
#include "estate_json.hpp"
#include "gss.hpp"
#include "peer.hpp"
#include "sights.hpp"
#include "subnet.hpp"

namespace lab {
namespace {

using nlohmann::json;

constexpr std::uint32_t kNoCredentials = 0x8009030E;
constexpr std::uint32_t kUnknownCredentials = 0x8009030D;
constexpr std::uint32_t kUnknownTarget = 0x80090303;
constexpr std::uint32_t kWrongPrincipal = 0x80090322;
constexpr std::uint32_t kTimeSkew = 0x80090324;
constexpr std::uint32_t kAccessDenied = 0x80070005;
constexpr std::uint32_t kNotSupported = 0x80070032;  // INFERENCE
constexpr std::uint32_t kRefused = 0x8007274D;
constexpr std::uint32_t kTimedOut = 0x8007274C;
constexpr std::uint32_t kReset = 0x80072746;
constexpr std::uint32_t kUnknownHost = 0x80072AF9;  // INFERENCE: WSAHOST_NOT_FOUND

constexpr std::uint32_t kKerberos = 1;

// On a drive of the host, and so moved from one to the other; a path of a share stays.
bool is_own(const std::string& path) { return !path.starts_with("\\\\"); }

const std::string kMigrationService = "Microsoft Virtual System Migration Service/";

const std::string kSkewed = "The clocks on the client and server machines are skewed";

using Verdict = std::optional<Failure>;

// Counts the move as running when nothing stands against it; a mere check is not counted.
Verdict begin(Host& host, const MoveOrder& order) {
    return host.with([&](Host::State& state) -> Verdict {
        if (order.caller.find('@') == std::string::npos) {
            return Failure{kNoCredentials, "The local account '" + order.caller +
                                               "' has no ticket to delegate. No credentials are available in the "
                                               "security package"};
        }
        if (!state.settings.enabled) return Failure{kNotSupported, "Live migration is not enabled at the source"};
        if (state.active_migrations >= state.settings.max_migrations) {
            return Failure{kNotSupported, "The limit of simultaneous migrations is reached at the source"};
        }
        if (state.settings.authentication != kKerberos) {
            return Failure{kNoCredentials,
                           std::string(state.credential_guard ? "CredSSP: Credential Guard runs at the source"
                                                              : "CredSSP: nobody is signed on at the source") +
                               ", so there are no credentials to delegate. No credentials are available in the "
                               "security package"};
        }
        if (is_skewed(state.clock_ahead)) return Failure{kTimeSkew, kSkewed};
        if (order.smb && !state.settings.smb) return Failure{kNotSupported, "SMB is not enabled at the source"};
        if (!order.only_check) ++state.active_migrations;
        return std::nullopt;
    });
}

// Samba's KDC issues no ticket for a service class with blanks, so these two are read, not asked.
Verdict check_directory(const Host& host, const std::string& destination) {
    const DirectoryAddress directory{host.estate().directory_url, host.estate().base_dn};
    const auto wanted = kMigrationService + destination;
    const auto same = [&](const std::string& value) { return same_name(value, wanted); };
    const auto allowed = delegation_of(directory, host.estate().host);
    if (!allowed) return Failure{kNoCredentials, "The directory could not be read: " + allowed.error()};
    if (std::none_of(allowed->begin(), allowed->end(), same)) {
        return Failure{kUnknownCredentials, "The credentials supplied to the package were not recognized: " +
                                                host.estate().host + " may not delegate to " + wanted};
    }
    const auto holders = holders_of(directory, wanted);
    if (!holders) return Failure{kNoCredentials, "The directory could not be read: " + holders.error()};
    if (holders->empty()) {
        return Failure{kUnknownTarget, "The specified target is unknown or unreachable: no account holds " + wanted};
    }
    if (holders->size() > 1) {
        return Failure{kWrongPrincipal, "The target principal name is incorrect: " + wanted + " is held by " +
                                            std::to_string(holders->size()) + " accounts"};
    }
    return std::nullopt;
}

Failure of(PeerError error, const std::string& destination) {
    const auto at = " (" + destination + ":" + std::to_string(kMigrationPort) + ")";
    switch (error) {
        case PeerError::refused:
            return {kRefused, "No connection could be made because the target machine actively refused it" + at};
        case PeerError::timed_out: return {kTimedOut, "The connection attempt timed out" + at};
        case PeerError::unknown_host: return {kUnknownHost, "No such host is known" + at};
        case PeerError::broken: break;
    }
    return {kReset, "The connection was closed by the remote host" + at};
}

Verdict refusal_in(const json& answer) {
    const auto at = answer.find("refused");
    if (at == answer.end()) return std::nullopt;
    return Failure{at->at("code").get<std::uint32_t>(), at->at("text").get<std::string>()};
}

json refused(std::uint32_t code, const std::string& text) { return {{"refused", {{"code", code}, {"text", text}}}}; }

// An address of the destination that lies in a network which the source itself may use for moves.
Verdict choose_address(Host& host, const MoveOrder& order, const std::vector<std::string>& offered) {
    const auto networks = host.with([](Host::State& state) { return state.networks; });
    for (const auto& text : offered) {
        const auto& asked = order.destination_addresses;
        if (!asked.empty() && std::find(asked.begin(), asked.end(), text) == asked.end()) continue;
        const auto address = boost::asio::ip::make_address(text);
        for (const auto& network : networks) {
            const auto subnet = parse_subnet(network.subnet, network.prefix);
            if (subnet && subnet->contains(address)) return std::nullopt;
        }
    }
    return Failure{kTimedOut, "No address of " + order.destination + " lies in a migration network of the source"};
}

// One exchange with the destination; its refusal, whatever form it has, becomes a Failure.
tl::expected<json, Failure> ask(Peer& peer, const MoveOrder& order, const std::string& path,
                                const std::string& authorization, const json& message, Delegation* delegation) {
    const auto reply = peer.post(path, authorization, message.dump());
    if (!reply) return tl::unexpected(of(reply.error(), order.destination));
    if (reply->status == 401) {
        return tl::unexpected(Failure{kWrongPrincipal, "The target principal name is incorrect: " + order.destination +
                                                           " does not accept the ticket"});
    }
    if (reply->status == 403) return tl::unexpected(Failure{kAccessDenied, order.caller + " is denied access"});
    if (reply->status != 200) return tl::unexpected(of(PeerError::broken, order.destination));
    if (delegation != nullptr) {
        const auto blank = reply->authenticate.find(' ');
        const auto token = from_base64(reply->authenticate.substr(blank == std::string::npos ? 0 : blank + 1));
        if (const auto proof = delegation->finish(token); !proof) {
            return tl::unexpected(Failure{kWrongPrincipal, "The destination did not prove itself: " + proof.error()});
        }
    }
    auto answer = json::parse(reply->body, nullptr, false);
    if (answer.is_discarded()) return tl::unexpected(of(PeerError::broken, order.destination));
    if (auto no = refusal_in(answer)) return tl::unexpected(*no);
    return answer;
}

Failure refused_by_kdc(const MoveOrder& order, const std::string& words) {
    return {kNoCredentials, "The connection with '" + order.destination +
                                "' could not be authenticated: No credentials are available in the security package. "
                                "The KDC says: " +
                                words};
}

// What the KDC refused a while ago and the host remembers; as Windows does for 15 minutes.
Verdict remembered(Host& host, const MoveOrder& order) {
    return host.with([&](Host::State& state) -> Verdict {
        const auto at = state.refusals.find(order.caller + " " + order.destination);
        if (at == state.refusals.end() || at->second.second < std::chrono::steady_clock::now()) return std::nullopt;
        return at->second.first;
    });
}

void remember(Host& host, const MoveOrder& order, const Failure& failure) {
    host.with([&](Host::State& state) {
        const auto until = std::chrono::steady_clock::now() + state.remembers_refusals;
        state.refusals.insert_or_assign(order.caller + " " + order.destination, std::pair(failure, until));
    });
}

// The ticket for the destination in the caller's name, and the text of it; or why there is none.
tl::expected<std::string, Failure> ticket(Host& host, const MoveOrder& order, Delegation& delegation) {
    if (auto refused_before = remembered(host, order)) return tl::unexpected(*refused_before);
    const auto token = delegation.start(host.estate().host + "$@" + host.estate().realm);
    if (token) return *token;
    const auto failure = refused_by_kdc(order, token.error());
    remember(host, order, failure);
    return tl::unexpected(failure);
}

// Everything that is said to the destination, with the ticket that the KDC gave.
Verdict talk(Host& host, const MoveOrder& order, Delegation& delegation, const std::string& token) {
    Peer peer;
    if (const auto connected = peer.connect(order.destination, address_of(host, order.destination), kMigrationPort);
        !connected) {
        return of(connected.error(), order.destination);
    }
    const json offer = {{"from", host.estate().host},
                        {"authentication", kKerberos},
                        {"smb", order.smb},
                        {"check", order.only_check},
                        {"machine", written(order.machine)}};
    const auto answer = ask(peer, order, "/lab/migrate/offer", "Kerberos " + to_base64(token), offer, &delegation);
    if (!answer) return answer.error();
    const auto offered = answer->at("addresses").get<std::vector<std::string>>();
    if (auto wrong = choose_address(host, order, offered)) return wrong;
    if (order.unreachable_disk) return order.unreachable_disk;
    if (order.only_check) return std::nullopt;
    if (host.goes_away("moving")) return of(PeerError::broken, order.destination);
    const auto dies = host.with([](Host::State& state) { return std::exchange(state.next_move_dies, std::nullopt); });
    if (dies) return dies;
    const auto taken = ask(peer, order, "/lab/migrate/machine", "", offer, nullptr);
    if (!taken) return taken.error();
    host.with([&](Host::State& state) {
        std::erase_if(state.machines, [&](const Machine& m) {
            if (!same_name(m.id, order.machine.id)) return false;
            for (const auto& disk : m.disks) {
                if (is_own(disk)) state.files.erase(boost::algorithm::to_lower_copy(disk));
            }
            return true;
        });
    });
    host.goes_away("moved");
    return std::nullopt;
}

}  // namespace

std::optional<Failure> carry_out(Host& host, const MoveOrder& order) {
    if (auto wrong = begin(host, order)) return wrong;
    Delegation delegation(order.caller, "cifs/" + order.destination + "@" + host.estate().realm);
    const auto token = ticket(host, order, delegation);
    // The KDC has been asked before the directory is read: its refusal is the plainer evidence.
    auto verdict = token ? check_directory(host, order.destination) : Verdict(token.error());
    if (!verdict) verdict = talk(host, order, delegation, *token);
    host.with([&](Host::State& state) {
        // A test may have set the count to nothing meanwhile.
        if (!order.only_check && state.active_migrations > 0) --state.active_migrations;
    });
    return verdict;
}

namespace {

// Nothing: it may come. With a machine that is planned here already only its own move may go on.
std::optional<json> against(const Host::State& state, const json& offer, bool goes_on) {
    if (!state.settings.enabled) return refused(kRefused, "Live migration is not enabled at the destination");
    if (is_skewed(state.clock_ahead)) return refused(kTimeSkew, kSkewed);
    if (state.settings.authentication != offer.at("authentication").get<std::uint32_t>()) {
        return refused(kNoCredentials, "The authentication types of source and destination differ");
    }
    if (state.active_migrations >= state.settings.max_migrations) {
        return refused(kNotSupported, "The limit of simultaneous migrations is reached at the destination");
    }
    if (offer.at("smb").get<bool>() && !state.settings.smb) {
        return refused(kNotSupported, "SMB is not enabled at the destination");
    }
    const auto id = offer.at("machine").at("id").get<std::string>();
    const auto is_in = [&](const std::vector<Machine>& machines) {
        return std::any_of(machines.begin(), machines.end(), [&](const Machine& m) { return same_name(m.id, id); });
    };
    if (is_in(state.machines)) return refused(kNotSupported, "A machine of this identity exists at the destination");
    if (!goes_on && is_in(state.planned)) {
        return refused(kNotSupported, "A planned machine of this identity exists at the destination");
    }
    return std::nullopt;
}

}  // namespace

json answer_offer(Host& host, const json& offer) {
    return host.with([&](Host::State& state) -> json {
        if (auto no = against(state, offer, false)) return *no;
        const bool leaves = offer.at("check").get<bool>() ? state.check_leaves_planned : state.move_leaves_planned;
        if (leaves) state.planned.push_back(read_machines(json::array({offer.at("machine")})).front());
        return {{"addresses", listener_addresses(host.estate(), state)}};
    });
}

json take_machine(Host& host, const json& message) {
    auto machine = read_machines(json::array({message.at("machine")})).front();
    auto answer = host.with([&](Host::State& state) -> json {
        if (auto no = against(state, message, true)) return *no;
        std::erase_if(state.planned, [&](const Machine& m) { return same_name(m.id, machine.id); });
        for (const auto& disk : machine.disks) {
            if (is_own(disk)) state.files.emplace(boost::algorithm::to_lower_copy(disk), disk);
        }
        state.machines.push_back(std::move(machine));
        return {{"taken", true}};
    });
    if (!answer.contains("refused")) host.goes_away("taken");
    return answer;
}

}  // namespace lab
