// What each request gets: 401 and its tokens, the plain or the sealed way into WS-Management, the lab's own paths.
#include "session.hpp"

#include <boost/beast/http.hpp>
#include <iostream>

#include "controls.hpp"
#include "http_sys.hpp"
#include "mischief.hpp"
#include "otherwise.hpp"
#include "sights.hpp"
#include "soap.hpp"

namespace lab {
namespace {

namespace http = boost::beast::http;

const std::string kSoap = "application/soap+xml;charset=UTF-8";

HttpResponse response_of(const HttpRequest& request, unsigned status, std::string body, const std::string& type) {
    HttpResponse response(static_cast<http::status>(status), request.version());
    response.set(http::field::server, "Microsoft-HTTPAPI/2.0");
    if (!body.empty()) response.set(http::field::content_type, type);
    response.body() = std::move(body);
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    return response;
}

HttpResponse unauthorized(const HttpRequest& request, const std::string& token) {
    auto response = response_of(request, 401, {}, {});
    if (!token.empty()) {
        response.set(http::field::www_authenticate, token);
        return response;
    }
    response.insert(http::field::www_authenticate, "Negotiate, Kerberos, Basic realm=\"WSMAN\"");
    return response;
}

HttpResponse with_token(HttpResponse response, const Login::Result& login) {
    if (!login.token.empty()) response.set(http::field::www_authenticate, login.token);
    return response;
}

std::string_view text(boost::beast::string_view from) { return {from.data(), from.size()}; }

}  // namespace

HttpResponse Session::answer(const HttpRequest& request, bool from_loopback) {
    auto response = answer_at(request, from_loopback);
    server_.host.with([&](Host::State& state) {
        if (!state.otherwise.contains("no-date")) response.set(http::field::date, http_date(state.clock_ahead));
    });
    return response;
}

HttpResponse Session::answer_at(const HttpRequest& request, bool from_loopback) {
    server_.host.count("http");
    mischief_ = {};
    const auto path = std::string(request.target().substr(0, request.target().find('?')));
    const bool for_tests = port_ == Port::wsman && path.starts_with("/lab/");
    if (!for_tests && server_.host.with([](Host::State& state) { return state.gone; })) {
        mischief_.how = kCutBeforeRequest;
        return driver_page(request, 503);
    }
    if (port_ != Port::migration && path == "/wsman") {
        if (auto refused = refused_by_driver(server_.host, request)) return *refused;
        return answer_wsman(request);
    }
    if (port_ == Port::migration && path.starts_with("/lab/migrate/")) return answer_migrate(request, path);
    if (port_ == Port::wsman && path.starts_with("/lab/") && from_loopback) {
        auto reply = control(server_.host, path, request.body());
        return response_of(request, reply.http_status, std::move(reply.body), "application/json");
    }
    return driver_page(request, 404);
}

Login::Result Session::log_in(const HttpRequest& request) {
    const bool refuses =
        server_.host.with([](Host::State& state) { return state.refuses_tickets && is_skewed(state.clock_ahead); });
    const auto authorization = text(request[http::field::authorization]);
    if (refuses && (authorization.starts_with("Negotiate ") || authorization.starts_with("Kerberos "))) {
        return {Login::Answer::unauthorized, {}};
    }
    const auto rules = server_.host.with([](Host::State& state) {
        return LoginRules{.binding_required = state.binding_required, .ntlm_allowed = state.ntlm_allowed};
    });
    return login_.check(authorization, rules);
}

Reply Session::ask(const std::string& envelope, bool sealed) {
    mischief_ = server_.host.take_mischief(envelope);
    if (auto refused = refused_at_once(mischief_, server_.host, envelope)) return *refused;
    const auto words = server_.host.with([](Host::State& state) { return state.otherwise; });
    if (auto refused = refused_otherwise(words, server_.host, envelope)) return *refused;
    auto reply = lab::answer({server_.host, server_.enumerations, server_.subscriptions}, login_.caller(),
                             as_heard(words, envelope), {sealed, port_ == Port::wsman_tls, login_.mechanism()});
    say_otherwise(words, server_.host, envelope, reply);
    spoil(mischief_, server_.host, envelope, reply);
    return reply;
}

HttpResponse Session::answer_wsman(const HttpRequest& request) {
    auto response = answer_request(request);
    if (mischief_.how == "html") return response_of(request, 200, "<html><body>Sign in</body></html>", "text/html");
    if (mischief_.how == "empty-400") return response_of(request, 400, {}, {});
    if (mischief_.how == "503") return driver_page(request, 503);
    return response;
}

HttpResponse Session::answer_request(const HttpRequest& request) {
    if (request.method() != http::verb::post) return response_of(request, 405, {}, {});
    const bool anonymous = request["WSMANIDENTIFY"] == "unauthenticated" && is_identify(request.body());
    Login::Result login{Login::Answer::known, {}};
    if (!anonymous) login = log_in(request);
    if (login.answer != Login::Answer::known) return refuse(request, login);
    if (!anonymous && request.body().empty()) return with_token(response_of(request, 200, {}, {}), login);

    const auto type = std::string(request[http::field::content_type]);
    if (is_sealed(type)) return answer_sealed(request, {type, request.body()});
    if (!type.starts_with("application/soap+xml") && !type.starts_with("text/xml")) {
        return response_of(request, 415, {}, {});
    }
    const bool needs_seal = port_ == Port::wsman && !anonymous;
    if (needs_seal && server_.host.with([](Host::State& state) { return state.sealing_required; })) {
        return refuse_plain(request);
    }
    auto reply = ask(request.body(), false);
    return with_token(response_of(request, reply.http_status, std::move(reply.body), kSoap), login);
}

// AllowUnencrypted=false. Other clients' users report 500 after a good ticket, and 401 to Basic; that the body is
// empty is assumed (ASSUMED.md).
HttpResponse Session::refuse_plain(const HttpRequest& request) {
    server_.host.count("plain refused");
    if (login_.mechanism() == "basic") return unauthorized(request, {});
    return response_of(request, 500, {}, {});
}

// A message that cannot be unsealed gets a bare 400, as one sealed for another connection does on Windows.
HttpResponse Session::answer_sealed(const HttpRequest& request, const HttpBody& sealed) {
    const auto plain = unseal(login_.context(), login_.scheme(), sealed);
    if (!plain) {
        std::cerr << "cannot unseal: " << plain.error() << std::endl;
        server_.host.count("not unsealed");
        return response_of(request, 400, {}, {});
    }
    server_.host.count("sealed");
    auto reply = ask(*plain, true);
    auto body = seal(login_.context(), login_.scheme(), std::move(reply.body));
    if (!body) throw std::runtime_error("cannot seal: " + body.error());
    auto proper = body->text;
    seal_otherwise(server_.host.with([](Host::State& state) { return state.otherwise; }), *body);
    spoil(mischief_, last_sealed_, *body);
    last_sealed_ = std::move(proper);
    return response_of(request, reply.http_status, std::move(body->text), body->content_type);
}

HttpResponse Session::answer_migrate(const HttpRequest& request, const std::string& path) {
    const auto login = log_in(request);
    if (login.answer != Login::Answer::known) return refuse(request, login);
    auto reply = migrate(server_.host, login_.caller(), path, request.body());
    return with_token(response_of(request, reply.http_status, std::move(reply.body), "application/json"), login);
}

HttpResponse Session::refuse(const HttpRequest& request, const Login::Result& login) {
    server_.host.count("unauthorized");
    return unauthorized(request, login.token);
}

}  // namespace lab
