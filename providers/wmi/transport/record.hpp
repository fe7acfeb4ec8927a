// One HTTP exchange with a host as a file that may be published: what was sent, the answer's status and headers, how
// long it took, the messages in the clear. Tokens are cut where they are taken in, so that no file can hold one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/base/recording.hpp"
#include "providers/wmi/transport/http.hpp"

namespace fairway::wmi {

class Exchange {
public:
    // `recording` null: nothing is kept of it, and nothing copied.
    Exchange(Recording* recording, const Endpoint& endpoint) : recording_(recording), endpoint_(endpoint) {}

    // `clear`: the message as it was before it was sealed; empty: a token alone.
    void sent(const Post& post, std::string_view clear);
    // Before what came is opened: its status, its headers and, as they came, the first bytes of a sealed message.
    // `answer`: an Error if nothing came.
    void came(const HttpReply& reply, const Result<std::string>& answer);
    // The message in the clear, or why there is none.
    void means(const Result<std::string>& text);
    void keep();

private:
    std::string stem() const;
    std::string written(StandIns& names) const;

    Recording* recording_;
    Endpoint endpoint_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration took_{};
    std::string type_, authorization_, request_, request_head_;
    unsigned status_ = 0;  // 0: no answer
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string reply_, reply_head_, trouble_;
};

}  // namespace fairway::wmi
