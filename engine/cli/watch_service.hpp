// The service itself: one thread that audits in a child, keeps the state, has messages sent in children, answers for
// metrics, and ends when it is told to. What is decided, engine/watch decides.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/answer.hpp"
#include "engine/cli/watch_audit.hpp"
#include "engine/cli/watch_wish.hpp"
#include "engine/watch/keeper.hpp"
#include "engine/watch/listener.hpp"
#include "engine/watch/notify.hpp"

namespace fairway::cli {

class WatchService {
public:
    WatchService(const Request& request, const Stage& stage, WatchWish wish, watch::Keeper keeper,
                 std::optional<watch::Listener> listener);
    // To its end: a signal, or with --once when all is told that can be.
    void run();

    const watch::Keeper& keeper() const { return keeper_; }
    std::size_t audits() const { return audits_; }
    Exit last_exit() const { return last_.exit; }

private:
    struct Sending {
        const watch::Way* way;
        watch::Child child;
    };
    bool over() const;
    void take_audit(std::int64_t now, std::int64_t now_ms);
    void take_answers(std::int64_t now, std::int64_t now_ms);
    void begin_audit(std::int64_t now);
    void begin_sending(std::int64_t now);
    void keep(std::int64_t now_ms);
    void stop();
    void tell(const watch::Turn& turn) const;
    void warn(const std::string& text);
    void publish();
    std::string status() const;
    void wait(std::int64_t now, std::int64_t now_ms);

    const Request& request_;
    const Stage& stage_;
    WatchWish wish_;
    watch::Keeper keeper_;
    std::optional<watch::Listener> listener_;
    watch::Notifier notifier_;
    std::optional<watch::Child> audit_;
    std::vector<Sending> sending_;
    WatchAudit last_;
    std::size_t audits_ = 0;
    std::int64_t next_audit_ = 0, next_save_ms_ = 0;
    bool stopping_ = false, changed_ = true;
    std::string status_, warned_;
};

}  // namespace fairway::cli
