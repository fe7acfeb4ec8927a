// One TCP connection, plain or under TLS: reads HTTP requests one after the other and writes their answers.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "session.hpp"
#include "tls.hpp"

namespace lab {

// Returns when the client has left or has been idle for two minutes, as WinRM has it.
void serve(Server& server, Certificates& certificates, Port port, boost::asio::ip::tcp::socket socket);

}  // namespace lab
