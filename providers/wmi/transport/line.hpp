// One connection to one host, on a loop: opened when first needed, over TLS or not, signed on once with empty bodies,
// then one message at a time in each direction, sealed unless TLS does it (MS-WSMV 2.2.9.1). A new connection is a new
// security context. It knows HTTP and security, and of SOAP only how a fault says "busy".
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/recording.hpp"
#include "engine/model/sight.hpp"
#include "providers/wmi/transport/auth.hpp"
#include "providers/wmi/transport/http.hpp"
#include "providers/wmi/transport/loop.hpp"
#include "providers/wmi/transport/tls.hpp"
#include "providers/wmi/wsman/channel.hpp"

namespace fairway::wmi {

struct Deadlines {
    std::chrono::milliseconds connect{10'000};  // each of: name, connection, TLS, one leg of the sign-on
    // Longer than the operation's own time, or the host's fault about it would never be seen (WMI-2).
    std::chrono::milliseconds answer{75'000};
};

struct Route {
    Endpoint endpoint;
    std::string fqdn;       // whom the ticket is for
    std::string service{};  // HTTP or WSMAN
    bool seal = true;       // without TLS
    std::shared_ptr<const Credential> credential = {};
    std::shared_ptr<Tls> tls = {};  // null: HTTP
    Deadlines deadlines = {};
    bool patient = true;  // give a busy or absent host other chances
    SharedRecording recording = {};
};

// How far a line came, for those who want to tell a person.
enum class Stage { resolving, connecting, securing, signing_on, open };
struct Steps {
    Stage stage = Stage::resolving;
    std::string address;    // connected to, 10.0.0.1
    std::string tls;        // TLSv1.3; empty: none
    std::string mechanism;  // Kerberos, Negotiate, NTLM, Basic, certificate
    std::string realm;      // that vouched for the host; empty unless Kerberos did
    std::string domain;     // that it is in, as far as the sign-on shows
    bool sealed = false;
    unsigned status = 0;                  // of the last HTTP answer
    std::optional<std::int64_t> date{};   // its header Date, seconds since 1970, which nobody proves
    std::optional<ClockSeen> clock = {};  // by the last header Date
};

struct Wire;
struct Try;

class Line {
public:
    Line(Loop& loop, Route route);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    // Opens the connection if there is none. Error: nothing that a WS-Man server would say. `may_go`: see Request.
    awaitable<Result<std::string>> exchange(std::string soap, Repeat repeat, MayBegin may_go = {});
    awaitable<Result<void>> open();
    // One request without a body by somebody who does not sign on, to see what comes (steps().status and date), on a
    // new connection that ends with it.
    awaitable<Result<void>> knock(std::string authorization);
    awaitable<void> pause(std::chrono::milliseconds how_long);  // says nothing meanwhile
    void close();
    // Whatever is under way on it ends with an Error, and nothing is tried again.
    void give_up();

    const Route& route() const { return route_; }
    const Steps& steps() const { return steps_; }
    // Where its answers count from now on; null: nowhere.
    void set_room(Room* room) { room_ = room; }
    std::uint64_t requests() const { return requests_; }  // HTTP requests that were written, sign-on included

private:
    static constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";

    awaitable<Try> attempt(const std::string& soap, Repeat repeat, const MayBegin& may_go);
    awaitable<Result<void>> take_turn();
    void end_turn(Credential::Trial outcome);  // the first one of a turn counts
    awaitable<Result<void>> reach();
    awaitable<Result<asio::ip::tcp::resolver::results_type>> resolve();
    awaitable<Result<void>> connect(Wire& wire);
    awaitable<Result<void>> start_tls(Wire& wire);
    awaitable<Result<void>> sign_on();
    awaitable<Result<std::string>> first_token();
    awaitable<Try> post(Post post);
    Try read_answer(HttpReply reply);
    Try open_seal(const HttpReply& reply);
    bool alive();

    Loop& loop_;
    Route route_;
    Steps steps_;
    std::uint64_t requests_ = 0;
    bool given_up_ = false;
    bool on_trial_ = false;  // the others wait for what the host says to our password
    bool hopeless_ = false;  // the name does not exist: asking again is no use
    Room* room_ = nullptr;
    std::unique_ptr<Wire> wire_;
    std::shared_ptr<gss::Handshake> handshake_;  // of this very connection
};

}  // namespace fairway::wmi
