// A connection that can be lost and made again: always to the same server, and only between questions,
// never between a question and its answer's use. Who dials is given, so tests dial a server of their own.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "engine/base/error.hpp"
#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

template <class W>
class Line {
public:
    using Dial = std::function<Result<std::unique_ptr<W>>()>;
    explicit Line(Dial dial) : dial_(std::move(dial)) {}

    // The connection, new if the last one was lost.
    Result<W*> get() {
        if (wire_ && !wire_->lost()) return wire_.get();
        hang_up();
        Result<std::unique_ptr<W>> made = dial_();
        if (!made) return tl::unexpected(made.error());
        wire_ = std::move(*made);
        return wire_.get();
    }

    // ask(W&) gives a Result and changes nothing on the server, so if the connection is lost on the way
    // (a controller drops idle ones after 15 minutes, MaxConnIdleTime) it is asked once more on a new one.
    template <class Ask>
    auto repeatable(const Ask& ask) -> decltype(ask(std::declval<W&>())) {
        const Result<W*> wire = get();
        if (!wire) return tl::unexpected(wire.error());
        auto answer = ask(**wire);
        if (answer || !(*wire)->lost()) return answer;
        const Result<W*> again = get();
        if (!again) return tl::unexpected(again.error());
        return ask(**again);
    }

    bool down() const { return !wire_ || wire_->lost(); }
    std::size_t requests() const { return past_requests_ + (wire_ ? wire_->requests() : 0); }

private:
    void hang_up() {
        if (wire_) past_requests_ += wire_->requests();
        wire_.reset();
    }

    Dial dial_;
    std::unique_ptr<W> wire_;
    std::size_t past_requests_ = 0;
};

}  // namespace fairway::ldap
