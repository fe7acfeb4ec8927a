// The ports of a host: WS-Management, plain and under TLS, always open, and the migration port, open only while
// the host listens for moves. A closed port is a closed socket, so that refusals come from the kernel.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "connection.hpp"

namespace lab {

class Listener {
public:
    // Throws boost::system::system_error when a WS-Management port cannot be opened.
    Listener(Server& server, Certificates& certificates, boost::asio::ip::tcp::endpoint wsman, unsigned short tls_port);

    // Serves for ever.
    void run();
    // Opens or closes the migration port as the host's state says; may be called from any thread.
    void follow_state();

private:
    void accept(Port port, boost::asio::ip::tcp::acceptor& at);
    void set_migration_door(bool open);

    Server& server_;
    Certificates& certificates_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor wsman_;
    boost::asio::ip::tcp::acceptor wsman_tls_;
    std::optional<boost::asio::ip::tcp::acceptor> migration_;
};

}  // namespace lab
