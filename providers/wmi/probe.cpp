// See probe.hpp.
#include "providers/wmi/probe.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "providers/wmi/fleet.hpp"
#include "providers/wmi/host_talk.hpp"

namespace fairway::wmi {
namespace {

enum Number : std::size_t { credentials, resolution, port, tls, sign_on, sealing, ws_man, hyper_v, rights, facts };
constexpr std::array<std::string_view, 10> names = {"credentials", "name resolution", "port",    "TLS",    "sign-on",
                                                    "sealing",     "WS-Man",          "Hyper-V", "rights", "facts"};

// What the line says, and what goes into the record.
class Wire : public Channel {
public:
    Wire(Fleet& fleet, Line& line, const Record& record) : fleet_(fleet), line_(line), record_(record) {}

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        auto answer = fleet_.loop().run(line_.exchange(std::string(soap), repeat));
        if (record_) record_(fmt::format("{:02}", ++number_), std::string(soap), answer ? *answer : std::string{});
        return answer;
    }
    std::string endpoint() const override { return url(line_.route().endpoint); }

private:
    Fleet& fleet_;
    Line& line_;
    const Record& record_;
    int number_ = 0;
};

class Attempt {
public:
    Attempt(const Inventory& inventory, const Host& host, const Record& record)
        : fleet_(inventory), host_(host), record_(record) {
        out_.host = host.name;
        for (const std::string_view name : names) out_.steps.push_back({.name = std::string(name), .saw = {}});
    }

    Probe go() && {
        auto line = fleet_.line(host_);
        if (!line) {
            bad(credentials, line.error());
        } else if (connect(**line)) {
            Wire wire(fleet_, **line, record_);
            if (identify(**line, wire)) read(**line, wire);
        }
        return std::move(out_);
    }

private:
    void good(Number number, std::string saw) {
        out_.steps[number].state = StepState::good;
        out_.steps[number].saw = std::move(saw);
    }
    bool bad(Number number, const Error& error) {
        out_.steps[number] = {std::string(names.at(number)), StepState::bad, error.text, error.code};
        return false;
    }

    bool connect(Line& line) {
        const Route& route = line.route();
        const auto opened = fleet_.loop().run(line.open());
        const Steps& steps = line.steps();
        const auto passed = [&](Stage stage) { return steps.stage > stage; };
        const auto& login = route.credential->login();
        const std::string who = login ? login->name() : std::string{};
        good(credentials, who.empty() ? "as the inventory names them" : who);
        if (passed(Stage::resolving)) good(resolution, fmt::format("{} has an address", route.endpoint.address));
        if (passed(Stage::connecting))
            good(port, fmt::format("{} port {} is open", steps.address, route.endpoint.port));
        if (!route.tls) good(tls, route.seal && login ? "none: HTTP, messages are protected one by one" : "none: HTTP");
        else if (passed(Stage::securing))
            good(tls, fmt::format("{}, the certificate is that of {}", steps.tls, route.fqdn));
        if (opened) {
            const bool proves = login && login->mechanism() != gss::Mechanism::ntlm;
            const std::string of = steps.realm.empty() ? std::string{} : "@" + steps.realm;
            const std::string whom = proves
                                         ? fmt::format("the host proved to be {}/{}{}", route.service, route.fqdn, of)
                                         : std::string("the host does not prove itself this way");
            good(sign_on, fmt::format("{}; {}", steps.mechanism, whom));
            return true;
        }
        constexpr std::array<Number, 5> where = {resolution, port, tls, sign_on, ws_man};
        return bad(where.at(static_cast<std::size_t>(steps.stage)), and_by_negotiate(line, opened.error()));
    }

    // Some hosts were seen to take Kerberos inside SPNEGO only, and to answer 400 to the scheme Kerberos.
    Error and_by_negotiate(const Line& line, Error error) {
        const unsigned status = line.steps().status;
        if (host_.reach.authentication != HostAuthentication::kerberos || error.code != Code::protocol ||
            (status != 400 && status != 500))
            return error;
        Host same = host_;
        same.reach.authentication = HostAuthentication::negotiate;
        const auto other = fleet_.line(same);
        if (!other) return error;
        Wire wire(fleet_, **other, record_);
        const auto identity = Inquirer(wire).identify();
        error.text += identity ? "; tried: `authentication: negotiate` works here, write it in the inventory"
                               : fmt::format("; tried: `negotiate` fails as well ({})", identity.error().text);
        return error;
    }

    bool identify(Line& line, Wire& wire) {
        Inquirer inquirer(wire);
        const auto identity = inquirer.identify();
        const bool sealed = line.steps().sealed;
        if (!identity && inquirer.lost() && sealed) return bad(sealing, and_by_negotiate(line, identity.error()));
        if (line.route().tls) good(sealing, "TLS does it");
        else if (sealed)
            good(sealing, fmt::format("messages are encrypted in both directions ({})", line.steps().mechanism));
        else good(sealing, "OFF: messages travel in the clear, as the inventory says");
        if (!identity) return bad(ws_man, identity.error());
        good(ws_man, fmt::format("{}, {}", identity->vendor, identity->version));
        return true;
    }

    // The heading has the host's name already.
    Error unnamed(Error error) const {
        const std::string prefix = host_.name + ": ";
        if (error.text.starts_with(prefix)) error.text.erase(0, prefix.size());
        return error;
    }

    void read(Line& line, Wire& wire) {
        std::vector<Address> asked;
        for (const Setting* row : catalogue())
            if (row->kind == Kind::host) asked.push_back({host_.name, row});
        HostTalk talk(host_.name, std::move(asked));
        while (const auto request = talk.next({wire.endpoint(), line.steps().domain}))
            talk.take(wire.exchange(request->text, request->repeat));
        const Readings readings = talk.readings();
        const Reading& setting = readings.at({host_.name, &setting::migration_enabled});
        if (!setting) {
            const bool denied = setting.error().code == Code::denied;
            if (denied) good(hyper_v, "not seen: the account may not look");
            bad(denied ? rights : hyper_v, unnamed(setting.error()));
            return;
        }
        if (!*setting) {
            bad(hyper_v, {Code::unsupported,
                          "the host has no migration service: is the Hyper-V role installed, and is "
                          "the host Server 2012 or later?"});
            return;
        }
        good(hyper_v, "the migration service answers");
        good(rights, "the account may read; whether it may write is seen when it writes (Hyper-V Administrators may)");
        tell(readings);
    }

    // All that is known, and of what is not the first reason for each namespace: the others are the same.
    void tell(const Readings& readings) {
        std::vector<std::string> parts;
        std::map<std::string_view, std::pair<std::vector<std::string>, Error>> unread;
        for (const auto& [address, reading] : readings) {
            if (address.setting->access != Access::fact) continue;
            const auto name = address.setting->name.substr(5);
            if (!reading) {
                const Source source = codec_row(*address.setting)->source;
                auto& [missing, why] = unread[class_row(source).wmi_namespace];
                if (missing.empty()) why = unnamed(reading.error());
                missing.emplace_back(name);
            } else if (*reading) {
                parts.push_back(fmt::format("{} {}", name, fairway::wmi::show(**reading)));
            }
        }
        for (const auto& [where, missing] : unread)
            parts.push_back(fmt::format("not read: {} ({})", text::join(missing.first, ", "), missing.second.text));
        const std::string saw = text::join(parts, "; ");
        if (unread.empty()) good(facts, saw);
        else bad(facts, {unread.begin()->second.second.code, saw});
    }

    Fleet fleet_;
    const Host& host_;
    const Record& record_;
    Probe out_;
};

bool is_word(char c) { return text::is_alnum(c) || c == '_' || c == '-'; }

bool is_guid(std::string_view s) {
    if (s.size() != 36) return false;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s[i] != '-' : std::string_view("0123456789abcdefABCDEF").find(s[i]) == s.npos) return false;
    }
    return true;
}

// Of the numbers with dots and colons that stand in texts, those that are addresses.
std::string_view address_at(std::string_view text) {
    const auto end = std::min(text.find_first_not_of("0123456789abcdefABCDEF.:"), text.size());
    const std::string_view whole = text.substr(0, end);
    const auto parsed = parse_address(whole);
    const bool plausible =
        std::count(whole.begin(), whole.end(), '.') == 3 || std::count(whole.begin(), whole.end(), ':') >= 2;
    return parsed && plausible ? whole : std::string_view{};
}

}  // namespace

Probe probe(const Inventory& inventory, const Host& host, const Record& record) {
    return Attempt(inventory, host, record).go();
}

Redaction::Redaction(const Inventory& inventory) {
    int number = 0;
    for (const Host& host : inventory.hosts) {
        ++number;
        names_.emplace_back(host.dns, fmt::format("host{:03}.example.test", number));
        names_.emplace_back(host.name, fmt::format("HOST{:03}", number));
    }
    for (const Directory& directory : inventory.directories) {
        names_.emplace_back(directory.domain, "example.test");
        names_.emplace_back(directory.domain.substr(0, directory.domain.find('.')), "EXAMPLE");
    }
    std::sort(names_.begin(), names_.end(),
              [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string Redaction::stand_in(const std::string& kind, const std::string& text) {
    for (const auto& [was, is] : seen_)
        if (text::same_folded(was, text)) return is;
    const auto number = seen_.size() + 1;
    std::string is = kind == "guid" ? fmt::format("00000000-0000-4000-8000-{:012}", number)
                     : kind == "v6" ? fmt::format("2001:db8::{:x}", number)
                                    : fmt::format("192.0.2.{}", number % 254 + 1);
    seen_.emplace_back(text, is);
    return is;
}

std::string Redaction::operator()(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const bool starts = at == 0 || !is_word(text[at - 1]);
        const std::string_view rest = text.substr(at);
        const auto name = std::find_if(names_.begin(), names_.end(), [&](const auto& pair) {
            const std::size_t size = pair.first.size();
            return starts && text::same_folded(rest.substr(0, size), pair.first) &&
                   (rest.size() == size || !is_word(rest[size]));
        });
        if (name != names_.end()) {
            out += name->second;
            at += name->first.size();
        } else if (is_guid(rest.substr(0, 36)) && starts) {
            out += stand_in("guid", std::string(rest.substr(0, 36)));
            at += 36;
        } else if (const auto address = starts ? address_at(rest) : std::string_view{}; !address.empty()) {
            out += stand_in(address.find(':') == address.npos ? "v4" : "v6", std::string(address));
            at += address.size();
        } else {
            out += text[at++];
        }
    }
    return out;
}

}  // namespace fairway::wmi
