// See probe.hpp.
#include "providers/wmi/probe.hpp"

#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/migration_settings.hpp"
#include "providers/wmi/fleet.hpp"
#include "providers/wmi/hyperv/host_talk.hpp"

namespace fairway::wmi {
namespace {

enum Number : std::size_t { credentials, resolution, port, tls, sign_on, sealing, ws_man, hyper_v, rights, facts };
constexpr std::array<std::string_view, 10> step_names = {
    "credentials", "name resolution", "port", "TLS", "sign-on", "sealing", "WS-Man", "Hyper-V", "rights", "facts"};

class LineChannel : public Channel {
public:
    LineChannel(Fleet& fleet, Line& line) : fleet_(fleet), line_(line) {}

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        return fleet_.loop().run(line_.exchange(std::string(soap), repeat));
    }
    std::string endpoint() const override { return url(line_.route().endpoint); }

private:
    Fleet& fleet_;
    Line& line_;
};

class Attempt {
public:
    Attempt(const Inventory& inventory, const Host& host, const SharedRecording& recording)
        : fleet_(inventory, recording), host_(host) {
        out_.host = host.name;
        for (const std::string_view name : step_names) out_.steps.push_back({.name = std::string(name), .saw = {}});
    }

    Probe go() && {
        auto line = fleet_.line(host_);
        if (!line) {
            bad(credentials, line.error());
        } else if (connect(**line)) {
            LineChannel wire(fleet_, **line);
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
        out_.steps[number] = {std::string(step_names.at(number)), StepState::bad, error.text, error.code};
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
        LineChannel wire(fleet_, **other);
        const auto identity = Inquirer(wire).identify();
        error.text += identity ? "; tried: `authentication: negotiate` works here, write it in the inventory"
                               : fmt::format("; tried: `negotiate` fails as well ({})", identity.error().text);
        return error;
    }

    bool identify(Line& line, LineChannel& wire) {
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

    void read(Line& line, LineChannel& wire) {
        std::vector<Address> asked;
        for (const Setting* row : catalogue())
            if (codec_row(*row) != nullptr) asked.push_back({host_.name, row});
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
            const auto name = address.setting->name.substr(address.setting->name.find('.') + 1);
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
    Probe out_;
};

}  // namespace

Probe probe(const Inventory& inventory, const Host& host, const SharedRecording& recording) {
    return Attempt(inventory, host, recording).go();
}

}  // namespace fairway::wmi
