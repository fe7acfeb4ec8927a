// One connection's HTTP requests and their answers: logins, sealing, and which path means what.
// Knows no sockets; connection.cpp reads and writes.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "enumeration.hpp"
#include "host.hpp"
#include "login.hpp"
#include "seal.hpp"
#include "subscriptions.hpp"
#include "wsman.hpp"

namespace lab {

struct Server {
    Host& host;
    Enumerations& enumerations;
    Subscriptions& subscriptions;
    const Accounts& accounts;
};

enum class Port { wsman, wsman_tls, migration };

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

class Session {
public:
    Session(Server& server, Port port, Channel channel)
        : server_(server), port_(port), login_(server.accounts, std::move(channel)) {}

    [[nodiscard]] HttpResponse answer(const HttpRequest& request, bool from_loopback);
    // How the last answer is to be written.
    [[nodiscard]] const Mischief& mischief() const { return mischief_; }

private:
    HttpResponse answer_at(const HttpRequest& request, bool from_loopback);
    HttpResponse answer_wsman(const HttpRequest& request);
    HttpResponse answer_request(const HttpRequest& request);
    HttpResponse answer_sealed(const HttpRequest& request, const HttpBody& sealed);
    HttpResponse answer_migrate(const HttpRequest& request, const std::string& path);
    HttpResponse refuse_plain(const HttpRequest& request);
    HttpResponse refuse(const HttpRequest& request, const Login::Result& login);
    [[nodiscard]] Login::Result log_in(const HttpRequest& request);
    [[nodiscard]] Reply ask(const std::string& envelope, bool sealed);

    Server& server_;
    Port port_;
    Login login_;
    Mischief mischief_;
    std::string last_sealed_;
};

}  // namespace lab
