// A host that is played from a table, behind a channel, so that neither network nor time is needed: what it is
// asked is written down, what it answers stands in the test.
#pragma once

#include <algorithm>
#include <doctest/doctest.h>
#include <map>

#include "engine/model/setting.hpp"
#include "providers/wmi/hyperv/hosts.hpp"
#include "tests/providers/wmi/replies.hpp"

namespace fairway::wmi {

using Strings = std::vector<std::string>;

inline const std::string setting_class = "Msvm_VirtualSystemMigrationServiceSettingData";
inline const std::string network_class = "Msvm_VirtualSystemMigrationNetworkSettingData";
inline const std::string service_class = "Msvm_VirtualSystemMigrationService";

inline std::string service(const std::string& live, const std::string& listeners = "") {
    return "<p:S "
           "xmlns:p='u'><p:SystemCreationClassName>Msvm_ComputerSystem</p:SystemCreationClassName><p:SystemName>HV01"
           "</p:SystemName><p:CreationClassName>" +
           service_class +
           "</p:CreationClassName><p:Name>migrationwmi</p:Name>"
           "<p:ActiveVirtualSystemMigrationCount>" +
           live +
           "</p:ActiveVirtualSystemMigrationCount>"
           "<p:ActiveStorageMigrationCount>0</p:ActiveStorageMigrationCount>" +
           listeners + "</p:S>";
}

inline std::string service_setting(const std::string& live = "2") {
    return "<p:S xmlns:p='u'><p:InstanceID>I</p:InstanceID><p:EnableVirtualSystemMigration>true"
           "</p:EnableVirtualSystemMigration><p:MaximumActiveVirtualSystemMigration>" +
           live + "</p:MaximumActiveVirtualSystemMigration><p:AuthenticationType>0</p:AuthenticationType></p:S>";
}

inline std::string network(const std::string& id, const std::string& subnet, const std::string& prefix,
                           const std::string& tag) {
    return "<p:N xmlns:p='u'><p:InstanceID>" + id + "</p:InstanceID><p:SubnetNumber>" + subnet +
           "</p:SubnetNumber><p:PrefixLength>" + prefix + "</p:PrefixLength><p:Tags>Microsoft:" + tag +
           "</p:Tags></p:N>";
}

inline std::string vm(const std::string& name, const std::string& id, const std::string& state = "2") {
    return "<p:V xmlns:p='u'><p:CreationClassName>Msvm_ComputerSystem</p:CreationClassName><p:Name>" + id +
           "</p:Name><p:ElementName>" + name + "</p:ElementName><p:EnabledState>" + state + "</p:EnabledState></p:V>";
}

inline const std::string job_reference =
    "<p:Job><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>http://r/Msvm_MigrationJob</w:ResourceURI>"
    "<w:SelectorSet><w:Selector Name='InstanceID'>J1</w:Selector></w:SelectorSet></a:ReferenceParameters></p:Job>";

inline std::string output(const std::string& value, const std::string& more = "") {
    return "<p:O xmlns:p='u'>" + more + "<p:ReturnValue>" + value + "</p:ReturnValue></p:O>";
}

inline std::string job(const std::string& state, const std::string& more = "") {
    return "<p:J xmlns:p='u'><p:JobState>" + state + "</p:JobState>" + more + "</p:J>";
}

inline const std::string job_gone =
    fault_body("s:Sender", "w:InvalidSelectors", "no such", wsman_fault("2150858843", ""));

inline const std::string job_denied = fault_body("s:Sender", "w:AccessDenied", "no", wsman_fault("5", ""));

// Answers by class for enumerations, by method for invokes; each answer once, the last one again and again.
struct FakeHost {
    std::map<std::string, std::vector<Strings>> classes;
    std::map<std::string, std::string> faults;  // instead of an answer
    std::map<std::string, Strings> methods;
    Strings jobs;                                        // bodies for Get
    Strings log;                                         // what was asked, in short
    Strings sent;                                        // whole requests of invokes
    std::pair<std::string, std::string> deny_after_act;  // the class that gives this fault once a method was called
    std::optional<Error> down;
    std::vector<Repeat> repeats;

    template <class T>
    static T next(std::vector<T>& answers) {
        T out = answers.front();
        if (answers.size() > 1) answers.erase(answers.begin());
        return out;
    }

    Result<std::string> exchange(const std::string& request, Repeat repeat) {
        repeats.push_back(repeat);
        if (down) {
            log.push_back("down");
            return tl::unexpected(*down);
        }
        const std::string action = between(request, "<a:Action s:mustUnderstand=\"true\">", "<");
        const std::string resource = between(request, "<w:ResourceURI s:mustUnderstand=\"true\">", "<");
        const std::string last = action.substr(action.rfind('/') + 1), name = cim::class_of(resource);
        const auto say = [&](const std::string& body) { return reply(id_of(request), body); };
        if (last == "Enumerate" && name == "*") {
            const std::string query =
                between(request, "Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">", "<");
            log.push_back(query);
            if (faults.contains(query)) return say(faults[query]);
            if (!classes.contains(query)) return say(fault_body("s:Sender", "", "?", wsman_fault("2147749911", "")));
            return say(batch("EnumerateResponse", "w", next(classes[query]), "", true));
        }
        if (last == "Enumerate") {
            log.push_back("enumerate " + name);
            if (faults.contains(name)) return say(faults[name]);
            if (!classes.contains(name)) return say(fault_body("s:Sender", "", "?", wsman_fault("2147749904", "")));
            return say(batch("EnumerateResponse", "w", next(classes[name]), "", true));
        }
        if (last == "Get") {
            log.push_back("get " + name);
            return say(next(jobs));
        }
        log.push_back(last);
        sent.push_back(request);
        if (!deny_after_act.first.empty()) faults.insert(deny_after_act);
        REQUIRE_MESSAGE(methods.contains(last), last);
        return say(next(methods[last]));
    }
};

class FakeChannel : public Channel {
public:
    explicit FakeChannel(FakeHost& host) : host_(host) {}
    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        return host_.exchange(std::string(soap), repeat);
    }
    std::string endpoint() const override { return "http://fake:5985/wsman"; }

private:
    FakeHost& host_;
};

// All hosts of a table; each talk is led by hand, one after the other.
class FakeHosts : public Hosts {
public:
    Inventory inventory;
    std::map<std::string, FakeHost> hosts;
    std::string domain;              // that the sign-on to all of them proved
    std::optional<ClockSeen> clock;  // by the HTTP answers of all of them
    std::function<void(std::chrono::milliseconds)> sleep;

    const Host* find(std::string_view name) const override { return inventory.find(name); }
    Result<Channel*> channel(const Host& host) override {
        auto& channel = channels_[host.name];
        if (!channel) channel = std::make_unique<FakeChannel>(hosts.at(host.name));
        return channel.get();
    }
    std::optional<ClockSeen> clock_by_http(const Host&) const override { return clock; }
    void lead(std::span<Talk* const> talks, const Progress& progress) override {
        std::size_t done = 0;
        for (Talk* talk : talks) {
            Channel& to = **channel(*find(talk->host()));
            while (const auto request = talk->next({to.endpoint(), domain}))
                talk->take(to.exchange(request->text, request->repeat));
            if (progress) progress(++done, talks.size());
        }
    }

    void act(std::span<Talk* const> talks, const MayBegin& may_begin) override {
        for (Talk* talk : talks) {
            if (!may_begin()) return;
            Channel& to = **channel(*find(talk->host()));
            while (const auto request = talk->next({to.endpoint(), domain})) {
                if (request->pause.count() > 0) sleep(request->pause);
                if (request->may_go()) talk->take(to.exchange(request->text, request->repeat));
                else talk->take(fail(Code::refused, "not sent"));
            }
        }
    }

private:
    std::map<std::string, std::unique_ptr<FakeChannel>> channels_;
};

struct World {
    std::shared_ptr<FakeHosts> all = std::make_shared<FakeHosts>();
    Inventory& inventory = all->inventory;
    std::map<std::string, FakeHost>& hosts = all->hosts;
    std::vector<std::int64_t> pauses;
    std::chrono::steady_clock::time_point now{};

    World() {
        all->sleep = pace().sleep;
        for (const char* name : {"HV01", "HV02"}) {
            Host host;
            host.name = name;
            host.dns = text::fold(name) + ".corp.example";
            inventory.hosts.push_back(host);
            hosts[name].classes = {{setting_class, {{service_setting()}}}, {service_class, {{service("0")}}}};
        }
    }
    Pace pace() {
        return {[this] { return now; },
                [this](std::chrono::milliseconds pause) {
                    now += pause;
                    pauses.push_back(pause.count());
                }};
    }
    Result<void> write(const Setting& setting, const Value& before, const Value& after) {
        return make_writer(all, pace())->write({"HV01", &setting}, before, after);
    }
};

inline const Value two = std::int64_t{2}, four = std::int64_t{4};

}  // namespace fairway::wmi
