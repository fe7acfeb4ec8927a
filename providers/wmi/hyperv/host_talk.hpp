// What is asked of one host to answer these addresses, and what are the answers? One question for each class; whether
// the host is a node of a cluster is asked of its cluster service, and only a node is asked for the cluster's name.
// A class that is refused leaves its own addresses unread and no others. Pure; nothing in here can act on a host.
#pragma once

#include <map>
#include <vector>

#include "engine/model/snapshot.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/wsman/enumeration.hpp"
#include "providers/wmi/wsman/talk.hpp"

namespace fairway::wmi {

class HostTalk : public Talk {
public:
    HostTalk(std::string host, std::vector<Address> addresses)
        : host_(std::move(host)), addresses_(std::move(addresses)) {}

    const std::string& host() const override { return host_; }
    std::optional<Request> next(const Peer& peer) override;
    void take(const Result<std::string>& answer) override;
    std::size_t held() const override { return held_bytes_ + (asking_ ? asking_->held() : 0); }

    // Once next() is empty.
    const Readings& readings() const { return readings_; }
    bool answered() const { return answered_; }       // anything at all
    const Instances* instances(Source source) const;  // null: not asked, no answer, or too much to be kept

private:
    bool wants(Source source) const;
    bool has(Source source) const { return held_.contains(source); }
    bool begin_next(const Peer& peer);
    std::optional<Result<Instances>> known(Source source, const Peer& peer) const;
    std::optional<Error> why_hidden(Source source) const;
    void ask(Source source);
    void finish();
    Readings read() const;
    void end();

    std::string host_;
    std::vector<Address> addresses_;
    std::map<Source, Result<Instances>> held_;
    std::size_t held_bytes_ = 0;
    std::string endpoint_;
    std::optional<Enumeration> asking_;
    Source source_{};  // what is being asked for
    bool unanswered_ = false, answered_ = false, over_ = false;
    Readings readings_;
    std::optional<Error> lost_;  // the host does not answer: nothing more is asked
};

}  // namespace fairway::wmi
