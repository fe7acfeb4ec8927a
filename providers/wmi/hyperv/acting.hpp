// Code that acts on a host step by step and waits for each answer, as one of many conversations. It runs on a thread of
// its own, and only while whoever leads the conversations waits for it: one of the two runs at any moment, so nothing
// that they share needs a lock. Its pauses become those of its requests.
#pragma once

#include <functional>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>

#include "providers/wmi/wsman/client.hpp"
#include "providers/wmi/wsman/talk.hpp"

namespace fairway::wmi {

class Acting : public Talk {
public:
    using Act = std::function<void(Channel&, const Pace&)>;
    // `over` is called once, by the leader, when `act` has returned; `act` must not throw. `may_begin`: may still be
    // sent what comes before the first act (Repeat), and that act itself? After a no nothing of it is sent any more.
    Acting(std::string host, Pace pace, Act act, std::function<void()> over, MayBegin may_begin = {});
    ~Acting() override;  // one that is not over gets no more answers
    Acting(const Acting&) = delete;
    Acting& operator=(const Acting&) = delete;

    const std::string& host() const override { return host_; }
    std::optional<Request> next(const Peer& peer) override;
    void take(const Result<std::string>& answer) override;
    bool begun() const { return (thread_.joinable() || over_) && !held_back_; }

private:
    class Seat;  // the channel that the act sees
    void run();
    void hand_over();  // to the act, until it sends or returns
    Pace paced();
    MayBegin may_go(Repeat repeat);

    std::string host_;
    Pace pace_;
    Act act_;
    std::function<void()> tell_;
    MayBegin may_begin_;
    bool acted_ = false, held_back_ = false;
    std::binary_semaphore acts_{0}, leads_{0};
    std::thread thread_;
    std::string endpoint_;
    std::optional<Request> request_;
    Result<std::string> answer_;
    std::chrono::milliseconds pause_{}, ahead_{};  // before the next request; not waited for yet
    bool over_ = false;
};

}  // namespace fairway::wmi
