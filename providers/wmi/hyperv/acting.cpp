// See acting.hpp.
#include "providers/wmi/hyperv/acting.hpp"

#include <utility>

namespace fairway::wmi {

class Acting::Seat : public Channel {
public:
    explicit Seat(Acting& talk) : talk_(talk) {}

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        if (talk_.held_back_) return fail(Code::refused, "not sent: nothing more may begin");
        talk_.request_ = Request{std::string(soap), repeat, std::exchange(talk_.pause_, {}), talk_.may_go(repeat)};
        talk_.leads_.release();
        talk_.acts_.acquire();
        return std::move(talk_.answer_);
    }
    std::string endpoint() const override { return talk_.endpoint_; }

private:
    Acting& talk_;
};

Acting::Acting(std::string host, Pace pace, Act act, std::function<void()> over, MayBegin may_begin)
    : host_(std::move(host)),
      pace_(std::move(pace)),
      act_(std::move(act)),
      tell_(std::move(over)),
      may_begin_(std::move(may_begin)) {}

Acting::~Acting() {
    tell_ = [] {};
    while (thread_.joinable()) {
        take(fail(Code::unreachable, "the conversation was given up"));
        static_cast<void>(next({}));
    }
}

// An act that a busy host turned away did not begin, and is asked about again.
MayBegin Acting::may_go(Repeat repeat) {
    if (acted_) return {};
    return may_begin_.heard_by([this, repeat](bool may) {
        held_back_ = !may;
        acted_ = may && repeat == Repeat::act;
    });
}

// A pause that nobody has waited for yet counts as over for the one who asked for it.
Pace Acting::paced() {
    return {[this] { return pace_.now() + ahead_; },
            [this](std::chrono::milliseconds pause) {
                pause_ += pause;
                ahead_ += pause;
            }};
}

void Acting::run() {
    acts_.acquire();
    Seat seat(*this);
    act_(seat, paced());
    over_ = true;
    leads_.release();
}

void Acting::hand_over() {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    acts_.release();
    leads_.acquire();
}

std::optional<Request> Acting::next(const Peer& peer) {
    if (over_) return std::nullopt;
    // Without a peer nobody sends, so nobody waits for pauses either.
    if (!peer.endpoint.empty()) ahead_ = {};
    if (endpoint_.empty()) endpoint_ = peer.endpoint;
    request_.reset();
    hand_over();
    if (over_) {
        thread_.join();
        tell_();
    }
    return std::exchange(request_, std::nullopt);
}

void Acting::take(const Result<std::string>& answer) { answer_ = answer; }

}  // namespace fairway::wmi
