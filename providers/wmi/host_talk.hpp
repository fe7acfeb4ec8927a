// What is asked of one host to answer these addresses, in as few questions as its classes allow, and what are the
// answers? The setting, then all that is associated with it (service and networks) in one question; facts of Windows
// in one question for each class. Who knows the setting's key from before need not ask for the setting, and gets the
// networks and what runs just then in one. Pure; nothing in here can act on a host.
#pragma once

#include <map>
#include <vector>

#include "engine/model/snapshot.hpp"
#include "providers/wmi/codec.hpp"
#include "providers/wmi/enumeration.hpp"
#include "providers/wmi/talk.hpp"

namespace fairway::wmi {

class HostTalk : public Talk {
public:
    // `setting_key`: the setting's InstanceID as this host gave it before.
    HostTalk(std::string host, std::vector<Address> addresses, std::optional<std::string> setting_key = {});

    const std::string& host() const override { return host_; }
    std::optional<Request> next(const Peer& peer) override;
    void take(const Result<std::string>& answer) override;

    // Once next() is empty.
    Readings readings() const;
    bool answered() const;                                                          // anything at all
    const Instances* instances(Source source) const;                                // null: not asked, or no answer
    const std::optional<std::string>& setting_key() const { return setting_key_; }  // empty: not known to be good

private:
    bool wants(Source source) const;
    bool has(Source source) const { return held_.contains(source); }
    bool begin_next(const Peer& peer);
    void ask(Source source, soap::Query query = {});
    void ask_around();
    void finish();
    void take_around(Result<Instances> found);
    bool looks_clustered() const;

    std::string host_;
    std::vector<Address> addresses_;
    std::optional<std::string> setting_key_;
    std::map<Source, Result<Instances>> held_;
    std::string endpoint_;
    std::optional<Enumeration> asking_;
    Source source_{};      // what is being asked for
    bool around_ = false;  // or what is associated with the setting
    bool around_failed_ = false, unanswered_ = false;
    std::optional<Error> lost_;  // the host does not answer: nothing more is asked
};

}  // namespace fairway::wmi
