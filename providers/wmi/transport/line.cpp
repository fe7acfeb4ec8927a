// See line.hpp. Here: one exchange, from the sealing to the last of its tries. How the connection comes about is in
// line_open.cpp and line_sign_on.cpp.
#include "providers/wmi/transport/line.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <random>

#include "engine/base/clock.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/transport/patience.hpp"
#include "providers/wmi/transport/record.hpp"
#include "providers/wmi/transport/seal.hpp"
#include "providers/wmi/transport/wire.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {
namespace {

using Clock = std::chrono::steady_clock;

double draw() {
    thread_local std::mt19937 source{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(source);
}

}  // namespace

Line::Line(Loop& loop, Route route) : loop_(loop), route_(std::move(route)) {}

Line::~Line() {
    end_turn(Credential::Trial::unproved);  // others may wait for it
}

void Line::close() {
    handshake_.reset();
    wire_.reset();
}

void Line::give_up() {
    given_up_ = true;
    if (wire_) wire_->stream.cancel();
}

bool Line::alive() {
    if (!wire_) return false;
    if (wire_->alive()) return true;
    close();
    return false;
}

awaitable<Try> Line::post(Post post) {
    ++requests_;
    const std::int64_t asked = system_now_ms();
    Try sent = co_await wire_->post(route_.endpoint, post, route_.deadlines.answer, room_);
    steps_.status = sent.reply.status;
    steps_.date = date_of(sent.reply);
    if (steps_.date) steps_.clock = clock_seen(*steps_.date * 1000, asked, system_now_ms(), 1000);
    if (sent.fate != Fate::answered) close();
    else if (!sent.reply.keep) wire_.reset();  // the security context stays: this answer is not read yet
    co_return sent;
}

// What is sealed is the host's, whatever stands around it. See belief.hpp.
Try Line::open_seal(const HttpReply& reply) {
    const auto foreign = [](Error error) { return Try{Fate::foreign, tl::unexpected(std::move(error))}; };
    const auto framed = seal::unframe(reply.body, reply.content_type);
    if (!framed) return foreign(framed.error());
    auto text = handshake_->unseal(framed->sealed);
    if (!text) return foreign(text.error());
    if (text->size() > framed->length)
        return foreign({Code::protocol, "a sealed answer of the host holds more than it says"});
    if (text::trim(*text).empty()) return foreign({Code::protocol, "a sealed answer of the host has nothing in it"});
    const bool busy = !is_success(reply.status) && soap::says_busy(*text);
    return {busy ? Fate::busy : Fate::answered, std::move(text)};
}

Try Line::read_answer(HttpReply reply) {
    const bool sealed = seal::is_sealed(reply.content_type);
    if (sealed && steps_.sealed && handshake_) return open_seal(reply);
    const unsigned status = reply.status;
    auto text = soap_text(std::move(reply), steps_.sealed ? Sent::sealed : Sent::plain);
    if (!text) return {status == 503 ? Fate::unavailable : sealed ? Fate::foreign : Fate::status, std::move(text)};
    if (steps_.sealed)
        return {Fate::foreign, fail(Code::protocol, fmt::format("the host answered in the clear (HTTP {}) to a sealed "
                                                                "message; something between us changes answers",
                                                                status))};
    const bool busy = !is_success(status) && soap::says_busy(*text);
    return {busy ? Fate::busy : Fate::answered, std::move(text)};
}

awaitable<Try> Line::attempt(const std::string& soap, Repeat repeat, const MayBegin& may_go) {
    const bool kept = alive();
    if (!kept && Clock::now() < may_go.until()) {
        const auto opened = co_await open();
        if (!opened) co_return Try{Fate::not_sent, tl::unexpected(opened.error())};
        if (given_up_) co_return Try{Fate::not_sent, fail(Code::refused, "given up on request")};
    }
    // Before it is sealed: a security context counts what it seals.
    if (!may_go()) co_return Try{Fate::not_sent, fail(Code::refused, "not sent: nothing more may begin")};
    steps_.sealed = handshake_ && route_.seal && !route_.tls;
    std::string body, type(soap_type);
    if (steps_.sealed) {
        const auto sealed = handshake_->seal(soap);
        if (!sealed) {
            close();
            co_return Try{Fate::not_sent, tl::unexpected(sealed.error())};
        }
        const std::string_view protocol = seal::protocol_of(route_.credential->scheme());
        body = seal::frame(protocol, soap.size(), sealed->header, sealed->data);
        type = seal::content_type(protocol);
    }
    const Post message{type, steps_.sealed ? std::string_view(body) : std::string_view(soap),
                       route_.credential->every_time()};
    Exchange exchange(route_.recording.get(), route_.endpoint);
    exchange.sent(message, soap);
    Try sent = co_await post(message);
    exchange.came(sent.reply, sent.answer);
    // A kept connection that was closed meanwhile is nobody's fault: a question goes out again at once, on a new one.
    if (sent.fate == Fate::silent && kept && repeat == Repeat::safe) {
        log::debug(fmt::format("{}: a kept connection was closed; asking again on a new one", url(route_.endpoint)));
        exchange.keep();
        co_return co_await attempt(soap, repeat, may_go);
    }
    if (sent.fate != Fate::answered) {
        exchange.keep();
        co_return sent;
    }
    const bool refused = sent.reply.status == 401;
    if (refused) end_turn(Credential::Trial::refused);
    Try answered = read_answer(std::move(sent.reply));
    exchange.means(answered.answer);
    exchange.keep();
    // The context is of no more use after a refusal, and out of step after an answer that was not the host's.
    if (answered.fate != Fate::answered && answered.fate != Fate::busy) close();
    co_return answered;
}

awaitable<void> Line::pause(std::chrono::milliseconds how_long) {
    asio::steady_timer timer(loop_.io(), how_long);
    error_code cancelled;
    co_await timer.async_wait(as_result(cancelled));
}

awaitable<Result<std::string>> Line::exchange(std::string soap, Repeat repeat, MayBegin may_go) {
    Patience patience;
    for (const auto started = Clock::now();;) {
        if (given_up_) co_return fail(Code::refused, "given up on request");
        Try tried = co_await attempt(soap, repeat, may_go);
        end_turn(tried.answer ? Credential::Trial::good : Credential::Trial::unproved);
        const Then then = what_then(tried.fate, route_.tls != nullptr, repeat);
        if (then == Then::doubt) co_return tl::unexpected(in_doubt(tried.answer.error()));
        if (given_up_) co_return fail(Code::refused, "given up on request");
        const bool hopeless =
            tried.fate == Fate::not_sent && (hopeless_ || tried.answer.error().code != Code::unreachable);
        if (then == Then::tell || hopeless || !route_.patient) co_return std::move(tried.answer);
        const auto elapsed = std::chrono::duration_cast<Patience::Pause>(Clock::now() - started);
        const auto pause = patience.next(draw(), elapsed);
        if (!pause) co_return std::move(tried.answer);
        log::debug(fmt::format("{}: {}; trying again in {} ms", url(route_.endpoint),
                               tried.answer ? "busy" : tried.answer.error().text, pause->count()));
        const auto left = std::chrono::ceil<Patience::Pause>(may_go.until() - Clock::now());
        co_await this->pause(std::min(*pause, left));
    }
}

}  // namespace fairway::wmi
