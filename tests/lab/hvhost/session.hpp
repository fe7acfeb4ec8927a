// One TCP connection: reads HTTP requests one after the other and answers them, until it ends.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "enumeration.hpp"
#include "host.hpp"
#include "login.hpp"

namespace lab {

struct Server {
    Host& host;
    Enumerations& enumerations;
    const Accounts& accounts;
};

enum class Door { wsman, migration };

// Returns when the client has left or has been idle for two minutes, as WinRM has it.
void serve(Server& server, Door door, boost::asio::ip::tcp::socket socket);

}  // namespace lab
