// See line.hpp.
#include "providers/wmi/line.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <random>
#include <utility>

#include "engine/base/file.hpp"
#include "engine/base/log.hpp"
#include "providers/wmi/base64.hpp"
#include "providers/wmi/patience.hpp"
#include "providers/wmi/seal.hpp"
#include "providers/wmi/soap.hpp"

namespace fairway::wmi {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";
constexpr int most_legs = 6;                    // Kerberos takes one, SPNEGO and NTLM two or three
constexpr std::chrono::seconds idle_limit{60};  // WinRM drops what is idle for two minutes (sheet 7.2)

bool went_away(const error_code& ec) {
    return ec == beast::http::error::end_of_stream || ec == asio::error::eof || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::connection_aborted ||
           ec == asio::ssl::error::stream_truncated;
}

Error cannot_connect(const Endpoint& endpoint, const error_code& ec) {
    if (ec == beast::error::timeout || ec == asio::error::timed_out)
        return {Code::unreachable, fmt::format("no answer from {}; is the host up, and does a firewall let {} through?",
                                               where(endpoint), endpoint.port)};
    if (ec == asio::error::connection_refused)
        return {Code::unreachable, fmt::format("{} refuses the connection; is the WinRM service running there (winrm "
                                               "quickconfig), and is the port right?",
                                               where(endpoint))};
    return {Code::unreachable, fmt::format("cannot connect to {}: {}", where(endpoint), ec.message())};
}

Error no_reply(const Endpoint& endpoint, const error_code& ec) {
    using http = beast::http::error;
    if (auto refused = refusal_of_ours(ec, endpoint.name)) return *refused;
    if (ec == beast::error::timeout)
        return {Code::unreachable, fmt::format("{} took the request and did not answer in time; whether anything was "
                                               "done is unknown",
                                               where(endpoint))};
    if (went_away(ec) || ec == http::partial_message)
        return {Code::unreachable, fmt::format("{} closed the connection in the middle of an answer", where(endpoint))};
    if (ec == http::body_limit || ec == http::header_limit)
        return {Code::protocol, fmt::format("the answer of {} is larger than this program takes", where(endpoint))};
    if (ec.category() == beast::http::make_error_code(http::bad_version).category())
        return {Code::protocol,
                fmt::format("what answers on {} does not speak HTTP ({})", where(endpoint), ec.message())};
    return {Code::unreachable, fmt::format("the connection to {} broke: {}", where(endpoint), ec.message())};
}

double draw() {
    thread_local std::mt19937 source{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(source);
}

struct Wiped {
    std::string text;
    ~Wiped() { wipe(text); }
};

}  // namespace

struct Line::Wire {
    explicit Wire(asio::io_context& io) : stream(io) {}

    beast::tcp_stream stream;
    std::unique_ptr<TlsStream> tls;
    beast::flat_buffer buffer;
    Clock::time_point used = Clock::now();

    // Otherwise a server that writes head and body apart waits 41 ms for our acknowledgement (sheet 7.8).
    void acknowledge_at_once() {
#ifdef TCP_QUICKACK
        const int on = 1;
        ::setsockopt(stream.socket().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
    }
};

// What became of one try.
struct Line::Try {
    enum class Fate {
        answered,
        not_sent,  // nothing was said
        silent,    // said, and the connection went away without a byte of an answer
        busy,      // the host did not take it on
        broken     // anything else: an answer may be lost
    };
    Fate fate = Fate::broken;
    Result<std::string> answer = std::string{};
    HttpReply reply = {};
};

Line::Line(Loop& loop, Route route) : loop_(loop), route_(std::move(route)) {}

Line::~Line() {
    const Error unknown{Code::unreachable, {}};
    end_turn(&unknown);  // others may wait for it
}

void Line::close() {
    handshake_.reset();
    wire_.reset();
}

void Line::give_up() {
    given_up_ = true;
    if (wire_) wire_->stream.cancel();
}

// Nothing is on its way between requests: what can be read now is an end, or an answer to nobody. (TLS may still send
// tickets of its own.) What has been idle for long is not trusted to be there.
bool Line::alive() {
    if (!wire_) return false;
    char byte = 0;
    const auto seen = ::recv(wire_->stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    const bool quiet = seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    const bool fresh = Clock::now() - wire_->used < idle_limit;
    if (fresh && wire_->buffer.size() == 0 && (quiet || (seen > 0 && wire_->tls))) return true;
    close();
    return false;
}

awaitable<Result<tcp::resolver::results_type>> Line::resolve() {
    const Endpoint& endpoint = route_.endpoint;
    struct Found {
        tcp::resolver::results_type places;
        error_code ec;
    };
    error_code is_name;
    const auto address = asio::ip::make_address(endpoint.address, is_name);
    if (!is_name) co_return tcp::resolver::results_type::create(tcp::endpoint(address, endpoint.port), {}, {});
    // A variable and not a temporary: g++ 12 destroys those of a co_await expression twice.
    auto look_up = [name = endpoint.address, port = std::to_string(endpoint.port)] {
        asio::io_context io;  // getaddrinfo has its own deadlines and cannot be cut short
        Found out;
        out.places = tcp::resolver(io).resolve(name, port, out.ec);
        return out;
    };
    const auto found = co_await loop_.away(route_.deadlines.connect, std::move(look_up));
    if (!found)
        co_return fail(Code::unreachable,
                       fmt::format("the name {} was not resolved in time; check DNS, or give the host "
                                   "an address in the inventory",
                                   endpoint.address));
    hopeless_ = found->ec == asio::error::host_not_found;
    if (found->ec)
        co_return fail(Code::unreachable, fmt::format("the name {} has no address: {}; check DNS, or give the host an "
                                                      "address in the inventory",
                                                      endpoint.address, found->ec.message()));
    co_return found->places;
}

awaitable<Result<void>> Line::connect(Wire& wire) {
    const Endpoint& endpoint = route_.endpoint;
    const auto places = co_await resolve();
    if (!places) co_return tl::unexpected(places.error());
    error_code ec;
    steps_.stage = Stage::connecting;
    wire.stream.expires_after(route_.deadlines.connect);
    const tcp::endpoint to = co_await wire.stream.async_connect(*places, as_result(ec));
    if (ec) co_return tl::unexpected(cannot_connect(endpoint, ec));
    wire.stream.socket().set_option(tcp::no_delay(true), ec);
    steps_.address = to.address().to_string();
    co_return Result<void>{};
}

awaitable<Result<void>> Line::start_tls(Wire& wire) {
    steps_.stage = Stage::securing;
    wire.tls = std::make_unique<TlsStream>(wire.stream, route_.tls->settings());
    if (const auto named = expect(*wire.tls, route_.fqdn); !named) co_return named;
    error_code ec;
    wire.stream.expires_after(route_.deadlines.connect);
    co_await wire.tls->async_handshake(asio::ssl::stream_base::client, as_result(ec));
    if (ec) co_return tl::unexpected(why_refused(*wire.tls, ec, route_.fqdn));
    steps_.tls = protocol_name(*wire.tls);
    co_return Result<void>{};
}

awaitable<Result<void>> Line::open() {
    close();
    steps_ = {};
    auto wire = std::make_unique<Wire>(loop_.io());
    const auto connected = co_await connect(*wire);
    if (!connected) co_return connected;
    if (route_.tls) {
        const auto secured = co_await start_tls(*wire);
        if (!secured) co_return secured;
    }
    wire_ = std::move(wire);
    steps_.mechanism = route_.credential->name();
    steps_.stage = Stage::signing_on;
    auto done = co_await take_turn();
    if (done && route_.credential->login()) {
        done = co_await sign_on();
        end_turn(done ? nullptr : &done.error());
    }
    if (!done) {
        close();
        co_return done;
    }
    steps_.stage = Stage::open;
    co_return Result<void>{};
}

// The first leg may ask a domain controller for a ticket, and GSSAPI cannot be hurried: not on this thread.
awaitable<Result<std::string>> Line::first_token() {
    const Credential& credential = *route_.credential;
    if (const auto away = credential.domain_away()) co_return tl::unexpected(*away);
    auto step = [ours = handshake_] { return ours->step({}); };
    auto stepped = co_await loop_.away(route_.deadlines.connect, std::move(step));
    if (!stepped)
        stepped = fail(Code::unreachable, "no domain controller gave a ticket in time; check the network to them");
    if (!*stepped && stepped->error().code == Code::unreachable) credential.domain_is_away(stepped->error());
    co_return std::move(*stepped);
}

// Tokens travel with empty bodies: a token beside a body brought OMI down, and nothing may be said before the host has
// proved itself (sheet 7.6, 8.8).
awaitable<Result<void>> Line::sign_on() {
    const Credential& credential = *route_.credential;
    const auto login = gss::for_one_connection(credential.login());
    if (!login) co_return tl::unexpected(login.error());
    handshake_ = std::make_shared<gss::Handshake>(*login, route_.service, route_.fqdn,
                                                  wire_->tls ? channel_binding(*wire_->tls) : std::string{});
    auto token = co_await first_token();
    for (int number = 0; number < most_legs; ++number) {
        if (!token) co_return tl::unexpected(token.error());
        const std::string authorization = fmt::format("{} {}", credential.scheme(), base64::encode(*token));
        const Post empty{soap_type, {}, authorization};
        auto sent = co_await post(empty);
        if (!sent.answer) co_return tl::unexpected(sent.answer.error());
        const auto answer = token_of(sent.reply, credential.scheme());
        if (!answer) co_return tl::unexpected(answer.error());
        token = std::string{};
        if (*answer && !handshake_->complete()) token = handshake_->step(**answer);
        if (!token) co_return tl::unexpected(token.error());
        if (sent.reply.status == 401 && token->empty())
            co_return tl::unexpected(credential.refused(
                offered(sent.reply), fmt::format("{}/{}", route_.service, route_.fqdn), route_.tls != nullptr));
        if (handshake_->complete() && sent.reply.status != 401) {
            if (!wire_)
                co_return fail(Code::protocol,
                               "the host closes the connection after the sign-on, so nothing can "
                               "be said on it");
            steps_.realm = handshake_->realm();
            steps_.domain = handshake_->domain();
            co_return Result<void>{};
        }
        if (!*answer)
            co_return fail(Code::denied,
                           fmt::format("the host took the sign-on without proving that it is itself (HTTP "
                                       "{})",
                                       sent.reply.status));
        if (!wire_) co_return fail(Code::protocol, "the host closes the connection in the middle of the sign-on");
    }
    co_return fail(Code::protocol, "the sign-on does not come to an end");
}

awaitable<Line::Try> Line::post(Post post) {
    Wire& wire = *wire_;
    const auto broken = [this](Try::Fate fate, Error error) {
        close();
        return Try{fate, tl::unexpected(std::move(error))};
    };
    const Wiped text{request_text(route_.endpoint, post)};
    error_code ec;
    ++requests_;
    wire.used = Clock::now();
    wire.stream.expires_after(route_.deadlines.answer);
    if (wire.tls) co_await asio::async_write(*wire.tls, asio::buffer(text.text), as_result(ec));
    else co_await asio::async_write(wire.stream, asio::buffer(text.text), as_result(ec));
    if (ec) co_return broken(went_away(ec) ? Try::Fate::silent : Try::Fate::broken, no_reply(route_.endpoint, ec));

    wire.acknowledge_at_once();
    ReplyParser parser;
    limit(parser);
    if (wire.tls) co_await beast::http::async_read(*wire.tls, wire.buffer, parser, as_result(ec));
    else co_await beast::http::async_read(wire.stream, wire.buffer, parser, as_result(ec));
    const bool nothing = went_away(ec) && !parser.got_some();
    if (ec) co_return broken(nothing ? Try::Fate::silent : Try::Fate::broken, no_reply(route_.endpoint, ec));
    wire.used = Clock::now();
    auto reply = taken(std::move(parser));
    if (!reply)
        co_return broken(Try::Fate::broken, {reply.error().code, where(route_.endpoint) + " " + reply.error().text});
    Try out{Try::Fate::answered, std::string{}, std::move(*reply)};
    if (!out.reply.keep) wire_.reset();  // the security context stays: this answer is not read yet
    co_return out;
}

// A sealed question has a sealed answer: what comes in the clear may be anybody's, and is at most a reason to stop.
Line::Try Line::read_answer(HttpReply reply) {
    const bool sealed = seal::is_sealed(reply.content_type);
    if (sealed && steps_.sealed && handshake_) {
        auto framed = seal::unframe(reply.body, reply.content_type);
        if (!framed) return {Try::Fate::broken, tl::unexpected(framed.error())};
        auto text = handshake_->unseal(framed->sealed);
        if (text && text->size() > framed->length)
            text = fail(Code::protocol, "a sealed answer of the host holds more than it says");
        if (!text) return {Try::Fate::broken, tl::unexpected(text.error())};
        reply.content_type = framed->content;
        reply.body = std::move(*text);
    }
    const unsigned status = reply.status;
    auto text = soap_text(std::move(reply));
    if (!text) return {status == 503 ? Try::Fate::busy : Try::Fate::broken, std::move(text)};
    if (steps_.sealed && !sealed)
        return {Try::Fate::broken,
                fail(Code::protocol, fmt::format("the host answered in the clear (HTTP {}) to a sealed "
                                                 "message; something between us changes answers",
                                                 status))};
    const bool busy = status >= 400 && soap::says_busy(*text);
    return {busy ? Try::Fate::busy : Try::Fate::answered, std::move(text)};
}

awaitable<Line::Try> Line::attempt(const std::string& soap, Repeat repeat) {
    const bool kept = alive();
    if (!kept) {
        const auto opened = co_await open();
        if (!opened) co_return Try{Try::Fate::not_sent, tl::unexpected(opened.error())};
    }
    steps_.sealed = handshake_ && route_.seal && !route_.tls;
    std::string body, type(soap_type);
    if (steps_.sealed) {
        const auto sealed = handshake_->seal(soap);
        if (!sealed) {
            close();
            co_return Try{Try::Fate::not_sent, tl::unexpected(sealed.error())};
        }
        const std::string_view protocol = seal::protocol_of(route_.credential->scheme());
        body = seal::frame(protocol, soap.size(), sealed->header, sealed->data);
        type = seal::content_type(protocol);
    }
    const Post message{type, steps_.sealed ? std::string_view(body) : std::string_view(soap),
                       route_.credential->every_time()};
    Try sent = co_await post(message);
    // A kept connection that was closed meanwhile is nobody's fault: a question goes out again at once, on a new one.
    if (sent.fate == Try::Fate::silent && kept && repeat == Repeat::safe) {
        log::debug(fmt::format("{}: a kept connection was closed; asking again on a new one", url(route_.endpoint)));
        co_return co_await attempt(soap, repeat);
    }
    if (sent.fate != Try::Fate::answered) co_return sent;
    const bool refused = sent.reply.status == 401;
    Try answered = read_answer(std::move(sent.reply));
    // The context is of no more use after a refusal, and out of step after an answer that was not to be read.
    if (answered.fate == Try::Fate::broken || refused) close();
    co_return answered;
}

awaitable<void> Line::pause(std::chrono::milliseconds how_long) {
    asio::steady_timer timer(loop_.io(), how_long);
    error_code cancelled;
    co_await timer.async_wait(as_result(cancelled));
}

// See Credential::Trial. What has no password to show goes straight on.
awaitable<Result<void>> Line::take_turn() {
    using Trial = Credential::Trial;
    Trial& trial = route_.credential->trial();
    while (trial == Trial::under_way) co_await pause(std::chrono::milliseconds(20));
    if (trial == Trial::refused)
        co_return fail(Code::denied,
                       "not tried: another host refused the same user and password, and each try counts "
                       "towards a lockout");
    on_trial_ = trial == Trial::unproved;
    if (on_trial_) trial = Trial::under_way;
    co_return Result<void>{};
}

void Line::end_turn(const Error* error) {
    using Trial = Credential::Trial;
    if (!std::exchange(on_trial_, false)) return;
    const bool refused = error != nullptr && error->code == Code::denied;
    route_.credential->trial() = error == nullptr ? Trial::good : refused ? Trial::refused : Trial::unproved;
}

awaitable<Result<std::string>> Line::exchange(std::string soap, Repeat repeat) {
    Patience patience;
    for (const auto started = Clock::now();;) {
        if (given_up_) co_return fail(Code::refused, "given up on request");
        Try tried = co_await attempt(soap, repeat);
        end_turn(tried.answer ? nullptr : &tried.answer.error());
        using Fate = Try::Fate;
        const bool absent =
            tried.fate == Fate::not_sent && tried.answer.error().code == Code::unreachable && !hopeless_;
        const bool lost = (tried.fate == Fate::silent || tried.fate == Fate::broken) && repeat == Repeat::safe &&
                          !tried.answer && tried.answer.error().code == Code::unreachable;
        if (given_up_) co_return fail(Code::refused, "given up on request");
        if (!route_.patient || (tried.fate != Fate::busy && !absent && !lost)) co_return std::move(tried.answer);
        const auto elapsed = std::chrono::duration_cast<Patience::Pause>(Clock::now() - started);
        const auto pause = patience.next(draw(), elapsed);
        if (!pause) co_return std::move(tried.answer);
        log::debug(fmt::format("{}: {}; trying again in {} ms", url(route_.endpoint),
                               tried.answer ? "busy" : tried.answer.error().text, pause->count()));
        co_await this->pause(*pause);
    }
}

}  // namespace fairway::wmi
