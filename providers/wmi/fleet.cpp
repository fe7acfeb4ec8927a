// See fleet.hpp.
#include "providers/wmi/fleet.hpp"

#include <fmt/format.h>
#include <list>
#include <sys/resource.h>
#include <tuple>

#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

constexpr std::chrono::minutes talk_deadline{10};  // for all questions to one host together; acts have their own
constexpr std::chrono::milliseconds heartbeat{200};

// Remembers what was got, or the reason why not: asking again for each host would be slower, and lock the account when
// the password is wrong. That nobody answered is not remembered.
template <class Key, class Thing>
class Remembered {
public:
    template <class Get>
    Result<Thing> get(const Key& key, Get get) {
        const auto it = held_.find(key);
        if (it != held_.end()) return it->second;
        Result<Thing> fresh = get();
        if (fresh || fresh.error().code != Code::unreachable) held_.emplace(key, fresh);
        return fresh;
    }

private:
    std::map<Key, Result<Thing>> held_;
};

using CredentialKey = std::tuple<HostAuthentication, Credentials::Form, std::string, std::string, std::string, int,
                                 std::vector<std::string>>;

CredentialKey key_of(HostAuthentication authentication, const Credentials& from) {
    return {authentication, from.form, from.path, from.principal, from.key, from.descriptor, from.command};
}

// A connection to each host in flight, and some files beside them.
void make_room(std::size_t connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t wanted = connections + 128;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

struct Berth {
    Host host;
    std::string group;  // its migration domain
    std::list<std::unique_ptr<Line>> idle;
    std::unique_ptr<Channel> channel;
};

}  // namespace

struct Fleet::Parts {
    Loop loop;
    FleetLimits limits;
    SharedRecording recording;
    std::map<std::string, Berth> berths;  // by name without case
    Remembered<CredentialKey, std::shared_ptr<const Credential>> credentials;
    Remembered<std::tuple<std::string, std::string, std::string, std::string>, std::shared_ptr<Tls>> trusts;

    Result<Route> route(const Host& host);
    Result<std::unique_ptr<Line>> line(const Host& host);
    Result<std::unique_ptr<Line>> free_line(Berth& berth);
};

// The blocking side of a berth: what reading left connected is used for acting too.
class Fleet::Call : public Channel {
public:
    Call(Parts& parts, Berth& berth) : parts_(parts), berth_(berth) {}

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        auto line = parts_.free_line(berth_);
        if (!line) return tl::unexpected(line.error());
        auto answer = parts_.loop.run((*line)->exchange(std::string(soap), repeat));
        berth_.idle.push_back(std::move(*line));
        return answer;
    }
    std::string endpoint() const override {
        return url({berth_.host.dns, {}, berth_.host.reach.port, berth_.host.reach.tls.has_value()});
    }

private:
    Parts& parts_;
    Berth& berth_;
};

Result<Route> Fleet::Parts::route(const Host& host) {
    const Reach& reach = host.reach;
    const auto credential = credentials.get(key_of(reach.authentication, reach.credentials), [&] {
        return Credential::obtain(reach.authentication, reach.credentials);
    });
    if (!credential) return tl::unexpected(credential.error());
    Route out{
        .endpoint = {host.dns, reach.address.empty() ? host.dns : reach.address, reach.port, reach.tls.has_value()},
        .fqdn = host.dns,
        .service = reach.service,
        .seal = reach.seal,
        .credential = *credential,
        .recording = recording};
    if (reach.tls) {
        const auto trust =
            trusts.get({reach.tls->ca, reach.tls->fingerprint, reach.credentials.path, reach.credentials.key},
                       [&] { return Tls::make(*reach.tls, reach.credentials); });
        if (!trust) return tl::unexpected(trust.error());
        out.tls = *trust;
    }
    return out;
}

Result<std::unique_ptr<Line>> Fleet::Parts::line(const Host& host) {
    auto found = route(host);
    if (!found) return tl::unexpected(found.error());
    return std::make_unique<Line>(loop, std::move(*found));
}

Result<std::unique_ptr<Line>> Fleet::Parts::free_line(Berth& berth) {
    if (berth.idle.empty()) return line(berth.host);
    auto out = std::move(berth.idle.back());
    berth.idle.pop_back();
    return out;
}

// One lead() or act() from its beginning to its end.
class Fleet::Crossing {
public:
    // `may_begin`: null where nothing is changed; what asks may be broken off, what acts may not.
    Crossing(Parts& parts, std::span<Talk* const> talks, const Progress& progress, const MayBegin* may_begin = nullptr)
        : parts_(parts),
          waiting_(talks.begin(), talks.end()),
          of_(talks.size()),
          progress_(progress),
          may_begin_(may_begin),
          pool_(std::min(talks.size(), parts.limits.run)),
          ticker_(parts.loop.io()),
          keep_(talks.size() <= parts.limits.run) {}

    void run() {
        make_room(std::min(of_, parts_.limits.run));
        start_more();
        if (done_ < of_) asio::co_spawn(parts_.loop.io(), tick(), asio::detached);
        parts_.loop.io().restart();
        parts_.loop.io().run();
    }

private:
    void start_more() {
        for (auto it = waiting_.begin(); it != waiting_.end() && (stopped_ || flying_ < parts_.limits.run);) {
            Berth& berth = parts_.berths.at(text::fold((*it)->host()));
            const bool room = to_[&berth] < parts_.limits.host &&
                              (berth.group.empty() || of_group_[berth.group] < parts_.limits.group);
            if (!room && !stopped_) {
                ++it;
                continue;
            }
            if (may_begin_ && !(*may_begin_)()) return begin_no_more();
            Talk* const talk = *it;
            it = waiting_.erase(it);
            if (stopped_) {
                refuse(*talk, stopped());
                over();
                continue;
            }
            ++flying_, ++to_[&berth], ++of_group_[berth.group];
            // Posted: one that ends at once must not change what is walked through here.
            asio::post(parts_.loop.io(),
                       [this, talk, &berth] { asio::co_spawn(parts_.loop.io(), cross(*talk, berth), asio::detached); });
        }
    }

    void begin_no_more() {
        done_ += waiting_.size();
        waiting_.clear();
        if (done_ == of_) ticker_.cancel();
    }

    static Error stopped() { return {Code::refused, "not asked: stopped on request"}; }

    static void refuse(Talk& talk, const Error& error) {
        while (talk.next({}).has_value()) talk.take(tl::unexpected(error));
    }

    awaitable<void> cross(Talk& talk, Berth& berth) {
        auto line = parts_.free_line(berth);
        if (!line) refuse(talk, line.error());
        else if (stopped_) refuse(talk, stopped());
        else co_await ask(talk, **line);
        --flying_, --to_[&berth], --of_group_[berth.group];
        if (line && keep_ && !stopped_) berth.idle.push_back(std::move(*line));
        over();
        start_more();
    }

    awaitable<void> ask(Talk& talk, Line& line) {
        Room room(pool_);
        lines_.push_back(&line);
        line.set_room(&room);
        const auto started = std::chrono::steady_clock::now();
        for (;;) {
            const auto request = talk.next({url(line.route().endpoint), line.steps().domain});
            if (!request) break;
            if (request->pause.count() > 0) co_await line.pause(request->pause);
            if (!may_begin_ && std::chrono::steady_clock::now() - started > talk_deadline) {
                talk.take(fail(Code::unreachable, "the host answers too slowly; it was given up"));
                continue;
            }
            talk.take(co_await exchange(line, *request));
            if (!room.keep(talk.held())) refuse(talk, no_room());
        }
        line.set_room(nullptr);
        lines_.remove(&line);
    }

    // A library's exception ends this conversation and no other.
    static awaitable<Result<std::string>> exchange(Line& line, Request request) {
        try {
            co_return co_await line.exchange(std::move(request.text), request.repeat, std::move(request.may_go));
        } catch (const std::exception& e) {
            line.close();
            co_return fail(Code::unreachable, fmt::format("the conversation broke off: {}", e.what()));
        }
    }

    void over() {
        if (++done_ == of_) ticker_.cancel();
        report();
    }

    void report() {
        if (!progress_ || progress_(done_, of_) || stopped_) return;
        stopped_ = true;
        for (Line* line : lines_) line->give_up();
    }

    awaitable<void> tick() {
        while (done_ < of_) {
            error_code cancelled;
            ticker_.expires_after(heartbeat);
            co_await ticker_.async_wait(as_result(cancelled));
            if (done_ == of_) break;
            const bool before = stopped_;
            report();
            if (stopped_ && !before) start_more();
        }
    }

    Parts& parts_;
    std::list<Talk*> waiting_;
    std::size_t of_, done_ = 0, flying_ = 0;
    const Progress& progress_;
    const MayBegin* may_begin_;
    Pool pool_;
    asio::steady_timer ticker_;
    bool keep_, stopped_ = false;
    std::list<Line*> lines_;
    std::map<Berth*, std::size_t> to_;
    std::map<std::string, std::size_t> of_group_;
};

Fleet::Fleet(const Inventory& inventory, SharedRecording recording) : parts_(std::make_unique<Parts>()) {
    parts_->recording = std::move(recording);
    parts_->limits = inventory.limits;
    for (const Host& host : inventory.hosts) {
        Berth& berth = parts_->berths[text::fold(host.name)];
        berth.host = host;
        berth.group = host.domain;
    }
}

Fleet::~Fleet() = default;

Loop& Fleet::loop() { return parts_->loop; }

const Host* Fleet::find(std::string_view name) const {
    const auto it = parts_->berths.find(text::fold(name));
    return it == parts_->berths.end() ? nullptr : &it->second.host;
}

Result<std::unique_ptr<Line>> Fleet::line(const Host& host) {
    auto route = parts_->route(host);
    if (!route) return tl::unexpected(route.error());
    route->patient = false;
    return std::make_unique<Line>(parts_->loop, std::move(*route));
}

Result<Channel*> Fleet::channel(const Host& host) {
    Berth& berth = parts_->berths.at(text::fold(host.name));
    // Credentials are the same for every exchange; what is wrong with them is said before anything else.
    if (const auto route = parts_->route(host); !route) return tl::unexpected(route.error());
    if (!berth.channel) berth.channel = std::make_unique<Call>(*parts_, berth);
    return berth.channel.get();
}

std::optional<ClockSeen> Fleet::clock_by_http(const Host& host) const {
    const Berth& berth = parts_->berths.at(text::fold(host.name));
    return berth.idle.empty() ? std::nullopt : berth.idle.back()->steps().clock;
}

void Fleet::lead(std::span<Talk* const> talks, const Progress& progress) { Crossing(*parts_, talks, progress).run(); }

void Fleet::act(std::span<Talk* const> talks, const MayBegin& may_begin) {
    const Progress none;
    Crossing(*parts_, talks, none, &may_begin).run();
}

}  // namespace fairway::wmi
