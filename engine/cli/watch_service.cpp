// See watch_service.hpp. POSIX.
#include "engine/cli/watch_service.hpp"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <poll.h>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/log.hpp"
#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/watch_send.hpp"
#include "engine/watch/metrics.hpp"

namespace fairway::cli {
namespace {

constexpr std::int64_t least_audit_limit_s = 1800, save_again_ms = 10'000;
constexpr std::int64_t most_wait_ms = 1000;  // a clock that is set is noticed so soon

}  // namespace

WatchService::WatchService(const Request& request, const Stage& stage, WatchWish wish, watch::Keeper keeper,
                           std::optional<watch::Listener> listener)
    : request_(request),
      stage_(stage),
      wish_(std::move(wish)),
      keeper_(std::move(keeper)),
      listener_(std::move(listener)),
      notifier_(watch::Notifier::of_environment()) {}

void WatchService::run() {
    const HeldInterrupts held;
    catch_interrupts();
    notifier_.say("READY=1\n" + watch::status_line("the first audit"));
    while (true) {
        const std::int64_t now = system_now(), now_ms = steady_now_ms();
        if (interrupted() && !stopping_) stop();
        take_audit(now, now_ms);
        take_answers(now, now_ms);
        keep(now_ms);
        if (!stopping_) {
            begin_audit(now);
            begin_sending(now);
        }
        publish();
        if (over()) return;
        notifier_.alive(now_ms);
        wait(now, now_ms);
        if (listener_) listener_->serve([this] { return last_.metrics + watch::metrics(keeper_); }, steady_now_ms());
    }
}

// What is in flight is waited for: whether it was taken is known only then.
bool WatchService::over() const {
    if (!sending_.empty()) return false;
    return stopping_ || (wish_.once && audits_ > 0 && !audit_);
}

void WatchService::stop() {
    stopping_ = true;
    audit_.reset();
    notifier_.say("STOPPING=1\n" + watch::status_line("ending"));
}

void WatchService::begin_audit(std::int64_t now) {
    if (audit_ || (wish_.once && audits_ > 0)) return;
    if (next_audit_ > now && next_audit_ - now <= wish_.every_s) return;
    next_audit_ = now + wish_.every_s;
    const std::int64_t limit_s = std::max(wish_.every_s, least_audit_limit_s);
    auto started = watch::Child::start({}, limit_s * 1000, [&](int out) {
        const std::string said = audit_for_watch(request_, keeper_.state().episodes);
        return watch::answer(out, said);
    });
    if (started) {
        audit_.emplace(std::move(*started));
        return;
    }
    WatchAudit none;
    none.seen = {.whole = false, .because = started.error().text, .findings = {}, .fates = {}};
    ++audits_;
    tell(keeper_.saw(none.seen, now));
}

void WatchService::take_audit(std::int64_t now, std::int64_t now_ms) {
    if (!audit_) return;
    const auto ended = audit_->ended(now_ms);
    if (!ended) return;
    audit_.reset();
    last_ = read_audit(*ended);
    ++audits_;
    changed_ = true;
    tell(keeper_.saw(last_.seen, now));
    next_save_ms_ = now_ms + save_again_ms;
}

void WatchService::begin_sending(std::int64_t now) {
    for (const watch::Way* way : keeper_.take_due(now)) {
        auto child = send_message(*way, keeper_.message(*way), wish_);
        if (child) sending_.push_back({way, std::move(*child)});
        else keeper_.answered(*way, tl::unexpected(child.error()), now);
    }
}

void WatchService::take_answers(std::int64_t now, std::int64_t now_ms) {
    for (auto one = sending_.begin(); one != sending_.end();) {
        const auto ended = one->child.ended(now_ms);
        if (!ended) {
            ++one;
            continue;
        }
        const auto answer = answer_of(*ended);
        if (!answer) warn(fmt::format("{}: {}", one->way->shown, answer.error().text));
        keeper_.answered(*one->way, answer, now);
        changed_ = true;
        one = sending_.erase(one);
    }
}

// A state that could not be written: nothing is sent until it can.
void WatchService::keep(std::int64_t now_ms) {
    if (keeper_.saved()) return;
    warn(keeper_.saved().error().text + "; nobody is told anything until that works");
    if (now_ms < next_save_ms_) return;
    next_save_ms_ = now_ms + save_again_ms;
    keeper_.save_again();
    changed_ = true;
}

void WatchService::tell(const watch::Turn& turn) const {
    for (const watch::Episode& one : turn.began)
        stage_.say(fmt::format("new   {}\n", text::printable(watch::line_of(one))));
    for (const watch::Episode& one : turn.ended)
        stage_.say(fmt::format("over  {}\n", text::printable(watch::line_of(one))));
    if (turn.no_room > 0) stage_.say(fmt::format("{} more findings have no room in the state\n", turn.no_room));
}

// The same thing once.
void WatchService::warn(const std::string& text) {
    if (text == warned_) return;
    warned_ = text;
    screen::err(fmt::format("warning: {}\n", text::printable(text)));
}

std::string WatchService::status() const {
    const watch::State& state = keeper_.state();
    std::size_t open = 0;
    for (const watch::Episode& one : state.episodes) open += one.ended ? 0 : 1;
    std::string out = fmt::format("{} open; last audit {}", report::count(open, "finding"),
                                  state.audited ? show_time(state.audited) : "not yet");
    if (!last_.seen.whole) out += " came to no result: " + last_.seen.because;
    if (!keeper_.saved()) out += "; the state cannot be written";
    for (const watch::Way& way : keeper_.ways())
        if (const std::string& trouble = state.ways.at(way.key).trouble; !trouble.empty())
            out += fmt::format("; {}: {}", way.shown, trouble);
    return out;
}

void WatchService::publish() {
    if (!std::exchange(changed_, false) || audits_ == 0) return;
    if (!wish_.textfile.empty())
        if (const auto written =
                write_file_atomically(wish_.textfile, last_.metrics + watch::metrics(keeper_), 0644, NoFile::refused);
            !written)
            warn(written.error().text);
    if (std::string now = status(); now != status_ && !stopping_) {
        status_ = std::move(now);
        notifier_.say(watch::status_line(status_));
    }
}

void WatchService::wait(std::int64_t now, std::int64_t now_ms) {
    std::int64_t ms = most_wait_ms;
    const auto until = [&](std::int64_t left_ms) { ms = std::clamp<std::int64_t>(left_ms, 0, ms); };
    if (!audit_ && !wish_.once) until((next_audit_ - now) * 1000);
    if (keeper_.saved()) until((keeper_.next(now) - now) * 1000);
    if (audit_) until(audit_->deadline_ms() - now_ms);
    for (const Sending& one : sending_) until(one.child.deadline_ms() - now_ms);
    if (notifier_.alive_within_ms() > 0) until(notifier_.alive_within_ms());
    std::vector<pollfd> all;
    if (listener_) listener_->wait_for(all);
    wait_for_interrupts(all, ms);
}

}  // namespace fairway::cli
