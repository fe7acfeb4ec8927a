// See host_talk.hpp.
#include "providers/wmi/host_talk.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/networks.hpp"

namespace fairway::wmi {
namespace {

// Of some sixty properties the three that are looked at, and without the adapters that have no address.
constexpr std::string_view adapters_in_use =
    "SELECT IPAddress, IPEnabled, ServiceName FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE";

bool is_of(const cim::Instance& instance, Source source) {
    return text::same_folded(instance.class_name, class_row(source).name);
}

// The domain that vouched for the host, or that it named when it signed us on, is the one that it is joined to; so it
// need not be asked.
Instances joined_to(const std::string& domain) {
    return {{"Win32_ComputerSystem",
             {cim::scalar("PartOfDomain", "boolean", "TRUE"), cim::scalar("Domain", "string", text::fold(domain))}}};
}

}  // namespace

HostTalk::HostTalk(std::string host, std::vector<Address> addresses, std::optional<std::string> setting_key)
    : host_(std::move(host)), addresses_(std::move(addresses)), setting_key_(std::move(setting_key)) {}

bool HostTalk::wants(Source source) const {
    const bool direct = std::any_of(addresses_.begin(), addresses_.end(), [&](const Address& address) {
        const CodecRow* row = codec_row(*address.setting);
        return row != nullptr && row->source == source;
    });
    if (direct) return true;
    // Both of its neighbours cost two questions with the setting as without it, and then its key is known.
    if (source == Source::migration_setting)
        return !setting_key_ && !around_failed_ && wants(Source::migration_network) && wants(Source::migration_service);
    // A cluster shows in the adapters; see looks_clustered.
    return source == Source::adapters && wants(Source::cluster);
}

std::optional<Request> HostTalk::next(const Peer& peer) {
    endpoint_ = peer.endpoint;
    for (;;) {
        if (asking_) {
            if (auto request = asking_->next()) return request;
            finish();
        }
        if (lost_ || !begin_next(peer)) return std::nullopt;
    }
}

void HostTalk::take(const Result<std::string>& answer) {
    unanswered_ = !answer;
    asking_->take(answer);
}

// In the order of Source: the migration service's classes first, Windows' facts after, the cluster last.
bool HostTalk::begin_next(const Peer& peer) {
    for (const ClassRow& row : class_rows()) {
        const Source source = row.source;
        if (!wants(source) || has(source)) continue;
        const bool of_setting = source == Source::migration_network || source == Source::migration_service;
        if (of_setting && setting_key_) {
            ask_around();
            return true;
        }
        if (source == Source::computer && !peer.domain.empty()) {
            held_.emplace(source, joined_to(peer.domain));
            continue;
        }
        if (source == Source::cluster && !looks_clustered()) {
            held_.emplace(source, Instances{});
            continue;
        }
        ask(source, source == Source::adapters ? soap::Query{.wql = std::string(adapters_in_use)} : soap::Query{});
        return true;
    }
    return false;
}

void HostTalk::ask(Source source, soap::Query query) {
    const ClassRow& row = class_row(source);
    const std::string resource = query.wql.empty() ? resource_of(source) : soap::resource(row.wmi_namespace, "*");
    source_ = source;
    around_ = false;
    asking_.emplace(endpoint_, resource, std::move(query));
}

// The service by Msvm_ElementSettingData, the networks by ...ServiceSettingDataComponent (hyperv sheet 2.2, 2.3).
void HostTalk::ask_around() {
    around_ = true;
    asking_.emplace(
        endpoint_, soap::resource(class_row(Source::migration_setting).wmi_namespace, "*"),
        soap::Query{.wql = fmt::format("ASSOCIATORS OF {{{}.InstanceID={}}}", class_row(Source::migration_setting).name,
                                       soap::wql_literal(*setting_key_))});
}

void HostTalk::finish() {
    auto found = std::move(*asking_).result();
    asking_.reset();
    if (!found && unanswered_) lost_ = found.error();
    if (around_) return take_around(std::move(found));
    if (!found) found.error().text = fmt::format("{}: {}", class_row(source_).name, found.error().text);
    if (source_ == Source::migration_setting && !around_failed_)
        setting_key_ = found && found->size() == 1 ? found->front().text("InstanceID") : std::nullopt;
    held_.emplace(source_, std::move(found));
}

// A host that shows no service there associates otherwise than we think: then its classes are asked one by one.
void HostTalk::take_around(Result<Instances> found) {
    Instances services, networks;
    if (found) {
        for (cim::Instance& instance : *found) {
            if (is_of(instance, Source::migration_service)) services.push_back(std::move(instance));
            else if (is_of(instance, Source::migration_network)) networks.push_back(std::move(instance));
        }
    }
    if (services.empty()) {
        log::debug(
            fmt::format("{}: nothing is associated with the migration service's setting ({}); asking for each "
                        "class",
                        host_, found ? "an empty answer" : found.error().text));
        around_failed_ = true;
        setting_key_.reset();
        return;
    }
    held_.emplace(Source::migration_service, std::move(services));
    held_.emplace(Source::migration_network, std::move(networks));
}

// A node of a cluster has the cluster's virtual adapter, or a migration network that is the cluster's (README).
bool HostTalk::looks_clustered() const {
    const Instances* adapters = instances(Source::adapters);
    const Instances* networks = instances(Source::migration_network);
    if (adapters == nullptr) return true;  // not known: better ask
    const auto is_netft = [](const cim::Instance& adapter) {
        return text::same_folded(adapter.text("ServiceName").value_or(""), "NETFT");
    };
    return std::any_of(adapters->begin(), adapters->end(), is_netft) || (networks && has_foreign(*networks));
}

const Instances* HostTalk::instances(Source source) const {
    const auto it = held_.find(source);
    return it == held_.end() || !it->second ? nullptr : &*it->second;
}

bool HostTalk::answered() const {
    return std::any_of(held_.begin(), held_.end(), [](const auto& entry) { return entry.second.has_value(); });
}

Readings HostTalk::readings() const {
    const auto read = [this](const Address& address) -> Reading {
        const CodecRow* row = codec_row(*address.setting);
        if (row == nullptr)
            return fail(Code::unsupported, fmt::format("{} is not a setting of hosts", address.setting->name));
        const auto it = held_.find(row->source);
        if (it == held_.end()) return tl::unexpected(lost_.value_or(Error{Code::unreachable, "was not asked"}));
        if (it->second) return decode(*row, *it->second);
        if (lost_) return tl::unexpected(*lost_);
        // A host without such a class or namespace (no Hyper-V, no cluster) has nothing there: a fact, not an Error.
        if (it->second.error().code == Code::not_found) return Held{};
        return tl::unexpected(it->second.error());
    };
    Readings out;
    for (const Address& address : addresses_) {
        Reading reading = read(address);
        if (!reading) reading.error().text = fmt::format("{}: {}", host_, reading.error().text);
        out.emplace(address, std::move(reading));
    }
    return out;
}

}  // namespace fairway::wmi
