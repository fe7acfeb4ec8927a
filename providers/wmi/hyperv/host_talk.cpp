// See host_talk.hpp.
#include "providers/wmi/hyperv/host_talk.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

// The domain that vouched for the host, or that it named when it signed us on, is the one that it is joined to; so it
// need not be asked.
Instances joined_to(const std::string& domain) {
    return {{"Win32_ComputerSystem",
             {cim::scalar("PartOfDomain", "boolean", "TRUE"), cim::scalar("Domain", "string", text::fold(domain))}}};
}

}  // namespace

bool HostTalk::wants(Source source) const {
    const auto is_of = [](const Address& address, Source wanted) {
        const CodecRow* row = codec_row(*address.setting);
        return row != nullptr && row->source == wanted;
    };
    // Hyper-V shows nothing to whom it does not know, and a host may have no network: its setting distinguishes these.
    const Instances* networks = instances(Source::migration_network);
    if (source == Source::migration_setting && networks != nullptr && networks->empty()) return true;
    return std::any_of(addresses_.begin(), addresses_.end(), [&](const Address& address) {
        return is_of(address, source) || (source == Source::cluster_service && is_of(address, Source::cluster));
    });
}

std::optional<Request> HostTalk::next(const Peer& peer) {
    endpoint_ = peer.endpoint;
    for (;;) {
        if (asking_) {
            if (auto request = asking_->next()) return request;
            finish();
        }
        if (over_ || lost_ || !begin_next(peer)) {
            end();
            return std::nullopt;
        }
    }
}

// The room that its answers take is free from now on, so what they say is all that stays, and short answers.
void HostTalk::end() {
    constexpr std::size_t most_kept = 64u << 10;
    if (std::exchange(over_, true)) return;
    answered_ = std::any_of(held_.begin(), held_.end(), [](const auto& entry) { return entry.second.has_value(); });
    readings_ = read();
    if (held_bytes_ > most_kept) held_.clear();
}

void HostTalk::take(const Result<std::string>& answer) {
    unanswered_ = !answer;
    asking_->take(answer);
}

// In the order of Source: the migration service's classes first, Windows' facts after, the cluster last.
bool HostTalk::begin_next(const Peer& peer) {
    for (const ClassRow& row : class_rows()) {
        if (!wants(row.source) || has(row.source)) continue;
        if (auto answer = known(row.source, peer)) {
            held_.emplace(row.source, std::move(*answer));
            continue;
        }
        ask(row.source);
        return true;
    }
    return false;
}

// What need not be asked for. Whoever cannot be asked about its cluster service is neither a node nor none.
std::optional<Result<Instances>> HostTalk::known(Source source, const Peer& peer) const {
    if (source == Source::computer && !peer.domain.empty()) return joined_to(peer.domain);
    if (source != Source::cluster) return std::nullopt;
    const Result<Instances>& services = held_.at(Source::cluster_service);
    if (!services && services.error().code != Code::not_found)
        return fail(services.error().code,
                    "whether the host is a node of a cluster is unknown: " + services.error().text);
    if (!services || !is_node(*services)) return Instances{};
    return std::nullopt;
}

void HostTalk::ask(Source source) {
    soap::Query query{.wql = std::string(class_row(source).query)};
    const std::string resource = query.wql.empty() ? resource_of(source) : resource_of_all(source);
    source_ = source;
    asking_.emplace(endpoint_, resource, std::move(query));
}

void HostTalk::finish() {
    held_bytes_ += asking_->held();
    auto found = std::move(*asking_).result();
    asking_.reset();
    if (!found && unanswered_) lost_ = found.error();
    if (!found) found.error().text = fmt::format("{}: {}", class_row(source_).name, found.error().text);
    else found = distinct(std::move(*found), source_);
    // Only a node is asked, so that nothing is here is no answer: its cluster service is stopped, or it may not look.
    if (source_ == Source::cluster && (found ? found->empty() : found.error().code == Code::not_found))
        found = fail(Code::unsupported,
                     "the host is a node of a cluster (its service ClusSvc is set up), and root\\mscluster shows no "
                     "name of it; does that service run there?");
    held_.emplace(source_, std::move(found));
}

const Instances* HostTalk::instances(Source source) const {
    const auto it = held_.find(source);
    return it == held_.end() || !it->second ? nullptr : &*it->second;
}

// Why an empty list of networks is no value: the host shows no setting either, or would not say.
std::optional<Error> HostTalk::why_hidden(Source source) const {
    if (source != Source::migration_network || !instances(source)->empty()) return std::nullopt;
    const auto setting = held_.find(Source::migration_setting);
    if (setting == held_.end()) return lost_.value_or(Error{Code::unreachable, "was not asked"});
    if (!setting->second) return setting->second.error();
    const auto one = only(*setting->second, Source::migration_setting);
    return one ? std::nullopt : std::optional(one.error());
}

Readings HostTalk::read() const {
    const auto read = [this](const Address& address) -> Reading {
        const CodecRow* row = codec_row(*address.setting);
        if (row == nullptr)
            return fail(Code::unsupported, fmt::format("{} is not a setting of hosts", address.setting->name));
        const auto it = held_.find(row->source);
        if (it == held_.end()) return tl::unexpected(lost_.value_or(Error{Code::unreachable, "was not asked"}));
        if (it->second) {
            if (auto hidden = why_hidden(row->source)) return tl::unexpected(std::move(*hidden));
            if (const std::string odd = left_out(*row, *it->second); !odd.empty())
                log::warn(fmt::format("{}: {}; it is left out", host_, odd));
            return decode(*row, *it->second);
        }
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
